import { describe, expect, it } from 'vitest';
import type { Job } from '../deliveries/delivery.ts';
import { usualSending } from '../subscriptions/webhook.ts';
import { BusyEnds } from './busy-ends.ts';
import { busyEnds, finishedOf } from './finished.ts';

const job = {
  deliveryId: 'd',
  webhookId: 'w',
  step: 3,
  leaseToken: 't',
  endpoint: { revision: 7, retryOnError: true, sending: usualSending },
} as Job;
const ending = { startedAt: 0, now: 1000, random: 0.5, busyBefore: 0, newId: () => 'a' };
const failed = (reason: 'busy' | 'aborted') => ({ kind: 'failed', reason, detail: 'why', durationMs: 0 }) as const;

describe('a delivery that found no connection free', () => {
  it('uses up no step until that has come too often in a row, and then goes the way of the schedule', () => {
    for (let busyBefore = 0; busyBefore < busyEnds; busyBefore++) {
      const { settled, attempt } = finishedOf(job, failed('busy'), { ...ending, busyBefore });
      expect(settled).toMatchObject({ state: 'pending', step: 3, reason: 'why' });
      expect(settled.dueAt - ending.now).toBe(Math.min(1000 * 2 ** busyBefore, 60_000));
      expect(attempt).toMatchObject({ outcome: 'unreachable', reason: 'busy' });
    }
    expect(finishedOf(job, failed('busy'), { ...ending, busyBefore: busyEnds }).settled).toMatchObject({ step: 4 });
  });

  it('is counted until one of its attempts ends otherwise', () => {
    const counts = new BusyEnds(2);
    expect([
      counts.count('a', true),
      counts.count('a', true),
      counts.count('a', false),
      counts.count('a', true),
    ]).toEqual([0, 1, 2, 0]);
    counts.count('b', true);
    counts.count('c', true);
    expect([counts.count('a', true), counts.count('c', true)]).toEqual([0, 1]);
  });
});

it('an attempt that we broke off leaves the delivery as it was', () => {
  expect(finishedOf(job, failed('aborted'), ending)).toMatchObject({
    settled: { state: 'pending', step: 3, dueAt: 1000 },
    attempt: null,
  });
});
