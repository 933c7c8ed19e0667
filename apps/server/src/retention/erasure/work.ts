import type { Horizon } from '../../changes/index.ts';
import type { Db, Tx } from '../../platform/db/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Found } from '../../platform/worker/index.ts';
import { type Erased, sumOf } from './erased.ts';
import { textsInOrder } from './event-store.ts';
import { guestOf, type IsGuest, noteTheirs, tellsOf, withoutGuest } from './guest.ts';
import { eraseFromOrder } from './order.ts';
import { forgetGuest, keptAnswers, ordersOfGuest, writeAnswer } from './order-store.ts';
import {
  advanceErasure,
  type ErasureRecord,
  nextOrder,
  noteOrders,
  openErasures,
  orderDone,
  orderLater,
  postponeErasure,
  takeErasure,
} from './store.ts';

/** Erasures that one run looks after, and events that one transaction looks through. */
const atOnce = 10;
const lookedThrough = 200;
const answersAtOnce = 200;
/** An e-mail that is just leaving is waited for so long, ms, before it is looked for again. */
const laterMs = 5_000;
/** An erasure that failed is tried again after so long, ms. */
const failedMs = 60_000;

/**
 * One run of the work that erases guests: a portion of each erasure. First all events of the supplier's bookings and orders are looked
 * through for the address, by its hash, up to those that were there when it began; then each order that was found is gone through in a
 * transaction of its own, then the answers that are kept are, and how far it is written with it: a crash repeats nothing. Of several
 * processes one has an erasure at a time. One that fails holds up no other.
 */
export function erasureWork(deps: {
  readonly db: Db;
  readonly horizon: () => Promise<Horizon>;
  readonly lastEvent: (supplierId: string, until: number) => Promise<number>;
  readonly now: () => number;
  readonly log: Pick<Log, 'error'>;
}): () => Promise<Found> {
  const { db, horizon, lastEvent, now, log } = deps;

  /** Notes the orders of a portion of the events that tell of the guest. */
  async function find(tx: Tx, erasure: ErasureRecord, until: number, isGuest: IsGuest): Promise<ErasureRecord> {
    const { supplierId, seen } = erasure;
    const events = await textsInOrder(tx, { supplierId, after: seen, until, limit: lookedThrough });
    const found = events.flatMap(({ type, subjectId, before, after }) => {
      if (type !== 'booking_update' && type !== 'order_update') return [];
      const documents = [before, after].flatMap((text) => (text === null ? [] : [JSON.parse(text) as object]));
      if (!documents.some((document) => tellsOf(document, isGuest))) return [];
      return [type === 'order_update' ? subjectId : (documents[0] as { readonly orderId: string }).orderId];
    });
    if (seen === 0) found.push(...(await ordersOfGuest(tx, supplierId, erasure.addressHash)));
    if (found.length > 0) await noteOrders(tx, erasure.id, found);
    const state = events.length < lookedThrough ? 'erasing' : 'finding';
    return { ...erasure, until, seen: events.at(-1)?.sequence ?? until, state };
  }

  /** Erases the guest from the next order, or ends. Undefined: there is nothing to do for now. */
  async function erase(tx: Tx, erasure: ErasureRecord, isGuest: IsGuest): Promise<ErasureRecord | undefined> {
    const { id, supplierId } = erasure;
    const next = await nextOrder(tx, id);
    if (next === undefined) {
      const answersSeen = await eraseAnswers(tx, { supplierId, after: erasure.answersSeen, isGuest });
      if (answersSeen !== undefined) return { ...erasure, answersSeen };
      forgetGuest(tx, supplierId, erasure.addressHash);
      return { ...erasure, state: 'done', endedAt: now() };
    }
    const { orderId, nextAt } = next;
    if (nextAt > now()) return undefined;
    const erased: Partial<Erased> | 'later' = await eraseFromOrder(tx, { supplierId, orderId, isGuest, now: now() });
    if (erased === 'later') {
      orderLater(tx, id, orderId, now() + laterMs);
      return erasure;
    }
    orderDone(tx, id, orderId);
    tx.afterCommit(() => db.notify('deliveries'));
    return { ...erasure, erased: sumOf(erasure.erased, erased) };
  }

  /** Whether there is more to do at once. */
  async function portionOf({ id, supplierId, until: known }: ErasureRecord): Promise<boolean> {
    let until = known;
    if (until === null) {
      const { settled, behind } = await horizon();
      // What is under way is looked through as well.
      if (behind) return false;
      until = await lastEvent(supplierId, settled);
    }
    const upTo = until;
    return db.transaction(async (tx) => {
      const erasure = await takeErasure(tx, id);
      if (erasure === undefined || erasure.state === 'done') return false;
      const isGuest = guestOf(erasure.addressHash);
      const next =
        erasure.state === 'finding'
          ? await find(tx, erasure, erasure.until ?? upTo, isGuest)
          : await erase(tx, erasure, isGuest);
      if (next === undefined) return false;
      advanceErasure(tx, next);
      return next.state !== 'done';
    });
  }

  async function tried(erasure: ErasureRecord): Promise<boolean> {
    try {
      return await portionOf(erasure);
    } catch (err) {
      const { id, supplierId } = erasure;
      log.error({ code: 'erasure.failed', erasureId: id, supplierId, err }, 'an erasure failed, and is tried again');
      await postponeErasure(db, id, now() + failedMs);
      return false;
    }
  }

  return async () => {
    let more = false;
    for (const erasure of await openErasures(db, atOnce, now())) if (await tried(erasure)) more = true;
    return more ? 'more' : 'idle';
  };
}

/** Erases the guest from a portion of the answers that are kept for calls that may come twice; gives the last key; undefined: all are done. */
async function eraseAnswers(
  tx: Tx,
  of: { readonly supplierId: string; readonly after: string; readonly isGuest: IsGuest },
): Promise<string | undefined> {
  const { supplierId, after, isGuest } = of;
  const kept = await keptAnswers(tx, supplierId, after, answersAtOnce);
  for (const { key, answer } of kept) {
    const said = JSON.parse(answer) as unknown;
    if (typeof said !== 'object' || said === null || !tellsOf(said, isGuest)) continue;
    const theirs = new Set<string>();
    noteTheirs(said, isGuest, theirs);
    writeAnswer(tx, supplierId, { key, answer: JSON.stringify(withoutGuest(said, { isGuest, theirs })) });
  }
  return kept.length < answersAtOnce ? undefined : kept.at(-1)?.key;
}
