import type { Balance, BookingDocument, Pricing, SettlementMethod, Transaction } from '@carillon/contract';
import type { Fees } from './own.ts';
import { refundPercent } from './refund.ts';
import { takesPlaces } from './state.ts';
import { utc } from './time.ts';

/** An order's money: what changed hands, and the fees that are kept of what was cancelled, or that are owed for it. */
export interface Ledger {
  readonly transactions: readonly Transaction[];
  readonly fees: Fees;
}

/** The ledger of an order in which nothing was paid. */
export const emptyLedger: Ledger = { transactions: [], fees: {} };

/** What a booking changes from and to; it is new without a `before`. */
export interface Step {
  readonly before: BookingDocument | null;
  readonly after: BookingDocument;
}

/** What transactions are made with. `now` is ms UTC, `newId` gives a fresh id. */
export interface Accounting {
  readonly settlementMethod: SettlementMethod;
  readonly testMode: boolean;
  readonly currency: Pick<Pricing, 'currency' | 'currencyPrecision'>;
  readonly now: number;
  readonly newId: () => string;
}

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);

/** All fees of a ledger together. */
export const retained = ({ fees }: Pick<Ledger, 'fees'>): number => sum(Object.values(fees));

/** What was paid and what was given back. */
export function turnover(transactions: readonly Transaction[]): { readonly paid: number; readonly refunded: number } {
  const of = (type: Transaction['type']) =>
    sum(transactions.filter((each) => each.type === type).map((each) => each.amount));
  return { paid: of('PAYMENT'), refunded: of('REFUND') };
}

/** What was paid and not given back: of an order, or of what was told of one of its bookings. */
export function held(transactions: readonly Transaction[]): number {
  const { paid, refunded } = turnover(transactions);
  return paid - refunded;
}

/** What a booking costs as long as it counts. */
export function price(booking: BookingDocument | null): number {
  return booking !== null && takesPlaces(booking.status) ? booking.pricing.retail : 0;
}

/** What of that is owed for certain: it is confirmed. What is on hold or waits for the supplier may still end for nothing. */
export function charge(booking: BookingDocument | null): number {
  return booking !== null && booking.utcConfirmedAt !== null ? price(booking) : 0;
}

/** An order's balance, with what is booked in it at its price. */
export function balanceOf(ledger: Ledger, pricing: Pricing): Balance {
  const { paid, refunded } = turnover(ledger.transactions);
  const fees = retained(ledger);
  return {
    paid,
    refunded,
    retained: fees,
    outstanding: pricing.retail + fees - paid + refunded,
    currency: pricing.currency,
    currencyPrecision: pricing.currencyPrecision,
  };
}

/** A transaction of so much. */
export function transaction(
  of: Pick<Transaction, 'type' | 'amount' | 'method' | 'reference' | 'bookingId'>,
  { currency, now, newId }: Omit<Accounting, 'settlementMethod' | 'testMode'>,
): Transaction {
  return {
    id: newId(),
    type: of.type,
    amount: of.amount,
    currency: currency.currency,
    currencyPrecision: currency.currencyPrecision,
    method: of.method,
    reference: of.reference,
    utcCreatedAt: utc(now),
    bookingId: of.bookingId,
  };
}

/**
 * The ledger of an order after steps of its bookings, which were `bookings` before. With DIRECT what is confirmed is paid at
 * once, and so is what a confirmed booking comes to cost more; with the other methods a payment is told by hand. What is
 * cancelled, or costs less, gives back what the policy says, and the rest of it is kept or owed; nothing is given back that
 * was not paid, and nothing is kept that cannot come to be owed. So what is outstanding is never less than 0. In test mode
 * nobody pays by itself, and only what was told by hand is given back.
 */
export function accounted(
  ledger: Ledger,
  bookings: readonly BookingDocument[],
  steps: readonly Step[],
  accounting: Accounting,
): Ledger {
  const { settlementMethod: method, testMode, now } = accounting;
  const transactions = [...ledger.transactions];
  let { fees } = ledger;
  let kept = held(transactions);
  let due = sum(bookings.map(charge)) + retained(ledger);
  let total = sum(bookings.map(price)) + retained(ledger);
  for (const { before, after } of steps) {
    const enter = (type: Transaction['type'], amount: number) => {
      if (amount <= 0) return;
      transactions.push(transaction({ type, amount, method, reference: null, bookingId: after.id }, accounting));
      kept += type === 'PAYMENT' ? amount : -amount;
    };
    const more = charge(after) - charge(before);
    const back = before !== null && more < 0 ? Math.round((-more * refundPercent(before, now)) / 100) : 0;
    const fee = more < 0 ? -more - back : 0;
    if (fee > 0) fees = { ...fees, [after.uuid]: (fees[after.uuid] ?? 0) + fee };
    due += more + fee;
    total += price(after) - price(before) + fee;
    if (more > 0 && method === 'DIRECT' && !testMode) enter('PAYMENT', Math.min(more, due - kept));
    // Of the order's money, what was paid for others stays.
    enter('REFUND', Math.min(back, kept - due));
    // What was paid by hand for a hold that ended.
    enter('REFUND', kept - total);
  }
  return { transactions, fees };
}
