import type { BookingDocument, OrderDocument } from '@carillon/contract';
import type { Tx } from '../../platform/db/index.ts';
import type { Deps } from '../deps.ts';
import type { Party } from '../party.ts';
import { done, type Result, refuse, unprocessable } from '../refusal.ts';
import type { Told } from '../request.ts';
import { transact } from '../transaction.ts';
import { carryOut, holdOrder } from './change.ts';
import { plainly } from './commands.ts';
import { balanceOf, type Ledger, transaction } from './ledger.ts';
import { ledgerOf, maxTransactions, nobodys } from './order.ts';
import { lockOrder } from './order-store.ts';
import type { Fees } from './own.ts';
import { feesAfter, refundable } from './refund-by-hand.ts';
import { bookingOrder } from './store.ts';
import { laterThan } from './time.ts';

type Type = 'PAYMENT' | 'REFUND';

/**
 * Sees to it that a call which comes twice is carried out once, in the transaction that carries it out: `recall` gives what the
 * first was answered, `keep` makes that answer and stores it.
 */
export interface Once<T> {
  recall(tx: Tx): Promise<Result<T> | undefined>;
  keep(tx: Tx, order: OrderDocument): Promise<T>;
}

const eachTime: Once<OrderDocument> = { recall: async () => undefined, keep: async (_, order) => order };

/** Tells a payment or a refund of an order: as often as it is called, or once. */
export interface Tell {
  (by: Party, orderId: string, told: Told): Promise<Result<OrderDocument>>;
  <T>(by: Party, orderId: string, told: Told, once: Once<T>): Promise<Result<T>>;
}

/** Why so much cannot be paid or given back: no more is paid than is outstanding, and no more given back than was paid. */
function problem(
  type: Type,
  amount: number,
  ledger: Ledger,
  { order, booking }: { readonly order: OrderDocument; readonly booking: BookingDocument | null },
): string | undefined {
  if (!Number.isSafeInteger(amount) || amount < 1) return 'amount: must be a whole number, more than 0.';
  if (ledger.transactions.length >= maxTransactions) return `An order has at most ${maxTransactions} transactions.`;
  const most =
    type === 'PAYMENT' ? balanceOf(ledger, order.pricing).outstanding : refundable(ledger, booking?.id ?? null);
  return amount > most ? `amount: at most ${most} can be ${type === 'PAYMENT' ? 'paid' : 'refunded'}.` : undefined;
}

/** A cancelled booking as its refund is called once some of its fee went back: FULL when nothing of it is kept. */
function called(booking: BookingDocument, before: Fees, after: Fees, now: number): BookingDocument {
  const { uuid, cancellation } = booking;
  if (cancellation === null || booking.status !== 'CANCELLED' || before[uuid] === after[uuid]) return booking;
  const refund = after[uuid] === undefined ? 'FULL' : 'PARTIAL';
  if (refund === cancellation.refund) return booking;
  return { ...booking, cancellation: { ...cancellation, refund }, utcUpdatedAt: laterThan(booking.utcUpdatedAt, now) };
}

/** See `Tell`. */
export function telling(deps: Deps, type: Type): Tell {
  return <T>(by: Party, orderId: string, told: Told, once?: Once<T>) =>
    once === undefined
      ? (tell(deps, by, orderId, type, told, eachTime) as Promise<Result<T>>)
      : tell(deps, by, orderId, type, told, once);
}

/**
 * Adds a payment or a refund to an order, told by hand. A refund first gives back fees that were paid; what is given back
 * beyond them is outstanding again. The bookings whose fees went back tell it in their `cancellation.refund` too.
 */
function tell<T>(deps: Deps, by: Party, orderId: string, type: Type, told: Told, once: Once<T>): Promise<Result<T>> {
  return transact(deps.db, async (tx) => {
    const { amount, bookingUuid } = told;
    const [order, held, inOrder, answered] = await Promise.all([
      lockOrder(tx, by, orderId),
      holdOrder(tx, deps, by.supplierId, orderId),
      bookingUuid === undefined ? orderId : bookingOrder(tx, by.supplierId, bookingUuid),
      once.recall(tx),
    ]);
    if (order === undefined || held.document === null) return refuse({ kind: 'order', orderId });
    if (answered !== undefined) return answered;
    if (bookingUuid !== undefined && inOrder !== orderId) return refuse({ kind: 'booking', uuid: bookingUuid });
    const before = ledgerOf(held.document, order.own);
    const ofFees = type === 'REFUND' ? Object.keys(before.fees).filter((uuid) => uuid !== nobodys) : [];
    const subjects = (bookingUuid === undefined ? ofFees : [bookingUuid]).map((id) => ({
      supplierId: by.supplierId,
      type: 'booking_update' as const,
      id,
    }));
    const bookings = await deps.changes.hold(tx, subjects);
    const documents = bookings.flatMap(({ document }) => document ?? []);
    const named = bookingUuid === undefined ? null : (documents[0] ?? null);
    const wrong = problem(type, amount, before, { order: held.document, booking: named });
    if (wrong !== undefined) return unprocessable(wrong);
    const now = deps.now();
    const { settlementMethod, pricing } = held.document;
    const made = transaction(
      {
        type,
        amount,
        method: told.method ?? settlementMethod,
        reference: told.reference ?? null,
        bookingId: named?.id ?? null,
      },
      { currency: pricing, now, newId: deps.newId },
    );
    const booked = pricing.retail;
    const fees = type === 'REFUND' ? feesAfter(before, { amount, booked, of: named ?? documents }) : before.fees;
    const ledger: Ledger = { transactions: [...before.transactions, made], fees };
    const command = plainly((booking) => done(called(booking, before.fees, fees, now)));
    const carried = await carryOut(tx, deps, order, { order: held, bookings }, command, { ledger: () => ledger });
    return carried.ok ? done(await once.keep(tx, carried.value.order)) : carried;
  });
}
