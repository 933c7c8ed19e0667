import type { BookingDocument, BookingStatus, SettlementMethod } from '@carillon/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accounted, balanceOf, emptyLedger, type Ledger, price, retained, type Step, turnover } from './ledger.ts';

const now = Date.parse('2026-06-01T08:00:00Z');

function booking(id: string, status: BookingStatus, retail: number, percent = 100): BookingDocument {
  const confirmed = status === 'CONFIRMED' || status === 'CANCELLED';
  return {
    id,
    uuid: id,
    status,
    utcExpiresAt: null,
    utcConfirmedAt: confirmed ? '2026-06-01T08:00:00.000Z' : null,
    option: { cancellationPolicy: [{ untilHoursBefore: 0, refundPercent: percent }] },
    availability: null,
    pricing: { retail, currency: 'EUR', currencyPrecision: 2 },
  } as unknown as BookingDocument;
}

function after(steps: readonly Step[], settlementMethod: SettlementMethod = 'DIRECT', from = emptyLedger): Ledger {
  const currency = { currency: 'EUR', currencyPrecision: 2 };
  const bookings = steps.flatMap((step) => step.before ?? []);
  return accounted(from, bookings, steps, { settlementMethod, testMode: false, currency, now, newId: () => 'id' });
}

const amounts = ({ transactions }: Ledger) => transactions.map(({ type, amount }) => `${type} ${amount}`);
const hold = booking('b', 'ON_HOLD', 9_000);
const confirmed = booking('b', 'CONFIRMED', 9_000);

describe('the money of an order', () => {
  it('is paid at confirmation where the guest pays directly, and not before', () => {
    expect(after([{ before: null, after: hold }])).toEqual(emptyLedger);
    expect(amounts(after([{ before: hold, after: confirmed }]))).toEqual(['PAYMENT 9000']);
    expect(after([{ before: hold, after: confirmed }], 'DEFERRED')).toEqual(emptyLedger);
    expect(after([{ before: hold, after: booking('b', 'PENDING', 9_000) }])).toEqual(emptyLedger);
    expect(after([{ before: hold, after: { ...confirmed, pricing: booking('b', 'ON_HOLD', 0).pricing } }])).toEqual(
      emptyLedger,
    );
  });

  it('says for which booking, how, when and in which currency', () => {
    const { transactions } = after([{ before: hold, after: confirmed }]);
    expect(transactions).toEqual([
      {
        id: 'id',
        type: 'PAYMENT',
        amount: 9_000,
        currency: 'EUR',
        currencyPrecision: 2,
        method: 'DIRECT',
        reference: null,
        utcCreatedAt: '2026-06-01T08:00:00.000Z',
        bookingId: 'b',
      },
    ]);
  });

  it.each([
    [100, ['PAYMENT 9001', 'REFUND 9001'], 0],
    [50, ['PAYMENT 9001', 'REFUND 4501'], 4_500],
    [0, ['PAYMENT 9001'], 9_001],
  ])('goes back by the policy on cancellation: %i percent', (percent, entered, kept) => {
    const [from, to] = [booking('b', 'CONFIRMED', 9_001, percent), booking('b', 'CANCELLED', 9_001, percent)];
    const paid = after([{ before: booking('b', 'ON_HOLD', 9_001), after: from }]);
    const ledger = after([{ before: from, after: to }], 'DIRECT', paid);
    expect([amounts(ledger), retained(ledger)]).toEqual([entered, kept]);
    expect(balanceOf(ledger, { ...from.pricing, retail: 0 })).toMatchObject({ retained: kept, outstanding: 0 });
  });

  it('of a reseller is never given back unpaid; what is kept is owed', () => {
    const [from, to] = [booking('b', 'CONFIRMED', 9_000, 50), booking('b', 'CANCELLED', 9_000, 50)];
    const ledger = after([{ before: from, after: to }], 'DEFERRED');
    expect(ledger).toEqual({ transactions: [], fees: { b: 4_500 } });
    expect(balanceOf(ledger, { ...from.pricing, retail: 0 })).toMatchObject({ paid: 0, outstanding: 4_500 });
  });

  it('follows the price: more is paid, less is given back', () => {
    const paid = after([{ before: hold, after: confirmed }]);
    const larger = booking('b', 'CONFIRMED', 12_000);
    const more = after([{ before: confirmed, after: larger }], 'DIRECT', paid);
    const less = after([{ before: larger, after: booking('b', 'CONFIRMED', 5_000) }], 'DIRECT', more);
    expect(amounts(less)).toEqual(['PAYMENT 9000', 'PAYMENT 3000', 'REFUND 7000']);
  });

  it('given back by hand before is not given back again', () => {
    const paid = after([{ before: hold, after: confirmed }]);
    const [payment] = paid.transactions;
    const byHand = { ...paid, transactions: [payment!, { ...payment!, type: 'REFUND' as const, amount: 2_000 }] };
    const cancelled = after([{ before: confirmed, after: booking('b', 'CANCELLED', 9_000) }], 'DIRECT', byHand);
    expect(amounts(cancelled)).toEqual(['PAYMENT 9000', 'REFUND 2000', 'REFUND 7000']);
  });

  it('goes back from a cancelled booking also while another is on hold', () => {
    const currency = { currency: 'EUR', currencyPrecision: 2 };
    const accounting = { settlementMethod: 'DIRECT', testMode: false, currency, now, newId: () => 'id' } as const;
    const [from, to] = [booking('b', 'CONFIRMED', 9_000, 50), booking('b', 'CANCELLED', 9_000, 50)];
    const other = booking('other', 'ON_HOLD', 5_000);
    const paid = accounted(emptyLedger, [hold, other], [{ before: hold, after: from }], accounting);
    const ledger = accounted(paid, [from, other], [{ before: from, after: to }], accounting);
    expect(amounts(ledger)).toEqual(['PAYMENT 9000', 'REFUND 4500']);
    expect(balanceOf(ledger, other.pricing).outstanding).toBe(5_000);
  });

  it('paid for what then expires goes back', () => {
    const paid = after([{ before: hold, after: confirmed }]);
    const early = after([{ before: hold, after: booking('b', 'EXPIRED', 9_000) }], 'DEFERRED', paid);
    expect(amounts(early)).toEqual(['PAYMENT 9000', 'REFUND 9000']);
  });

  it('is never owed less than nothing, whatever happens', () => {
    const step = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      status: fc.constantFrom<BookingStatus>('ON_HOLD', 'CONFIRMED', 'CANCELLED', 'EXPIRED'),
      retail: fc.nat(10_000),
      percent: fc.nat(100),
    });
    const method = fc.constantFrom<SettlementMethod>('DIRECT', 'DEFERRED');
    fc.assert(
      fc.property(method, fc.array(step, { maxLength: 20 }), (settlementMethod, steps) => {
        const bookings = new Map<string, BookingDocument>();
        let ledger = emptyLedger;
        for (const { id, status, retail, percent } of steps) {
          const [before, to] = [bookings.get(id) ?? null, booking(id, status, retail, percent)];
          const currency = { currency: 'EUR', currencyPrecision: 2 };
          ledger = accounted(ledger, [...bookings.values()], [{ before, after: to }], {
            settlementMethod,
            testMode: false,
            currency,
            now,
            newId: () => 'id',
          });
          bookings.set(id, to);
          const total = [...bookings.values()].reduce((sum, each) => sum + price(each), 0);
          const balance = balanceOf(ledger, { ...to.pricing, retail: total });
          expect(balance.outstanding).toBeGreaterThanOrEqual(0);
          expect(balance.retained).toBeGreaterThanOrEqual(0);
          const { paid, refunded } = turnover(ledger.transactions);
          expect(refunded).toBeLessThanOrEqual(paid);
          if (settlementMethod === 'DEFERRED') expect(paid).toBe(0);
          expect(ledger.transactions.every(({ amount }) => amount > 0)).toBe(true);
        }
      }),
    );
  });
});
