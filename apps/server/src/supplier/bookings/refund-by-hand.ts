import type { BookingDocument } from '@carillon/contract';
import { held, type Ledger, price } from './ledger.ts';
import type { Fees } from './own.ts';

const ownMoney = ({ transactions }: Ledger, bookingId: string | null) =>
  held(transactions.filter((each) => each.bookingId === bookingId));

/**
 * The most that can be given back by hand, minor units: of an order what was paid and not given back; of one of its bookings
 * what was paid for it, or for the order without naming one, less what other bookings were given back of that.
 */
export function refundable(ledger: Ledger, bookingId: string | null): number {
  const kept = held(ledger.transactions);
  if (bookingId === null) return kept;
  const others = new Set(ledger.transactions.map((each) => each.bookingId).filter((id) => id !== bookingId));
  let shared = 0;
  for (const id of others) shared += id === null ? ownMoney(ledger, null) : Math.min(0, ownMoney(ledger, id));
  return Math.max(0, Math.min(kept, ownMoney(ledger, bookingId) + Math.max(0, shared)));
}

/** Takes so much off fees in turns, each of at most what stands with its uuid. */
function lowered(fees: Fees, turns: readonly (readonly [uuid: string, most: number])[], amount: number): Fees {
  const after: Record<string, number> = { ...fees };
  let left = amount;
  for (const [uuid, most] of turns) {
    const less = Math.max(0, Math.min(after[uuid] ?? 0, most, left));
    after[uuid] = (after[uuid] ?? 0) - less;
    left -= less;
  }
  return Object.fromEntries(Object.entries(after).filter(([, fee]) => fee > 0));
}

/** A refund by hand, before it is entered. */
export interface HandRefund {
  /** At most what is `refundable`. */
  readonly amount: number;
  /** The price of what is booked in the order. */
  readonly booked: number;
  /** The booking that it names, else all those of which a fee is kept. */
  readonly of: BookingDocument | readonly BookingDocument[];
}

/**
 * The fees that are left when so much is given back by hand. Only a fee that was paid goes back, not one that is owed: of the
 * booking that is named, what was paid beyond its price; else of the order what was paid beyond the price of what is booked,
 * first of the bookings that it was paid for.
 */
export function feesAfter(ledger: Ledger, { amount, booked, of }: HandRefund): Fees {
  const spare = Math.max(0, held(ledger.transactions) - booked);
  const paidFor = (booking: BookingDocument) => Math.max(0, ownMoney(ledger, booking.id) - price(booking));
  if ('uuid' in of) return lowered(ledger.fees, [[of.uuid, Math.max(paidFor(of), spare)]], amount);
  const known = of.map((booking) => [booking.uuid, paidFor(booking)] as const);
  const all = Object.keys(ledger.fees).map((uuid) => [uuid, spare] as const);
  return lowered(ledger.fees, [...known, ...all], Math.min(amount, spare));
}
