import type { BookingDocument, RefundStep } from '@carillon/contract';
import { describe, expect, it } from 'vitest';
import { refundOf, refundPercent } from './refund.ts';

const at = (time: string) => Date.parse(time);
const policy: RefundStep[] = [
  { untilHoursBefore: 24, refundPercent: 50 },
  { untilHoursBefore: 72, refundPercent: 100 },
];

/** A confirmed booking of 10 June, 12:00 UTC, that can be cancelled until two hours before. */
function booked(cancellationPolicy?: readonly RefundStep[], availability?: object | null): BookingDocument {
  const slot = { allDay: false, localDateTimeStart: '2026-06-10T14:00:00+02:00' };
  return {
    status: 'CONFIRMED',
    utcExpiresAt: null,
    option: {
      cancellationCutoffAmount: 2,
      cancellationCutoffUnit: 'hour',
      ...(cancellationPolicy === undefined ? {} : { cancellationPolicy }),
    },
    availability: availability === undefined ? slot : availability,
  } as unknown as BookingDocument;
}

describe('a refund', () => {
  it('is everything until the cut-off and nothing past it, where there is no policy', () => {
    expect(refundPercent(booked(), at('2026-06-10T09:59:59Z'))).toBe(100);
    expect(refundPercent(booked(), at('2026-06-10T10:00:00Z'))).toBe(0);
  });

  it.each([
    ['2026-06-07T12:00:00Z', 100],
    ['2026-06-07T12:00:01Z', 50],
    ['2026-06-09T12:00:00Z', 50],
    ['2026-06-09T12:00:01Z', 0],
    ['2026-06-10T10:00:00Z', 0],
  ])('is by the policy at %s: %i percent', (time, percent) => {
    expect(refundPercent(booked(policy), at(time))).toBe(percent);
  });

  it('is counted to closing where there are opening hours, and always in time without a slot', () => {
    const day = { allDay: true, localDateTimeStart: '2026-06-09T22:00:00Z', localDateTimeEnd: '2026-06-10T22:00:00Z' };
    expect(refundPercent(booked(policy, day), at('2026-06-09T22:00:00Z'))).toBe(50);
    expect(refundPercent(booked(policy, null), at('2030-01-01T00:00:00Z'))).toBe(100);
  });

  it('is FULL, PARTIAL or NONE', () => {
    expect([refundOf(100), refundOf(50), refundOf(0)]).toEqual(['FULL', 'PARTIAL', 'NONE']);
  });
});
