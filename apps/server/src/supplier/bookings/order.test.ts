import type { BookingStatus } from '@carillon/contract';
import { describe, expect, it } from 'vitest';
import { orderStatus } from './order.ts';

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
