import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../../test/support/scale.ts';
import { outcomeOf, retryAfterMs } from './outcome.ts';
import { jitter, next, retryDelaysMs } from './schedule.ts';

const attempt = { step: 0, retryOnError: true, delaysMs: null, now: 1_000_000, random: 0.5 };

describe('the retry rule', () => {
  it('waits each delay of the schedule, within the jitter, and gives up after the last', () => {
    const steps = fc.integer({ min: 0, max: retryDelaysMs.length - 1 });
    const luck = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(steps, luck, (step, random) => {
        const after = next({ kind: 'refused', status: 500, retryAfterMs: null }, { ...attempt, step, random });
        expect(after.step).toBe(step + 1);
        const delay = retryDelaysMs[step + 1];
        if (delay === undefined) {
          expect(after.state).toBe('gave_up');
          return;
        }
        if (after.state !== 'pending') throw new Error(`It is ${after.state}`);
        expect(Math.abs(after.dueAt - attempt.now - delay)).toBeLessThanOrEqual(delay * jitter + 1);
      }),
      { numRuns: runs(200) },
    );
  });

  it('tries once where errors are not to be retried, and disables upon 410', () => {
    expect(
      next({ kind: 'refused', status: 500, retryAfterMs: null }, { ...attempt, retryOnError: false }),
    ).toMatchObject({
      state: 'gave_up',
      disable: false,
    });
    expect(next({ kind: 'refused', status: 410, retryAfterMs: null }, attempt)).toMatchObject({ disable: true });
  });

  it("keeps to a webhook's own delays where it has some", () => {
    const delaysMs = [0, 1000];
    const failed = { kind: 'refused', status: 500, retryAfterMs: null } as const;
    expect(next(failed, { ...attempt, delaysMs })).toMatchObject({ state: 'pending', dueAt: 1_001_000 });
    expect(next(failed, { ...attempt, delaysMs, step: 1 })).toMatchObject({ state: 'gave_up' });
  });

  it('waits as long as the receiver asks, when that is longer', () => {
    expect(next({ kind: 'refused', status: 429, retryAfterMs: 60_000 }, attempt)).toMatchObject({ dueAt: 1_060_000 });
    expect(next({ kind: 'refused', status: 429, retryAfterMs: 1 }, attempt)).toMatchObject({ dueAt: 1_005_000 });
  });
});

describe('Retry-After', () => {
  it.for([
    ['120', 120_000],
    ['999999999', 86_400_000],
    ['Thu, 01 Jan 1970 00:00:10 GMT', 9000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['soon', null],
    [null, null],
  ] as const)('%s', ([header, wait]) => {
    expect(retryAfterMs(header, 1000)).toBe(wait);
  });

  it('counts with 429 and 503 only; only 2xx is success', () => {
    const reply = { kind: 'response', retryAfter: '7', excerpt: '', truncated: false, durationMs: 1 } as const;
    const of = (status: number) => outcomeOf({ ...reply, status }, 0);
    expect(of(204)).toEqual({ kind: 'accepted', status: 204 });
    expect(of(302)).toEqual({ kind: 'refused', status: 302, retryAfterMs: null });
    expect(of(500)).toMatchObject({ retryAfterMs: null });
    expect(of(503)).toMatchObject({ retryAfterMs: 7000 });
  });
});
