import { expect, it } from 'vitest';
import { failuresBeforeRest, healthAfter, healthy } from './health.ts';
import { Wellness } from './wellness.ts';

const failure = { failed: true, probe: false, at: 0, retryAfterMs: 0 };

it('knows of its own failures before they are stored, and does not forget them for what was read before that', () => {
  const wellness = new Wellness();
  const before = wellness.moment;
  let stored = healthy;
  for (let failures = 0; failures < failuresBeforeRest; failures++) {
    wellness.failed('a', failure);
    stored = healthAfter(stored, failure);
  }
  expect([wellness.rests('a'), wellness.rests('b')]).toEqual([true, false]);
  wellness.learn('a', healthy, wellness.moment);
  expect(wellness.rests('a')).toBe(true);
  for (let failures = 0; failures < failuresBeforeRest; failures++) wellness.stored('a');
  wellness.learn('a', stored, wellness.moment);
  wellness.learn('a', healthy, before);
  expect(wellness.rests('a')).toBe(true);
  wellness.learn('a', healthy, wellness.moment);
  expect([wellness.rests('a'), wellness.isHealthy('a')]).toEqual([false, true]);
});
