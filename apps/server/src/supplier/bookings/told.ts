import type { BookingDocument, OrderDocument } from '@carillon/contract';
import type { Deps } from '../deps.ts';
import type { Party } from '../party.ts';
import { done, type Result, refuse, unprocessable } from '../refusal.ts';
import type { Told } from '../request.ts';
import { transact } from '../transaction.ts';
import { carryOut, holdOrder } from './change.ts';
import { plainly } from './commands.ts';
import { balanceOf, type Ledger, transaction, turnover } from './ledger.ts';
import { ledgerOf } from './order.ts';
import { lockOrder } from './order-store.ts';
import { bookingOrder } from './store.ts';
import { laterThan } from './time.ts';

type Type = 'PAYMENT' | 'REFUND';

/** Why so much cannot be paid or given back: no more is paid than is outstanding, and no more given back than was paid. */
function problem(type: Type, amount: number, order: OrderDocument): string | undefined {
  const balance = balanceOf(ledgerOf(order), order.pricing);
  const most = type === 'PAYMENT' ? balance.outstanding : balance.paid - balance.refunded;
  if (!Number.isSafeInteger(amount) || amount < 1) return 'amount: must be a whole number, more than 0.';
  return amount > most ? `amount: at most ${most} can be ${type === 'PAYMENT' ? 'paid' : 'refunded'}.` : undefined;
}

/** A cancelled booking as its refund is now called: FULL when nothing that was paid for it is kept. */
function called(booking: BookingDocument, { transactions }: Ledger, now: number): BookingDocument {
  if (booking.cancellation === null || booking.status !== 'CANCELLED') return booking;
  const { paid, refunded } = turnover(transactions.filter((each) => each.bookingId === booking.id));
  const refund = refunded >= paid ? 'FULL' : 'PARTIAL';
  if (refund === booking.cancellation.refund) return booking;
  const cancellation = { ...booking.cancellation, refund } as const;
  return { ...booking, cancellation, utcUpdatedAt: laterThan(booking.utcUpdatedAt, now) };
}

/**
 * Adds a payment or a refund to an order, told by hand. A refund first gives back fees that were retained; what is given back
 * beyond them is outstanding again. That of a cancelled booking is told in its `cancellation.refund` too.
 */
export function tell(deps: Deps, by: Party, orderId: string, type: Type, told: Told): Promise<Result<OrderDocument>> {
  return transact(deps.db, async (tx) => {
    const { bookingUuid } = told;
    const [order, held, inOrder] = await Promise.all([
      lockOrder(tx, by, orderId),
      holdOrder(tx, deps, by.supplierId, orderId),
      bookingUuid === undefined ? orderId : bookingOrder(tx, by.supplierId, bookingUuid),
    ]);
    if (order === undefined || held.document === null) return refuse({ kind: 'order', orderId });
    if (bookingUuid !== undefined && inOrder !== orderId) return refuse({ kind: 'booking', uuid: bookingUuid });
    const wrong = problem(type, told.amount, held.document);
    if (wrong !== undefined) return unprocessable(wrong);
    const bookings = await deps.changes.hold(
      tx,
      bookingUuid === undefined
        ? []
        : [{ supplierId: by.supplierId, type: 'booking_update' as const, id: bookingUuid }],
    );
    const before = ledgerOf(held.document);
    const now = deps.now();
    const { settlementMethod, pricing } = held.document;
    const made = transaction(
      {
        type,
        amount: told.amount,
        method: told.method ?? settlementMethod,
        reference: told.reference ?? null,
        bookingId: bookings[0]?.document?.id ?? null,
      },
      { currency: pricing, now, newId: deps.newId },
    );
    const ledger: Ledger = {
      transactions: [...before.transactions, made],
      retained: type === 'REFUND' ? Math.max(0, before.retained - told.amount) : before.retained,
    };
    const command = plainly((booking) => done(type === 'REFUND' ? called(booking, ledger, now) : booking));
    const carried = await carryOut(tx, deps, order, { order: held, bookings }, command, { ledger: () => ledger });
    return carried.ok ? done(carried.value.order) : carried;
  });
}
