import { portions, rows, type Tx } from '../../platform/db/index.ts';
import type { NewDelivery } from '../deliveries/store.ts';
import type { FormedView } from '../views/event-views.ts';

/** A view that is one delivery's alone. */
export type OwnView = Pick<FormedView, 'id' | 'language' | 'body' | 'form' | 'headers'> & {
  /** Null: of a test. */
  readonly eventId: string | null;
};

/** Stores views that templates made, or failed to make. */
export function insertOwnViews(tx: Tx, views: readonly OwnView[]): void {
  for (const portion of portions(views)) {
    tx.send(
      `insert into views (id, event_id, owed, language, body, form, headers)
         values ${rows(['text', 'text', 'integer', 'text', 'text', 'text', 'text'], portion.length)}`,
      portion.flatMap((view) => [view.id, view.eventId, 1, view.language, view.body, view.form, view.headers]),
    );
  }
}

/** A delivery whose template failed: it ends as it becomes owed, with the reason. */
export type FailedDelivery = Omit<NewDelivery, 'state' | 'reason' | 'leaseToken'> & { readonly reason: string };

const failedTypes = [
  'text',
  'text',
  'text',
  'text',
  'text',
  'text',
  'text',
  'bigint',
  'text',
  'integer',
  'bigint',
] as const;

/** Stores deliveries that gave up before anything could be sent: they hold up no lane. */
export function insertFailed(tx: Tx, deliveries: readonly FailedDelivery[]): void {
  for (const portion of portions(deliveries)) {
    tx.send(
      `insert into deliveries
         (id, supplier_id, webhook_id, webhook_version_id, event_id, view_id, lane, position, reason, in_lane, created_at,
          due_at, ended_at, state, is_head, step, lease_until)
       select column1, column2, column3, column4, column5, column6, column7, column8, column9, column10, column11,
              column11, column11, 'gave_up', 0, 0, 0
         from (values ${rows(failedTypes, portion.length)}) as failed`,
      portion.flatMap((one) => [
        one.id,
        one.supplierId,
        one.webhookId,
        one.webhookVersionId,
        one.eventId,
        one.viewId,
        one.lane,
        one.position,
        one.reason,
        Number(one.inLane),
        one.createdAt,
      ]),
    );
  }
}
