import type { BookingDocument, OrderDocument } from '@carillon/contract';
import { expect } from 'vitest';
import type { RecordedEvent } from '../../../src/changes/index.ts';
import { percentBack } from './boat.ts';

/** Whether a booking stands, or takes up places. */
export const counts = ({ status }: BookingDocument) => !['CANCELLED', 'EXPIRED', 'REJECTED'].includes(status);
const cost = (booking: BookingDocument | undefined) =>
  booking !== undefined && counts(booking) ? booking.pricing.retail : 0;
const owedOf = (booking: BookingDocument | undefined) => (booking?.utcConfirmedAt == null ? 0 : cost(booking));
const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);

/** The fees that are kept after an order's change, by what its bookings and its transactions say alone. */
function retainedAfter(retained: number, before: OrderDocument, after: OrderDocument): number {
  const [told] = after.transactions
    .slice(before.transactions.length)
    .filter(({ type, method }) => type === 'REFUND' && method === 'HAND');
  const fees = before.bookings.map((booking) => {
    const less = owedOf(booking) - owedOf(after.bookings.find(({ uuid }) => uuid === booking.uuid));
    return less > 0 ? less - Math.round((less * percentBack(booking)) / 100) : 0;
  });
  if (told === undefined) return retained + sum(fees);
  // Given back by hand: fees, as far as they were paid. Whose they are is not in the order; without a booking they are anyone's.
  const spare = Math.max(0, before.balance.paid - before.balance.refunded - before.pricing.retail);
  if (told.bookingId === null) return retained - Math.min(retained, told.amount, spare);
  expect(after.balance.retained).toBeLessThanOrEqual(retained);
  expect(after.balance.retained).toBeGreaterThanOrEqual(retained - told.amount);
  return after.balance.retained;
}

/** After every change of every order: payments − refunds + outstanding = price of what is booked + retained fees. */
export function expectMoney(events: readonly RecordedEvent[]): void {
  const retained = new Map<string, number>();
  for (const { type, before: from, after: to } of events) {
    if (type !== 'order_update') continue;
    const [before, after] = [from as OrderDocument | null, to as OrderDocument];
    const of = (wanted: string) =>
      sum(after.transactions.filter((each) => each.type === wanted).map(({ amount }) => amount));
    const kept = before === null ? 0 : retainedAfter(retained.get(after.id) ?? 0, before, after);
    retained.set(after.id, kept);
    const { outstanding } = after.balance;
    expect(after.balance.retained).toBe(kept);
    expect(of('PAYMENT') - of('REFUND') + outstanding).toBe(sum(after.bookings.map(cost)) + kept);
    expect(outstanding).toBeGreaterThanOrEqual(0);
    expect(of('REFUND')).toBeLessThanOrEqual(of('PAYMENT'));
    expect(after.transactions.slice(0, before?.transactions.length)).toEqual(before?.transactions ?? []);
    if (after.transactions.some(({ method }) => method === 'HAND')) continue;
    const certain = after.bookings.map((booking) => cost(booking) - owedOf(booking));
    if (after.settlementMethod === 'DIRECT' && !after.testMode) expect(outstanding).toBe(sum(certain));
    else expect(after.transactions).toEqual([]);
  }
}
