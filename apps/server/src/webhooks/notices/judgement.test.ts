import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../../test/support/scale.ts';
import { type Health, healthAfter, healthy } from '../sending/health.ts';
import { disablesAt, judge } from './judgement.ts';

const hour = 3_600_000;
const day = 24 * hour;
const start = Date.UTC(2026, 5, 1);

const tried = (at: number, failed: boolean) => ({ failed, probe: false, at, retryAfterMs: 0 });

/** What became of a webhook by the hours at which it was tried, looked at every hour: when it was warned of and disabled. */
function followed(tries: readonly { readonly hour: number; readonly failed: boolean }[], hours: number) {
  let health: Health = healthy;
  let warnedAt: number | null = null;
  const warnings: number[] = [];
  for (let at = 0; at < hours; at++) {
    const now = start + at * hour;
    for (const one of tries) {
      if (one.hour !== at) continue;
      health = healthAfter(health, tried(now, one.failed));
      if (!one.failed) warnedAt = null;
    }
    const judgement = judge(health, warnedAt, now);
    if (judgement === 'disable') return { warnings, disabledAt: now, since: health.failingSince };
    if (judgement === 'warn') {
      warnedAt = now;
      warnings.push(now);
    }
  }
  return { warnings, disabledAt: null, since: health.failingSince };
}

describe('a webhook that fails', () => {
  it('is warned of after three days and disabled after five', () => {
    const every = Array.from({ length: 200 }, (_, at) => ({ hour: at, failed: true }));
    expect(followed(every, 200)).toEqual({
      warnings: [start + 3 * day],
      disabledAt: start + 5 * day,
      since: start,
    });
  });

  it('on one day only is left alone', () => {
    const oneDay = Array.from({ length: 20 }, (_, at) => ({ hour: at, failed: true }));
    expect(followed(oneDay, 400)).toMatchObject({ warnings: [], disabledAt: null });
  });

  it('on a day of each week is left alone, however many weeks that goes', () => {
    const weekly = [0, 9, 18, 27].map((on) => ({ hour: 24 * on, failed: true }));
    expect(followed(weekly, 24 * 40)).toMatchObject({ warnings: [], disabledAt: null });
  });

  it('again on two days after a long silence is warned of a day before it is disabled', () => {
    const late = [9, 10].map((on) => ({ hour: 24 * on, failed: true }));
    const { warnings, disabledAt } = followed([{ hour: 0, failed: true }, ...late], 24 * 20);
    expect(warnings).toEqual([start + 10 * day]);
    expect(disabledAt).toBe(start + 11 * day);
    expect(disablesAt(start, start + 10 * day)).toBe(start + 11 * day);
  });

  it('is neither warned of nor disabled for failures of long ago, as after a stop of ours', () => {
    const failingOn = { lastFailureAt: start + 2 * day, earlierFailureAt: start + day };
    const health = { ...healthy, failures: 9, failingSince: start, ...failingOn };
    expect(judge(health, start + 3 * day, start + 5.5 * day)).toBe('disable');
    expect(judge(health, start + 3 * day, start + 6 * day)).toBe('wait');
    expect(judge(health, null, start + 5.5 * day)).toBe('warn');
    expect(judge(health, null, start + 6 * day)).toBe('wait');
  });

  it('is never disabled within five days of a success, on fewer than two days of failures of the last five, or without a warning a day before', () => {
    const tries = fc.array(fc.record({ hour: fc.integer({ min: 0, max: 400 }), failed: fc.boolean() }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(tries, (list) => {
        const { warnings, disabledAt } = followed(list, 420);
        if (disabledAt === null) return;
        const until = (disabledAt - start) / hour;
        const successes = list.filter((one) => !one.failed && one.hour <= until).map((one) => one.hour);
        const lastSuccess = Math.max(-1, ...successes);
        expect(lastSuccess).toBeLessThanOrEqual(until - 5 * 24);
        const since = Math.max(lastSuccess, until - 5 * 24);
        const failures = list.filter((one) => one.failed && one.hour >= since && one.hour <= until);
        expect(new Set(failures.map((one) => Math.floor(one.hour / 24))).size).toBeGreaterThanOrEqual(2);
        expect(warnings.at(-1)).toBeLessThanOrEqual(disabledAt - day);
      }),
      { numRuns: runs(300) },
    );
  });
});
