import type { BookingDocument, BookingStatus, Ticket } from '@carillon/contract';
import { describe, expect, it } from 'vitest';
import { orderVoucher } from './order-voucher.ts';

const ticket = (code: string, utcRedeemedAt: string | null = null): Ticket => ({
  redemptionMethod: 'DIGITAL',
  utcRedeemedAt,
  deliveryOptions: [{ deliveryFormat: 'QRCODE', deliveryValue: code }],
});

const booking = (voucher: Ticket | null, tickets: readonly Ticket[] = [], status: BookingStatus = 'CONFIRMED') =>
  ({
    status,
    product: { redemptionMethod: 'PRINT' },
    voucher,
    unitItems: tickets.map((each) => ({ ticket: each })),
  }) as unknown as BookingDocument;

const codes = (...bookings: BookingDocument[]) =>
  orderVoucher(bookings)?.deliveryOptions.map(({ deliveryValue }) => deliveryValue);

describe('the voucher of an order', () => {
  it('has the code of each booking, or of each unit where the booking has none', () => {
    expect(codes(booking(ticket('A')), booking(null, [ticket('B1'), ticket('B2')]))).toEqual(['A', 'B1', 'B2']);
    expect(codes(booking(ticket('A'), [ticket('A1')]))).toEqual(['A']);
  });

  it('has none of what has ended', () => {
    expect(codes(booking(ticket('A'), [], 'CANCELLED'), booking(ticket('B')))).toEqual(['B']);
  });

  it('is redeemed with the last of its codes', () => {
    const [one, other] = [booking(ticket('A', '2026-06-10T12:00:00Z')), booking(ticket('B', '2026-06-10T13:00:00Z'))];
    expect(orderVoucher([one, booking(ticket('B'))])?.utcRedeemedAt).toBeNull();
    expect(orderVoucher([one, other])?.utcRedeemedAt).toBe('2026-06-10T13:00:00Z');
  });

  it('is how its first booking is redeemed; without bookings there is none', () => {
    expect(orderVoucher([booking(null)])).toEqual({
      redemptionMethod: 'PRINT',
      utcRedeemedAt: null,
      deliveryOptions: [],
    });
    expect(orderVoucher([])).toBeNull();
  });
});
