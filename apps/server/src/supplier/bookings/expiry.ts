import { holdElapsed } from '@carillon/contract';
import type { Deps } from '../deps.ts';
import { done } from '../refusal.ts';
import { transact } from '../transaction.ts';
import { carryOut, holdOrder } from './change.ts';
import { plainly } from './commands.ts';
import { expire } from './ending.ts';
import { type Due, due, nextExpiry } from './expiry-store.ts';
import { elapsedAlone } from './order-expiry.ts';
import { lockFreeOrder } from './order-store.ts';

/** What a round of expiry did: how many holds ended, and orders that never had one; and when the next one's time will be past (ms UTC; null: there is none). */
export interface Expiry {
  readonly expired: number;
  readonly nextAt: number | null;
}

/** How many orders are worked on at once; on SQLite they share a commit. */
const ordersAtOnce = 20;

/**
 * Ends those holds of one order whose time is past, as one change, or the order itself where it has no booking; nothing when
 * another node has the order.
 */
async function expireOrder(deps: Deps, orderId: string): Promise<number> {
  const result = await transact(deps.db, async (tx) => {
    const order = await lockFreeOrder(tx, orderId);
    if (order === undefined) return done(0);
    const held = await holdOrder(tx, deps, order.supplierId, order.id);
    const now = deps.now();
    const elapsed = (held.document?.bookings ?? []).filter((booking) => holdElapsed(booking, now));
    const subjects = elapsed.map(({ uuid }) => ({
      supplierId: order.supplierId,
      type: 'booking_update' as const,
      id: uuid,
    }));
    const bookings = await deps.changes.hold(tx, subjects);
    const after = await carryOut(tx, deps, order, { order: held, bookings }, plainly(expire), {
      own: (own, document) => elapsedAlone(own, document, now),
    });
    if (!after.ok) return after;
    return done(after.value.order === held.document ? 0 : Math.max(1, elapsed.length));
  });
  if (!result.ok) throw new Error(`The holds could not be expired: ${JSON.stringify(result.refusal)}`);
  return result.value;
}

/** Told of an order whose holds could not be expired; they are tried again with the next round. */
export type ExpiryFailed = (orderId: string, error: unknown) => void;

async function expireOrders(deps: Deps, orderIds: readonly string[], failed: ExpiryFailed): Promise<number> {
  const counts = await Promise.all(
    orderIds.map((id) =>
      expireOrder(deps, id).catch((error: unknown) => {
        failed(id, error);
        return 0;
      }),
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * Expires holds whose time is past, at most `limit` and what else is due in their orders; each order is one transaction.
 * Safe on several nodes at once: an order that another node works on is left to it. When none of these can be expired it goes
 * on behind them, so that orders which fail hold up no others.
 */
export async function expireHolds(deps: Deps, limit: number, failed: ExpiryFailed): Promise<Expiry> {
  const now = deps.now();
  let expired = 0;
  let last: Due | undefined;
  do {
    const found = await due(deps.db.reader, now, limit, last);
    const orderIds = [...new Set(found.map(({ orderId }) => orderId))];
    for (let start = 0; start < orderIds.length; start += ordersAtOnce) {
      expired += await expireOrders(deps, orderIds.slice(start, start + ordersAtOnce), failed);
    }
    last = found.length === limit ? found.at(-1) : undefined;
  } while (expired === 0 && last !== undefined);
  return { expired, nextAt: await nextExpiry(deps.db.reader, now) };
}
