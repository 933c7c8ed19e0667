import type { Outcome } from './outcome.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Delays before the attempts, ms (Standard Webhooks): at once, then 5 s, 5 min, … 24 h; after the last one it gives up. */
export const retryDelaysMs: readonly number[] = [
  0,
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];

/** Each delay is spread by this part to either side, so that retries do not come in waves. */
export const jitter = 0.1;

/** What becomes of a delivery after an attempt. `step` counts the attempts used up; `disable` ends the webhook as well. */
export type Next =
  | { readonly state: 'delivered'; readonly step: number }
  | { readonly state: 'pending'; readonly step: number; readonly dueAt: number }
  | { readonly state: 'gave_up'; readonly step: number; readonly reason: string; readonly disable: boolean };

/**
 * The retry rule. `step` attempts were used up before this one; `random` is in [0, 1).
 * 410 disables the webhook; `retryOnError: false` allows one attempt (Ventrata).
 */
export function next(
  outcome: Outcome,
  attempt: {
    readonly step: number;
    readonly retryOnError: boolean;
    /** The webhook's own delays, ms; null: those of Standard Webhooks. */
    readonly delaysMs: readonly number[] | null;
    readonly now: number;
    readonly random: number;
  },
): Next {
  const step = attempt.step + 1;
  if (outcome.kind === 'accepted') return { state: 'delivered', step };
  if (outcome.kind === 'refused' && outcome.status === 410) {
    return { state: 'gave_up', step, reason: 'the receiver answered 410 Gone', disable: true };
  }
  const delay = attempt.retryOnError ? (attempt.delaysMs ?? retryDelaysMs)[step] : undefined;
  if (delay === undefined) return { state: 'gave_up', step, reason: describe(outcome), disable: false };
  const spread = Math.round(delay * (1 + jitter * (2 * attempt.random - 1)));
  const asked = outcome.kind === 'refused' ? (outcome.retryAfterMs ?? 0) : 0;
  return { state: 'pending', step, dueAt: attempt.now + Math.max(spread, asked) };
}

/** An outcome in words, for the operator. */
export function describe(outcome: Outcome): string {
  return outcome.kind === 'unreachable' ? outcome.detail : `the receiver answered ${outcome.status}`;
}
