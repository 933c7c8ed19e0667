import type { Db } from '../../platform/db/index.ts';
import { type AttemptRecord, insertAttempts } from '../sending/store.ts';
import { insertOwnViews, type OwnView } from '../transformations/view-store.ts';

/** A test about to be sent. `createdAt` is ms UTC. */
export interface NewTest {
  readonly id: string;
  readonly supplierId: string;
  readonly webhookId: string;
  readonly webhookVersionId: string;
  readonly view: Omit<OwnView, 'eventId'>;
  /** Of its subject, for whoever reads the list: it has no place in it. */
  readonly lane: string;
  readonly reason: string;
  readonly createdAt: number;
}

/** Stores a test before it is sent, as one that has ended for `reason`: it is never claimed, nor waited for. */
export function insertTest(db: Db, test: NewTest): Promise<void> {
  return db.transaction(async (tx) => {
    insertOwnViews(tx, [{ ...test.view, eventId: null }]);
    tx.send(
      `insert into deliveries
         (id, supplier_id, webhook_id, webhook_version_id, event_id, view_id, lane, position, state, reason, is_head, step,
          due_at, lease_until, created_at, ended_at, test)
       values ($1, $2, $3, $4, null, $5, $6, 0, 'gave_up', $7, 0, 0, $8, 0, $8, $8, 1)`,
      [
        test.id,
        test.supplierId,
        test.webhookId,
        test.webhookVersionId,
        test.view.id,
        test.lane,
        test.reason,
        test.createdAt,
      ],
    );
  });
}

/** Stores what came of a test. */
export function settleTest(
  db: Db,
  ended: { readonly attempt: AttemptRecord; readonly state: 'delivered' | 'gave_up'; readonly now: number },
): Promise<void> {
  const { attempt, state, now } = ended;
  return db.transaction(async (tx) => {
    insertAttempts(tx, [attempt]);
    tx.send('update deliveries set state = $2, reason = $3, step = 1, ended_at = $4 where id = $1', [
      attempt.deliveryId,
      state,
      attempt.detail,
      now,
    ]);
  });
}
