import type { Health } from '../sending/health.ts';

const day = 86_400_000;

/** Its operator is told after so long without a success, ms. */
export const warnAfterMs = 3 * day;
/** A webhook is disabled after so long without a success, ms; on two days (UTC) of it some attempts must have failed. */
export const disableAfterMs = 5 * day;
/** From the warning until it is disabled, at least, ms: somebody must be able to do something about it. */
export const warnedForMs = day;
/** What is due for an active webhook that fails. */
export type Judgement = 'warn' | 'disable' | 'wait';

/**
 * Whether the operator of a webhook is to be told, or the webhook to be disabled. Failures count that are not older than the five days:
 * on one day alone they are no sign that nobody is there, and those from before a long stop of ours, or before long silence, tell
 * nothing of the receiver as it is now. Times are ms UTC.
 */
export function judge(health: Health, warnedAt: number | null, now: number): Judgement {
  const { failingSince, earlierFailureAt } = health;
  if (failingSince === null || earlierFailureAt === null || earlierFailureAt <= now - disableAfterMs) return 'wait';
  if (warnedAt === null) return failingSince <= now - warnAfterMs ? 'warn' : 'wait';
  return failingSince <= now - disableAfterMs && warnedAt <= now - warnedForMs ? 'disable' : 'wait';
}

/** When a webhook that is warned of now is disabled, at the earliest. */
export function disablesAt(failingSince: number, now: number): number {
  return Math.max(failingSince + disableAfterMs, now + warnedForMs);
}
