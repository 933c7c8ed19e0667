import type { BookingDocument, BookingStatus, OrderDocument, Transaction } from '@carillon/contract';
import { describe, expect, it } from 'vitest';
import { checkSize, ledgerOf, orderStatus, withPrimary } from './order.ts';
import { nothingOwn } from './own.ts';

const of = (...statuses: BookingStatus[]) => orderStatus(statuses.map((status) => ({ status })));

describe('the status of an order', () => {
  it('is that of its bookings that still count', () => {
    expect(of('CONFIRMED', 'ON_HOLD')).toBe('ON_HOLD');
    expect(of('CONFIRMED', 'PENDING')).toBe('PENDING');
    expect(of('CONFIRMED', 'CANCELLED', 'EXPIRED')).toBe('CONFIRMED');
    expect(of('REDEEMED', 'NOSHOW')).toBe('CONFIRMED');
  });

  it('is how they ended when none counts any more', () => {
    expect(of('EXPIRED', 'EXPIRED')).toBe('EXPIRED');
    expect(of('EXPIRED', 'CANCELLED')).toBe('CANCELLED');
    expect(of('REJECTED')).toBe('CANCELLED');
  });

  it('is ON_HOLD without bookings, until the order itself is cancelled', () => {
    expect(of()).toBe('ON_HOLD');
    expect(orderStatus([], 'CANCELLED')).toBe('CANCELLED');
    expect(orderStatus([{ status: 'CONFIRMED' }], 'CANCELLED')).toBe('CONFIRMED');
  });
});

describe('the primary booking of an order', () => {
  const primary = (...bookings: [BookingStatus, boolean][]) =>
    withPrimary(bookings.map(([status, is]) => ({ status, primary: is }) as BookingDocument)).map(
      (each) => each.primary,
    );

  it('stays as long as it counts', () => {
    expect(primary(['CONFIRMED', false], ['ON_HOLD', true])).toEqual([false, true]);
  });

  it.each(['CANCELLED', 'EXPIRED', 'REJECTED'] as const)(
    'passes on to the first that counts once it is %s',
    (ended) => {
      expect(primary([ended, true], ['EXPIRED', false], ['CONFIRMED', false], ['ON_HOLD', false])).toEqual([
        false,
        false,
        true,
        false,
      ]);
    },
  );

  it('stays when no other counts either', () => {
    expect(primary(['EXPIRED', false], ['CANCELLED', true])).toEqual([false, true]);
  });

  it('keeps what does not change as it is', () => {
    const bookings = [{ status: 'CONFIRMED', primary: true } as BookingDocument];
    expect(withPrimary(bookings)[0]).toBe(bookings[0]);
  });
});

describe('the ledger of an order', () => {
  it('has fees by booking, and nobody’s where the order is from before they were', () => {
    const balance = { retained: 700 } as OrderDocument['balance'];
    expect(ledgerOf({ balance }, { ...nothingOwn, fees: { a: 700 } }).fees).toEqual({ a: 700 });
    expect(ledgerOf({ balance }, { ...nothingOwn, fees: { a: 300 } }).fees).toEqual({ a: 300, '': 400 });
  });
});

describe('an order from before there were transactions', () => {
  it('has none, and no fees', () => {
    expect(ledgerOf({}, nothingOwn)).toEqual({ transactions: [], fees: {} });
  });
});

describe('the size of an order', () => {
  const booking = (units: number) => ({ unitItems: Array(units).fill({}) }) as unknown as BookingDocument;
  const order = (bookings: number, units: number) => ({ bookings: Array(bookings).fill(booking(units)) });

  it('is at most 100 bookings and 500 units', () => {
    expect(checkSize(undefined, order(1, 500)).ok).toBe(true);
    expect(checkSize(order(99, 5), order(100, 5)).ok).toBe(true);
    expect(checkSize(order(100, 1), order(101, 1))).toMatchObject({
      refusal: { message: 'orderId: an order has at most 100 bookings.' },
    });
    expect(checkSize(order(2, 250), order(2, 251))).toMatchObject({
      refusal: { message: 'unitItems: an order has at most 500 units, with these it would have 502.' },
    });
  });

  it('is at most 1,000 transactions, and more only for what is given back', () => {
    const told = (payments: number, refunds: number) => ({
      ...order(1, 1),
      transactions: [
        ...Array(payments).fill({ type: 'PAYMENT' }),
        ...Array(refunds).fill({ type: 'REFUND' }),
      ] as Transaction[],
    });
    expect(checkSize(told(999, 0), told(1_000, 0)).ok).toBe(true);
    expect(checkSize(told(1_000, 0), told(1_001, 0)).ok).toBe(false);
    expect(checkSize(told(1_000, 0), told(1_000, 1)).ok).toBe(true);
  });

  it('does not keep an order that is larger from getting smaller, or from ending', () => {
    expect(checkSize(order(101, 6), order(101, 6)).ok).toBe(true);
    expect(checkSize(order(101, 6), order(101, 5)).ok).toBe(true);
  });
});
