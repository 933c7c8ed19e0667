import type { BookingDocument, BookingStatus } from '@carillon/contract';
import { describe, expect, it } from 'vitest';
import { checkSize, orderStatus } from './order.ts';

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

  it('does not keep an order that is larger from getting smaller, or from ending', () => {
    expect(checkSize(order(101, 6), order(101, 6)).ok).toBe(true);
    expect(checkSize(order(101, 6), order(101, 5)).ok).toBe(true);
  });
});
