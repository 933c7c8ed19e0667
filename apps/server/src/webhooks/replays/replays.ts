import type { Db } from '../../platform/db/index.ts';
import { webhookById } from '../subscriptions/store.ts';
import { type ByHand, cancelByHand, retryByHand } from './by-hand.ts';
import { endedStates, type Replay, type ReplayRequest, usualPerSecond } from './replay.ts';
import { countWanted, insertReplay, listReplays, type ReplayPage, replayById, stopReplay } from './store.ts';

/** What became of asking for a replay. */
export type Begun =
  | { readonly kind: 'begun'; readonly replay: Replay }
  /** The supplier has no such webhook. */
  | { readonly kind: 'missing' }
  /** Another one of the webhook is under way. */
  | { readonly kind: 'busy' };

/** Sends again what was sent, or was not: of a whole webhook, and one by one. Ids that the supplier does not have give undefined or `missing`. */
export interface Replays {
  /** How many deliveries a replay would be made for; undefined: there is no such webhook. */
  count(supplierId: string, webhookId: string, request: ReplayRequest): Promise<number | undefined>;
  begin(supplierId: string, webhookId: string, request: ReplayRequest): Promise<Begun>;
  list(page: ReplayPage): Promise<Replay[]>;
  one(supplierId: string, id: string): Promise<Replay | undefined>;
  /**
   * Opens nothing more, and puts back what was opened: at once what nobody has in hand, the rest as soon as an attempt fails. A replay that
   * has ended stays as it is.
   */
  cancel(supplierId: string, id: string): Promise<Replay | undefined>;
  /** Has one delivery sent again. */
  retry(supplierId: string, deliveryId: string): Promise<ByHand>;
  /** Cancels one delivery that waits. */
  cancelDelivery(supplierId: string, deliveryId: string, reason: string | null): Promise<ByHand>;
}

const byOperator = 'cancelled by the operator';

/** See `Replays`. `now` gives ms UTC. */
export function createReplays(deps: {
  readonly db: Db;
  readonly now: () => number;
  readonly newId: () => string;
}): Replays {
  const { db, now, newId } = deps;

  const rangeOf = (webhookId: string, request: ReplayRequest) => ({
    webhookId,
    from: request.from,
    // What becomes owed from now on is not sent twice.
    to: Math.min(request.to ?? Number.MAX_SAFE_INTEGER, now() + 1),
    states: request.states ?? endedStates,
    events: request.events ?? null,
  });

  const isThere = async (supplierId: string, id: string): Promise<boolean> =>
    (await webhookById(db.reader, { supplierId, id })) !== undefined;

  return {
    async count(supplierId, webhookId, request) {
      if (!(await isThere(supplierId, webhookId))) return undefined;
      return countWanted(db.reader, rangeOf(webhookId, request));
    },

    async begin(supplierId, webhookId, request) {
      if (!(await isThere(supplierId, webhookId))) return { kind: 'missing' };
      const range = rangeOf(webhookId, request);
      const found = await countWanted(db.reader, range);
      const { perSecond = usualPerSecond } = request;
      const id = newId();
      const begun = await db.transaction(async (tx) => {
        tx.afterCommit(() => db.notify('replays'));
        return insertReplay(tx, { id, supplierId, ...range, perSecond, found, createdAt: now() });
      });
      const replay = begun ? await replayById(db, { supplierId, id }) : undefined;
      return replay === undefined ? { kind: 'busy' } : { kind: 'begun', replay };
    },

    list: (page) => listReplays(db.reader, page),
    one: (supplierId, id) => replayById(db.reader, { supplierId, id }),

    async cancel(supplierId, id) {
      if (await stopReplay(db, { supplierId, id, reason: byOperator })) db.notify('replays');
      return replayById(db, { supplierId, id });
    },

    retry: (supplierId, id) => retryByHand(deps, { supplierId, id }),
    cancelDelivery: (supplierId, id, reason) => cancelByHand(deps, { supplierId, id }, reason),
  };
}
