import type { Health } from '../sending/health.ts';

const day = 86_400_000;

/** Its operator is told after so long without a success, ms. */
export const warnAfterMs = 3 * day;
/** A webhook is disabled after so long without a success, ms. */
export const disableAfterMs = 5 * day;
/** From the warning until it is disabled, at least, ms: somebody must be able to do something about it. */
export const warnedForMs = day;
/** On so many days (UTC) some attempts must have failed: one bad day is no sign that nobody is there. */
export const leastFailingDays = 2;

/** What is due for an active webhook that fails. */
export type Judgement = 'warn' | 'disable' | 'wait';

/**
 * Whether the operator of a webhook is to be told, or the webhook to be disabled. Failures that are older than the five days, as after
 * a long stop of ours, do not count: the receiver may be there again. Times are ms UTC.
 */
export function judge(health: Health, warnedAt: number | null, now: number): Judgement {
  const { failingSince, failingDays, lastFailureAt } = health;
  if (failingSince === null || lastFailureAt === null || failingDays < leastFailingDays) return 'wait';
  if (warnedAt === null) return failingSince <= now - warnAfterMs ? 'warn' : 'wait';
  const long = failingSince <= now - disableAfterMs && warnedAt <= now - warnedForMs;
  return long && lastFailureAt > now - disableAfterMs ? 'disable' : 'wait';
}

/** When a webhook that is warned of now is disabled, at the earliest. */
export function disablesAt(failingSince: number, now: number): number {
  return Math.max(failingSince + disableAfterMs, now + warnedForMs);
}
