import type { Deps } from '../deps.ts';
import { done } from '../refusal.ts';
import { transact } from '../transaction.ts';
import { carryOut, holdOrder } from './change.ts';
import { plainly } from './commands.ts';
import { expire } from './ending.ts';
import { lockFreeOrder, nextExpiry, ordersDue } from './store.ts';

/** What a round of expiry did: how many holds ended, and when the next one's time is past (ms UTC; null: there is none). */
export interface Expiry {
  readonly expired: number;
  readonly nextAt: number | null;
}

/** How many orders are worked on at once; on SQLite they share a commit. */
const ordersAtOnce = 20;

/** Ends those holds of one order whose time is past, as one change; none when another node has the order. */
async function expireOrder(deps: Deps, orderId: string): Promise<number> {
  const result = await transact(deps.db, async (tx) => {
    const order = await lockFreeOrder(tx, orderId);
    if (order === undefined) return done(0);
    const held = await holdOrder(tx, deps, order.supplierId, order.id);
    const now = deps.now();
    const due = (held.document?.bookings ?? []).filter((booking) => expiresBy(booking, now));
    const subjects = due.map(({ uuid }) => ({
      supplierId: order.supplierId,
      type: 'booking_update' as const,
      id: uuid,
    }));
    const bookings = await deps.changes.hold(tx, subjects);
    const after = await carryOut(tx, deps, order, { order: held, bookings }, plainly(expire));
    return after.ok ? done(due.length) : after;
  });
  if (!result.ok)
    throw new Error(`The holds of order ${orderId} could not be expired: ${JSON.stringify(result.refusal)}`);
  return result.value;
}

function expiresBy(booking: { readonly status: string; readonly utcExpiresAt: string | null }, now: number): boolean {
  return booking.status === 'ON_HOLD' && booking.utcExpiresAt !== null && Date.parse(booking.utcExpiresAt) <= now;
}

/**
 * Expires holds whose time is past, at most `limit` and what else is due in their orders; each order is one transaction.
 * Safe on several nodes at once: an order that another node works on is left to it.
 */
export async function expireHolds(deps: Deps, limit: number): Promise<Expiry> {
  const orders = await ordersDue(deps.db.reader, deps.now(), limit);
  let expired = 0;
  for (let start = 0; start < orders.length; start += ordersAtOnce) {
    const counts = await Promise.all(orders.slice(start, start + ordersAtOnce).map((id) => expireOrder(deps, id)));
    for (const count of counts) expired += count;
  }
  return { expired, nextAt: await nextExpiry(deps.db.reader) };
}
