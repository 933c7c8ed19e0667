import type { OrderDocument } from '@carillon/contract';
import type { OrderOwn } from './own.ts';
import { lastExpiry, utc } from './time.ts';

/**
 * Until when an order without bookings waits for its first, asked for at `now` for so long (ms), ms UTC: as long as a hold may. One
 * that waited as long as need be so far (`until` is null) waits a day from now at most, however old it is.
 */
export function waitFor(
  order: Pick<OrderDocument, 'utcCreatedAt'>,
  until: OrderOwn['expiresAt'],
  now: number,
  ms: number,
): number {
  const last = lastExpiry({ utcCreatedAt: order.utcCreatedAt, availability: null });
  const begun = lastExpiry({ utcCreatedAt: utc(now), availability: null });
  return Math.min(now + ms, Math.max(last, until ?? begun));
}

/** An order without bookings that waits at least so long (ms) from `now`: never shorter than before. With bookings it is theirs to say. */
export function waitingLonger(own: OrderOwn, order: OrderDocument, now: number, ms: number): OrderOwn {
  if (order.bookings.length > 0 || own.expiresAt === null) return own;
  return { ...own, expiresAt: Math.max(own.expiresAt, waitFor(order, own.expiresAt, now, ms)) };
}

/** An order that expired by itself: it had no booking when its own time was past, at `now` (ms UTC). */
export function elapsedAlone(own: OrderOwn, order: OrderDocument, now: number): OrderOwn {
  const alone = order.bookings.length === 0 && order.status === 'ON_HOLD';
  return alone && own.expiresAt !== null && own.expiresAt <= now ? { ...own, expired: true } : own;
}
