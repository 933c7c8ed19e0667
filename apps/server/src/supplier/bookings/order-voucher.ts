import type { BookingDocument, Ticket } from '@carillon/contract';
import { takesPlaces } from './state.ts';

/** The tickets that let the guests of a booking in: its voucher, or where it has none, those of its unit items. */
function ticketsOf({ voucher, unitItems }: BookingDocument): readonly Ticket[] {
  return voucher === null ? unitItems.flatMap(({ ticket }) => ticket ?? []) : [voucher];
}

/**
 * An order's voucher: the delivery options of all bookings that count, in their order. It is redeemed once all of them are.
 * Null for an order without bookings.
 */
export function orderVoucher(bookings: readonly BookingDocument[]): Ticket | null {
  const [first] = bookings;
  if (first === undefined) return null;
  const tickets = bookings.filter(({ status }) => takesPlaces(status)).flatMap(ticketsOf);
  const redeemed = tickets.flatMap(({ utcRedeemedAt }) => utcRedeemedAt ?? []).toSorted();
  return {
    redemptionMethod: first.product.redemptionMethod,
    utcRedeemedAt: redeemed.length === tickets.length ? (redeemed.at(-1) ?? null) : null,
    deliveryOptions: tickets.flatMap(({ deliveryOptions }) => deliveryOptions),
  };
}
