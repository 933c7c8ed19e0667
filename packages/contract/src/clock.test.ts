import { describe, expect, test } from 'vitest';
import { availability, booking, option, order } from '../test/documents.ts';
import { availabilityClock, bookingClock, cancellationCutoffAt, holdElapsed, orderClock } from './clock.ts';
import type { BookingDocument } from './document.ts';

const at = (time: string) => Date.parse(time);
const none = { cancellable: false, updatable: false, confirmable: false };

describe('the cancellation cut-off', () => {
  test.each([
    [90, 'minute', '2026-06-10T10:30:00Z'],
    [2, 'hour', '2026-06-10T10:00:00Z'],
    [1, 'day', '2026-06-09T12:00:00Z'],
    [0, 'day', '2026-06-10T12:00:00Z'],
  ] as const)('%i %s before the start is %s', (cancellationCutoffAmount, cancellationCutoffUnit, expected) => {
    const cutoff = { cancellationCutoffAmount, cancellationCutoffUnit };
    expect(cancellationCutoffAt(cutoff, availability)).toBe(at(expected));
  });

  test('is before closing where there are opening hours', () => {
    const day = { ...availability, allDay: true, localDateTimeEnd: '2026-06-10T18:00:00+02:00' };
    expect(cancellationCutoffAt(option, day)).toBe(at('2026-06-09T16:00:00Z'));
  });
});

describe('a hold', () => {
  const lasting = { ...booking, utcExpiresAt: '2026-06-11T00:00:00.000Z' };

  test('can be changed, confirmed and cancelled until its time is past', () => {
    const end = at('2026-06-01T08:30:00Z');
    expect(bookingClock(booking, end - 1)).toEqual({ cancellable: true, updatable: true, confirmable: true });
    expect(bookingClock(booking, end)).toEqual(none);
    expect([holdElapsed(booking, end - 1), holdElapsed(booking, end)]).toEqual([false, true]);
  });

  test('can be changed and confirmed only while its slot is sold, and cancelled also after that', () => {
    const soldUntil = at(availability.utcCutoffAt);
    expect(bookingClock(lasting, soldUntil - 1)).toEqual({ cancellable: true, updatable: true, confirmable: true });
    expect(bookingClock(lasting, soldUntil)).toEqual({ cancellable: true, updatable: false, confirmable: false });
  });

  test('without a slot has no cut-off', () => {
    const freesale = { ...lasting, utcExpiresAt: null, availability: null };
    expect(bookingClock(freesale, at('2030-01-01T00:00:00Z'))).toMatchObject({ confirmable: true });
    expect(holdElapsed(freesale, at('2030-01-01T00:00:00Z'))).toBe(false);
  });
});

describe('what is booked', () => {
  const cutoff = at('2026-06-09T12:00:00Z');

  test.each(['CONFIRMED', 'PENDING'] as const)('can be changed and cancelled until its cut-off: %s', (status) => {
    const booked = { ...booking, status, utcExpiresAt: null };
    expect(bookingClock(booked, cutoff - 1)).toEqual({ cancellable: true, updatable: true, confirmable: false });
    expect(bookingClock(booked, cutoff)).toEqual(none);
  });

  test.each(['CANCELLED', 'EXPIRED', 'REJECTED', 'REDEEMED', 'NOSHOW'] as const)('is over when %s', (status) => {
    expect(bookingClock({ ...booking, status }, at('2026-06-01T08:00:00Z'))).toEqual(none);
  });
});

describe('an order', () => {
  const now = at('2026-06-09T13:00:00Z');
  const hold: BookingDocument = { ...booking, utcExpiresAt: '2026-06-10T00:00:00.000Z' };
  const elapsed: BookingDocument = { ...booking, utcExpiresAt: '2026-06-09T12:59:00.000Z' };
  const late: BookingDocument = { ...booking, status: 'CONFIRMED', utcExpiresAt: null };
  const early: BookingDocument = { ...late, availability: null };
  const of = (...bookings: BookingDocument[]) => orderClock({ ...order, bookings }, now);
  const being = (status: BookingDocument['status']): BookingDocument => ({ ...late, status });

  test('is confirmable when it has holds, and none has expired since it was last acted on', () => {
    expect(of(hold, early).confirmable).toBe(true);
    expect(of(hold, being('CANCELLED')).confirmable).toBe(true);
    expect(of(hold, elapsed).confirmable).toBe(false);
    expect(of(hold, being('EXPIRED')).confirmable).toBe(false);
    const since = { utcCreatedAt: '2026-06-09T12:59:00.000Z' };
    expect(of({ ...hold, ...since }, elapsed).confirmable).toBe(true);
    const gone = { ...elapsed, status: 'EXPIRED', utcUpdatedAt: '2026-06-09T12:59:30.000Z' } as const;
    expect(of({ ...hold, utcUpdatedAt: gone.utcUpdatedAt }, gone).confirmable).toBe(false);
    expect(of({ ...hold, utcUpdatedAt: '2026-06-09T12:59:31.000Z' }, gone).confirmable).toBe(true);
    expect(of(early).confirmable).toBe(false);
  });

  test('is cancellable and updatable when all of it is that neither is over nor has ended', () => {
    expect(of(hold, early)).toMatchObject({ cancellable: true, updatable: true });
    expect(of(hold, late)).toMatchObject({ cancellable: false, updatable: false });
    expect(of(early, elapsed, being('EXPIRED'), being('REDEEMED'))).toMatchObject({ cancellable: true });
    expect(of(elapsed, being('CANCELLED'))).toEqual(none);
  });
});

describe('a slot', () => {
  const soldUntil = at(availability.utcCutoffAt);

  test.each([
    ['AVAILABLE', true],
    ['LIMITED', true],
    ['FREESALE', true],
    ['SOLD_OUT', false],
    ['CLOSED', false],
  ] as const)('that is %s is available before its cut-off: %s', (status, available) => {
    expect(availabilityClock({ ...availability, status }, soldUntil - 1)).toEqual({ available });
    expect(availabilityClock({ ...availability, status }, soldUntil)).toEqual({ available: false });
  });
});
