import {
  type BookingDocument,
  type ContactField,
  holdElapsed,
  maxOrderBookings,
  maxUnitItems,
  type OrderDocument,
  orderClock,
} from '@carillon/contract';
import { totalPricing } from '../catalogue/pricing.ts';
import { done, type Result, unprocessable } from '../refusal.ts';
import { isBlank, nobody } from './contact.ts';
import { balanceOf, type Ledger, retained } from './ledger.ts';
import { orderVoucher } from './order-voucher.ts';
import type { OrderOwn } from './own.ts';
import { statusAt, takesPlaces } from './state.ts';
import { laterThan, utc } from './time.ts';

/** What an order has beside its bookings; all else follows from these. */
export interface OrderBase
  extends Pick<
    OrderDocument,
    'id' | 'testMode' | 'supplierReference' | 'settlementMethod' | 'settlementMethods' | 'utcCreatedAt' | 'utcUpdatedAt'
  > {
  readonly own: OrderOwn;
  readonly ledger: Ledger;
  /** ISO 4217, of an order that has no booking yet. */
  readonly currency: string;
  /** As it was before; null: it is new. */
  readonly before: OrderDocument | null;
}

/**
 * An order's status by those of its bookings that still count; when none does, by how they ended. Without bookings it is
 * `alone`: ON_HOLD, until it is cancelled or expires itself.
 */
export function orderStatus(
  bookings: readonly Pick<BookingDocument, 'status'>[],
  alone: OrderDocument['status'] = 'ON_HOLD',
): OrderDocument['status'] {
  if (bookings.length === 0) return alone;
  const counting = bookings.filter((booking) => takesPlaces(booking.status));
  if (counting.length === 0) {
    return bookings.every((booking) => booking.status === 'EXPIRED') ? 'EXPIRED' : 'CANCELLED';
  }
  if (counting.some((booking) => booking.status === 'ON_HOLD')) return 'ON_HOLD';
  return counting.some((booking) => booking.status === 'PENDING') ? 'PENDING' : 'CONFIRMED';
}

/** An order's status for whoever acts on it at `now` (ms UTC): holds past their time are EXPIRED, swept or not. */
export function orderStatusAt(
  order: Pick<OrderDocument, 'bookings' | 'status' | 'utcExpiresAt'>,
  now: number,
): OrderDocument['status'] {
  const bookings = order.bookings.map((booking) => ({ status: statusAt(booking, now) }));
  return orderStatus(bookings, holdElapsed(order, now) ? 'EXPIRED' : order.status);
}

/** The status of an order that has no booking. */
function statusAlone({ cancelled, expired }: OrderOwn): OrderDocument['status'] {
  if (cancelled) return 'CANCELLED';
  return expired ? 'EXPIRED' : 'ON_HOLD';
}

const defined = (times: readonly (string | null)[]) => times.filter((time) => time !== null).toSorted();

/**
 * The bookings of an order as they stand in it: what is cancelled is removed while others count, and the last ones stay.
 */
function standing(bookings: readonly BookingDocument[]): readonly BookingDocument[] {
  const counts = bookings.some((booking) => takesPlaces(booking.status));
  return counts ? bookings.filter((booking) => booking.status !== 'CANCELLED') : bookings;
}

/** The bookings with one of them primary: the one that is, or once that has ended, the first that still counts. */
export function withPrimary(bookings: readonly BookingDocument[]): readonly BookingDocument[] {
  const counting = bookings.filter((booking) => takesPlaces(booking.status));
  const among = counting.length > 0 ? counting : bookings;
  const chosen = among.find((booking) => booking.primary) ?? among[0];
  return bookings.map((booking) =>
    booking.primary === (booking === chosen) ? booking : { ...booking, primary: booking === chosen },
  );
}

function requiredFields(bookings: readonly BookingDocument[]): readonly ContactField[] {
  return [...new Set(bookings.flatMap((booking) => booking.option.requiredContactFields))];
}

/**
 * The contact of an order: its own, else its primary booking's. One who became primary in place of another and says nothing of
 * the guest leaves the contact as it was; one who no longer says anything, after it did, takes it away.
 */
function contactOf({ own, before }: OrderBase, primary: BookingDocument | undefined): OrderDocument['contact'] {
  const contact = own.contact ?? primary?.contact ?? nobody;
  if (before === null || !isBlank(contact)) return contact;
  const was = before.bookings.find((booking) => booking.uuid === primary?.uuid);
  return was !== undefined && !isBlank(was.contact) ? contact : before.contact;
}

/**
 * An order's document with these bookings, of which one is primary, at `now` (ms UTC). It costs what is still booked; it expires
 * with the first of its holds (without bookings, when its own time is past), and is confirmed when the last of its bookings is.
 */
export function orderDocument(base: OrderBase, all: readonly BookingDocument[], now: number): OrderDocument {
  const { own, ledger } = base;
  const bookings = standing(all);
  const counting = bookings.filter((booking) => takesPlaces(booking.status));
  const primary = bookings.find((booking) => booking.primary);
  const status = orderStatus(bookings, statusAlone(own));
  const holds = counting.filter((booking) => booking.status === 'ON_HOLD');
  const ownExpiry = bookings.length === 0 && status === 'ON_HOLD' && own.expiresAt !== null ? utc(own.expiresAt) : null;
  const utcExpiresAt = defined(holds.map((booking) => booking.utcExpiresAt))[0] ?? ownExpiry;
  const undecided = status === 'ON_HOLD' || status === 'PENDING';
  const confirmedAt = defined([
    base.before?.utcConfirmedAt ?? null,
    ...bookings.map((booking) => booking.utcConfirmedAt),
  ]).at(-1);
  const fields = requiredFields(counting);
  const pricing = totalPricing(
    counting.map((booking) => booking.pricing),
    bookings[0]?.pricing.currency ?? base.currency,
  );
  return {
    id: base.id,
    testMode: base.testMode,
    supplierReference: base.supplierReference,
    settlementMethod: base.settlementMethod,
    settlementMethods: base.settlementMethods,
    status,
    utcCreatedAt: base.utcCreatedAt,
    utcUpdatedAt: base.utcUpdatedAt,
    utcExpiresAt,
    utcConfirmedAt: undecided ? null : (confirmedAt ?? null),
    ...orderClock({ bookings, status, utcExpiresAt }, now),
    requiredContactFields: fields,
    visibleContactFields: fields,
    contact: contactOf(base, primary),
    emailReceipt: primary?.emailReceipt ?? own.emailReceipt ?? false,
    bookings,
    voucher: orderVoucher(bookings),
    transactions: ledger.transactions,
    pricing,
    balance: balanceOf(ledger, pricing),
  };
}

/** Whose the fees are that an order had before they were kept by booking: nobody's, in place of a uuid. */
export const nobodys = '';

/** The ledger of an order; those from before there were any have none. */
export function ledgerOf(order: Partial<Pick<OrderDocument, 'transactions' | 'balance'>>, { fees }: OrderOwn): Ledger {
  const rest = (order.balance?.retained ?? 0) - retained({ fees });
  return { transactions: order.transactions ?? [], fees: rest > 0 ? { ...fees, [nobodys]: rest } : fees };
}

/** What an order that is there keeps when it changes at `now` (ms UTC). */
export function baseOf(order: OrderDocument, own: OrderOwn, ledger: Ledger, now: number): OrderBase {
  return {
    id: order.id,
    testMode: order.testMode,
    supplierReference: order.supplierReference,
    settlementMethod: order.settlementMethod,
    settlementMethods: order.settlementMethods ?? [order.settlementMethod],
    utcCreatedAt: order.utcCreatedAt,
    utcUpdatedAt: laterThan(order.utcUpdatedAt, now),
    own,
    ledger,
    currency: order.pricing.currency,
    before: order,
  };
}

const unitsOf = (order: Pick<OrderDocument, 'bookings'> | undefined) =>
  order?.bookings.reduce((sum, booking) => sum + booking.unitItems.length, 0) ?? 0;

/** The most transactions of an order. */
export const maxTransactions = 1_000;

type Sized = Pick<OrderDocument, 'bookings'> & Partial<Pick<OrderDocument, 'transactions'>>;

/**
 * Refuses a change that makes an order too large; one that is large stays free to change, if it does not grow. What is given
 * back always may be, so that everything can end.
 */
export function checkSize(before: Sized | undefined, after: Sized): Result<true> {
  const bookings = after.bookings.length;
  if (bookings > maxOrderBookings && bookings > (before?.bookings.length ?? 0)) {
    return unprocessable(`orderId: an order has at most ${maxOrderBookings} bookings.`);
  }
  const units = unitsOf(after);
  if (units > maxUnitItems && units > unitsOf(before)) {
    return unprocessable(`unitItems: an order has at most ${maxUnitItems} units, with these it would have ${units}.`);
  }
  const transactions = after.transactions ?? [];
  const added = transactions.slice(before?.transactions?.length ?? 0);
  if (transactions.length > maxTransactions && added.some(({ type }) => type === 'PAYMENT')) {
    return unprocessable(`An order has at most ${maxTransactions} transactions.`);
  }
  return done(true);
}
