import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../../test/support/scale.ts';
import { failuresBeforeRest, type Health, healthAfter, healthy, restMs, type Tried } from './health.ts';

const day = 86_400_000;
const failed = (at: number, probe = false): Tried => ({ failed: true, probe, at, retryAfterMs: 0 });
const after = (tried: readonly Tried[]): Health => tried.reduce(healthAfter, healthy);

it('a webhook rests after so many failures in a row, and a success makes it healthy', () => {
  const failures = Array.from({ length: failuresBeforeRest }, (_, index) => failed(index));
  expect(after(failures.slice(1))).toMatchObject({ failures: failuresBeforeRest - 1, restingUntil: null });
  expect(after(failures)).toMatchObject({
    failingSince: 0,
    rests: 1,
    restingUntil: failuresBeforeRest - 1 + restMs(1),
  });
  expect(after([...failures, { failed: false, probe: false, at: 99, retryAfterMs: 0 }])).toEqual(healthy);
});

it('each probe that fails makes the rest longer, up to a quarter of an hour; other failures do not', () => {
  const resting = after(Array.from({ length: failuresBeforeRest }, () => failed(0)));
  expect(healthAfter(resting, failed(5)).restingUntil).toBe(resting.restingUntil);
  const probed = healthAfter(resting, failed(10_000, true));
  expect(probed).toMatchObject({ rests: 2, restingUntil: 10_000 + restMs(2) });
  expect(healthAfter(resting, { ...failed(10_000, true), retryAfterMs: 3_600_000 }).restingUntil).toBe(3_610_000);
  expect([restMs(1), restMs(2), restMs(8), restMs(9), restMs(1000)]).toEqual([
    5_000, 10_000, 640_000, 900_000, 900_000,
  ]);
});

it('counts the days on which something failed, each once', () => {
  const attempts = fc.array(
    fc.record({ failed: fc.boolean(), probe: fc.boolean(), gap: fc.nat(2 * day), retryAfterMs: fc.nat(day) }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(attempts, (list) => {
      let at = 0;
      const tried = list.map(({ gap, ...one }) => {
        at += gap;
        return { ...one, at };
      });
      const since = tried.slice(tried.findLastIndex((one) => !one.failed) + 1);
      const health = after(tried);
      expect(health.failures).toBe(since.length);
      expect(health.failingDays).toBe(new Set(since.map((one) => Math.floor(one.at / day))).size);
      expect(health.failingSince).toBe(since[0]?.at ?? null);
      const lastDay = Math.floor((since.at(-1)?.at ?? 0) / day);
      expect(health.earlierFailureAt).toBe(since.findLast((one) => Math.floor(one.at / day) < lastDay)?.at ?? null);
      expect(health.restingUntil === null).toBe(health.rests === 0);
    }),
    { numRuns: runs(200) },
  );
});
