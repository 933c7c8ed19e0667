import type { Reply } from '../../platform/outbound/index.ts';
import type { Job } from '../deliveries/delivery.ts';
import type { AttemptRecord, Settled } from '../deliveries/store.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { describe, next } from './schedule.ts';

/** What an attempt came to, about to be stored. */
export interface Finished {
  readonly settled: Settled;
  /** Null when nothing was sent: the delivery goes back as it was. */
  readonly attempt: AttemptRecord | null;
  /** Set when the webhook is to be disabled, with the reason. */
  readonly disable: { readonly webhookId: string; readonly reason: string } | null;
}

/** When, and with what luck, an attempt ended. Times are ms UTC; `random` is in [0, 1). */
interface Ending {
  readonly startedAt: number;
  readonly now: number;
  readonly random: number;
  readonly retryOnError: boolean;
  readonly newId: () => string;
  /** Why it was not tried although it was due, if it is to be held. */
  readonly heldFor: string | null;
}

/** Where a delivery that was not tried waits before it is claimed again, ms. */
const busyWaitMs = 1000;

/** Decides where a delivery goes. No reply, or one that is no fault of the receiver's, uses up no step of the schedule. */
export function finishedOf(job: Job, reply: Reply | null, ending: Ending): Finished {
  const { deliveryId: id, leaseToken } = job;
  if (reply === null || (reply.kind === 'failed' && (reply.reason === 'busy' || reply.reason === 'aborted'))) {
    const dueAt = reply === null ? ending.now : ending.now + busyWaitMs;
    const state = ending.heldFor === null ? 'pending' : 'held';
    const settled = { id, leaseToken, state, reason: ending.heldFor, step: job.step, dueAt, endedAt: null } as const;
    return { settled, attempt: null, disable: null };
  }
  const outcome = outcomeOf(reply, ending.now);
  const after = next(outcome, {
    step: job.step,
    retryOnError: ending.retryOnError,
    now: ending.now,
    random: ending.random,
  });
  const settled: Settled = {
    id,
    leaseToken,
    state: after.state,
    reason: after.state === 'gave_up' ? after.reason : null,
    step: after.step,
    dueAt: after.state === 'pending' ? after.dueAt : ending.now,
    endedAt: after.state === 'pending' ? null : ending.now,
  };
  const disable =
    after.state === 'gave_up' && after.disable ? { webhookId: job.webhookId, reason: after.reason } : null;
  return { settled, attempt: attemptOf(job, reply, outcome, ending), disable };
}

function attemptOf(job: Job, reply: Reply, outcome: Outcome, ending: Ending): AttemptRecord {
  const answered = reply.kind === 'response';
  return {
    id: ending.newId(),
    deliveryId: job.deliveryId,
    startedAt: ending.startedAt,
    durationMs: Math.round(reply.durationMs),
    outcome: outcome.kind,
    status: answered ? reply.status : null,
    reason: answered ? null : reply.reason,
    detail: outcome.kind === 'accepted' ? null : describe(outcome),
    response: answered ? reply.excerpt : null,
  };
}
