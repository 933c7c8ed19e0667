import { expect, test } from 'vitest';
import { tokenBuckets } from './token-buckets.ts';

test('a key may do its burst at once, then what its rate allows, and is told how long to wait', () => {
  let now = 1_000;
  const buckets = tokenBuckets({ perSecond: 2, burst: 3 }, () => now);
  const take = () => buckets.take('a');
  expect([take(), take(), take()].every(({ allowed }) => allowed)).toBe(true);
  expect(take()).toEqual({ allowed: false, waitMs: 500 });
  now += 500;
  expect(take()).toEqual({ allowed: true });
  expect(take()).toEqual({ allowed: false, waitMs: 500 });
});

test('keys do not share their tokens', () => {
  const buckets = tokenBuckets({ perSecond: 1, burst: 1 }, () => 0);
  expect(buckets.take('a').allowed).toBe(true);
  expect(buckets.take('b').allowed).toBe(true);
  expect(buckets.take('a').allowed).toBe(false);
});

test('a long rest gives a burst and no more; a clock set back takes nothing away', () => {
  let now = 0;
  const buckets = tokenBuckets({ perSecond: 1, burst: 2 }, () => now);
  buckets.take('a');
  now = 1_000_000;
  expect([1, 2, 3].map(() => buckets.take('a').allowed)).toEqual([true, true, false]);
  now = 0;
  expect(buckets.take('a')).toEqual({ allowed: false, waitMs: 1_000 });
});

test('the key that was used last is remembered when there are too many keys', () => {
  const buckets = tokenBuckets({ perSecond: 1, burst: 1 }, () => 0);
  buckets.take('first');
  for (let n = 0; n < 9_999; n++) buckets.take(`k${n}`);
  expect(buckets.take('first').allowed).toBe(false);
  for (let n = 0; n < 9_999; n++) buckets.take(`l${n}`);
  expect(buckets.take('first').allowed).toBe(false);
  for (let n = 0; n < 10_000; n++) buckets.take(`m${n}`);
  expect(buckets.take('first').allowed).toBe(true);
});
