import { type BookingDocument, maxUnitItems, type OrderDocument, orderClock } from '@carillon/contract';
import { totalPricing } from '../catalogue/pricing.ts';
import { done, type Result, unprocessable } from '../refusal.ts';
import { statusAt, takesPlaces } from './state.ts';
import { laterThan } from './time.ts';

/** What an order has of its own; all else follows from its bookings. */
export type OrderBase = Pick<
  OrderDocument,
  'id' | 'testMode' | 'supplierReference' | 'settlementMethod' | 'utcCreatedAt' | 'utcUpdatedAt'
>;

/** An order's status by those of its bookings that still count; when none does, by how they ended. */
export function orderStatus(bookings: readonly Pick<BookingDocument, 'status'>[]): OrderDocument['status'] {
  const counting = bookings.filter((booking) => takesPlaces(booking.status));
  if (counting.length === 0) {
    return bookings.every((booking) => booking.status === 'EXPIRED') ? 'EXPIRED' : 'CANCELLED';
  }
  if (counting.some((booking) => booking.status === 'ON_HOLD')) return 'ON_HOLD';
  return counting.some((booking) => booking.status === 'PENDING') ? 'PENDING' : 'CONFIRMED';
}

/** An order's status for whoever acts on it at `now` (ms UTC): holds past their time are EXPIRED, swept or not. */
export function orderStatusAt(order: Pick<OrderDocument, 'bookings'>, now: number): OrderDocument['status'] {
  return orderStatus(order.bookings.map((booking) => ({ status: statusAt(booking, now) })));
}

const defined = (times: readonly (string | null)[]) => times.filter((time) => time !== null).toSorted();

/**
 * An order's document with these bookings, at `now` (ms UTC). It costs what is still
 * booked; contact and receipt are those of the first booking that still counts, of its primary one when none does; it expires
 * with the first of its holds, and is confirmed when the last of its bookings is.
 */
export function orderDocument(
  base: OrderBase,
  bookings: readonly [BookingDocument, ...BookingDocument[]],
  now: number,
): OrderDocument {
  const counting = bookings.filter((booking) => takesPlaces(booking.status));
  const lead = counting[0] ?? bookings.find((booking) => booking.primary) ?? bookings[0];
  const status = orderStatus(bookings);
  const holds = counting.filter((booking) => booking.status === 'ON_HOLD');
  const undecided = status === 'ON_HOLD' || status === 'PENDING';
  return {
    id: base.id,
    testMode: base.testMode,
    supplierReference: base.supplierReference,
    settlementMethod: base.settlementMethod,
    status,
    utcCreatedAt: base.utcCreatedAt,
    utcUpdatedAt: base.utcUpdatedAt,
    utcExpiresAt: defined(holds.map((booking) => booking.utcExpiresAt))[0] ?? null,
    utcConfirmedAt: undecided ? null : (defined(bookings.map((booking) => booking.utcConfirmedAt)).at(-1) ?? null),
    ...orderClock({ bookings }, now),
    contact: lead.contact,
    emailReceipt: lead.emailReceipt,
    bookings,
    pricing: totalPricing(
      counting.map((booking) => booking.pricing),
      bookings[0].pricing.currency,
    ),
  };
}

/** An order after changes of its bookings at `now` (ms UTC); bookings that it did not have are added to it. */
export function orderWith(order: OrderDocument, changed: readonly BookingDocument[], now: number): OrderDocument {
  const byUuid = new Map([...order.bookings, ...changed].map((booking) => [booking.uuid, booking]));
  const [first, ...others] = byUuid.values();
  if (first === undefined) throw new RangeError('An order without bookings');
  const base = { ...order, utcUpdatedAt: laterThan(order.utcUpdatedAt, now) };
  return orderDocument(base, [first, ...others], now);
}

/** The most bookings and units that an order may come to have: each change of it stores, shows and sends all of them. */
const mostBookings = 100;

const unitsOf = (order: Pick<OrderDocument, 'bookings'> | undefined) =>
  order?.bookings.reduce((sum, booking) => sum + booking.unitItems.length, 0) ?? 0;

/** Refuses a change that makes an order too large; one that is large stays free to change, if it does not grow. */
export function checkSize(
  before: Pick<OrderDocument, 'bookings'> | undefined,
  after: Pick<OrderDocument, 'bookings'>,
): Result<true> {
  const bookings = after.bookings.length;
  if (bookings > mostBookings && bookings > (before?.bookings.length ?? 0)) {
    return unprocessable(`orderId: an order has at most ${mostBookings} bookings.`);
  }
  const units = unitsOf(after);
  if (units > maxUnitItems && units > unitsOf(before)) {
    return unprocessable(`unitItems: an order has at most ${maxUnitItems} units, with these it would have ${units}.`);
  }
  return done(true);
}
