import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { momentOf, offsetSlackMs, quietUntil, roughly } from './timing.ts';

const berlin = 'Europe/Berlin';
const visit = (startsAt: string, endsAt = startsAt) => ({
  startsAt: Date.parse(startsAt),
  endsAt: Date.parse(endsAt),
  timeZone: berlin,
});
const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());

describe('the moment of an e-mail about a visit', () => {
  test.each([
    [
      'the day before, at the same time',
      { days: -1, minutes: 0 },
      '2026-12-05T14:00:00+01:00',
      '2026-12-04T13:00:00.000Z',
    ],
    [
      'the day before a change of the clocks',
      { days: -1, minutes: 0 },
      '2026-10-25T14:00:00+01:00',
      '2026-10-24T12:00:00.000Z',
    ],
    ['three hours before', { days: 0, minutes: -180 }, '2026-10-25T04:00:00+01:00', '2026-10-25T00:00:00.000Z'],
    [
      'the evening before',
      { days: -1, minutes: 0, at: '18:00' },
      '2026-12-05T09:00:00+01:00',
      '2026-12-04T17:00:00.000Z',
    ],
  ])('is %s', (_, offset, startsAt, expected) => {
    expect(iso(momentOf('visit_ahead', offset, visit(startsAt)))).toBe(expected);
  });

  test('after a visit goes by its end', () => {
    const over = visit('2026-12-05T14:00:00+01:00', '2026-12-05T15:30:00+01:00');
    expect(iso(momentOf('visit_over', { days: 1, minutes: 0 }, over))).toBe('2026-12-06T14:30:00.000Z');
  });

  const zones = fc.constantFrom(berlin, 'America/New_York', 'Pacific/Apia', 'Australia/Lord_Howe', 'Asia/Kathmandu');
  const times = fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2028, 0, 1) });
  const clocks = fc
    .tuple(fc.nat(23), fc.nat(59))
    .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
  const offsets = fc.record(
    { days: fc.integer({ min: -30, max: 30 }), minutes: fc.integer({ min: -2000, max: 2000 }), at: clocks },
    { requiredKeys: ['days', 'minutes'] },
  );

  test('is never further from what is told in days and minutes than the visits that are looked at', () => {
    fc.assert(
      fc.property(zones, times, offsets, (timeZone, at, offset) => {
        const moment = momentOf('visit_ahead', offset, { startsAt: at, endsAt: at, timeZone });
        expect(Math.abs(moment - at - roughly(offset))).toBeLessThanOrEqual(offsetSlackMs);
      }),
    );
  });

  test('is at the time of day that is told, wherever the clocks do not skip it', () => {
    fc.assert(
      fc.property(zones, times, fc.integer({ min: -9, max: 9 }), clocks, (timeZone, at, days, clock) => {
        const moment = momentOf('visit_ahead', { days, minutes: 0, at: clock }, { startsAt: at, endsAt: at, timeZone });
        const local = Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(timeZone);
        const wanted = Temporal.PlainTime.from(clock);
        const isThere = local.toPlainTime().equals(wanted);
        expect(isThere || local.subtract({ hours: 2 }).offset !== local.offset).toBe(true);
      }),
    );
  });
});

describe('quiet hours', () => {
  const night = { from: '21:00', to: '08:00' };
  test.each([
    ['before midnight, until the next morning', '2026-12-05T22:30:00+01:00', '2026-12-06T07:00:00.000Z'],
    ['after midnight, until that morning', '2026-12-06T03:00:00+01:00', '2026-12-06T07:00:00.000Z'],
    ['by day, not at all', '2026-12-06T12:00:00+01:00', null],
    ['when they are just over, not at all', '2026-12-06T08:00:00+01:00', null],
  ])('hold %s', (_, now, expected) => {
    expect(iso(quietUntil(night, Date.parse(now), berlin))).toBe(expected);
  });

  test('end within a day, and are over when they end', () => {
    const zones = fc.constantFrom(berlin, 'America/New_York', 'Australia/Lord_Howe');
    const now = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) });
    fc.assert(
      fc.property(zones, now, (zone, at) => {
        const until = quietUntil(night, at, zone);
        if (until === null) return;
        expect(until).toBeGreaterThan(at);
        expect(until - at).toBeLessThanOrEqual(26 * 3_600_000);
        expect(quietUntil(night, until, zone)).toBeNull();
      }),
    );
  });
});
