import type { Answer } from '../authentication/answer.ts';
import type { Job } from '../deliveries/delivery.ts';
import type { Tried } from './health.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { describe, type Next, next } from './schedule.ts';
import type { AttemptRecord, Settled } from './store.ts';

/** What an attempt came to, about to be stored. */
export interface Finished {
  readonly webhookId: string;
  readonly settled: Settled;
  /** Null when nothing was sent: the delivery goes back as it was. */
  readonly attempt: AttemptRecord | null;
  /** Set when the webhook is to be disabled, if it still is what it was at this revision. */
  readonly disable: { readonly revision: number; readonly reason: string } | null;
  /** What it tells of the webhook's health; null: nothing. */
  readonly tried: Tried | null;
  /** From the change until its first attempt began, ms; null: it is another, or something else delayed it. */
  readonly firstAfterMs: number | null;
}

/** When, and with what luck, an attempt ended. Times are ms UTC; `random` is in [0, 1). */
interface Ending {
  readonly startedAt: number;
  readonly now: number;
  readonly random: number;
  /** How often in a row this delivery has found no connection free. */
  readonly busyBefore: number;
  readonly newId: () => string;
}

/** A delivery that was not tried: it goes back as it was, due at `dueAt`, with the reason, if the operator should see one. */
export function putBack(job: Job, dueAt: number, reason: string | null = null): Finished {
  const { deliveryId: id, leaseToken, step, webhookId } = job;
  const settled = { id, leaseToken, state: 'pending', reason, step, dueAt, endedAt: null, holdUntil: null } as const;
  return { webhookId, settled, attempt: null, disable: null, tried: null, firstAfterMs: null };
}

/** A delivery that a template made no body of: it ends unsent, with the reason. */
export function unsendable(job: Job, now: number): Finished {
  const { deliveryId: id, leaseToken, step, webhookId } = job;
  const reason = 'its transformation failed when it became owed, and it has not been rendered again';
  const settled = {
    id,
    leaseToken,
    state: 'gave_up',
    reason,
    step,
    dueAt: now,
    endedAt: now,
    holdUntil: null,
  } as const;
  return { webhookId, settled, attempt: null, disable: null, tried: null, firstAfterMs: null };
}

/** So often in a row a want of connections is no fault of the receiver's; from then on it uses up steps of the schedule. */
export const busyEnds = 10;

/** How long a delivery waits that found no connection free, ms: one second, doubling up to a minute. */
function busyWaitMs(busyBefore: number): number {
  return Math.min(1000 * 2 ** busyBefore, 60_000);
}

/** Whether a request ended for want of a connection here: nothing was sent. */
export function isBusy(reply: Answer): reply is Extract<Answer, { kind: 'failed' }> {
  return reply.kind === 'failed' && reply.reason === 'busy';
}

/** How long a delivery whose schedule is at its end waits for another probe of its webhook, ms. */
const endedWaitMs = 86_400_000;

/**
 * Whoever tries a webhook that rests uses up nothing, and does not give up: the schedule is for a receiver that answers now and then. It is
 * due later than others, so that another one is tried with next time: perhaps it is this one that is refused.
 */
function unused(used: Next, step: number, now: number): Next {
  if (used.state === 'pending') return { ...used, step };
  if (used.state === 'delivered' || used.disable) return used;
  return { state: 'pending', step, dueAt: now + endedWaitMs };
}

/** Decides where a delivery goes after an attempt. */
export function finishedOf(job: Job, reply: Answer, ending: Ending): Finished {
  // We stopped: whoever claims it next sends it.
  if (reply.kind === 'failed' && reply.reason === 'aborted') return putBack(job, ending.now);
  const outcome = outcomeOf(reply, ending.now);
  const attempt = attemptOf(job, reply, outcome, ending);
  if (isBusy(reply) && ending.busyBefore < busyEnds) {
    return { ...putBack(job, ending.now + busyWaitMs(ending.busyBefore), reply.detail), attempt };
  }
  const { retryOnError, sending } = job.endpoint;
  const { now, random } = ending;
  const used = next(outcome, { step: job.step, retryOnError, delaysMs: sending.retryDelaysMs, now, random });
  const after = job.probe && retryOnError ? unused(used, job.step, now) : used;
  const ended = after.state !== 'pending';
  const settled: Settled = {
    id: job.deliveryId,
    leaseToken: job.leaseToken,
    state: after.state,
    reason: after.state === 'gave_up' ? after.reason : null,
    step: after.step,
    dueAt: ended ? now : after.dueAt,
    endedAt: ended ? now : null,
    holdUntil: !ended && sending.ordering === 'subject' ? now + sending.holdForMs : null,
  };
  const disable =
    after.state === 'gave_up' && after.disable ? { revision: job.endpoint.revision, reason: after.reason } : null;
  const retryAfterMs = outcome.kind === 'refused' ? (outcome.retryAfterMs ?? 0) : 0;
  const tried = { failed: outcome.kind !== 'accepted', probe: job.probe, at: now, retryAfterMs };
  const firstAfterMs = job.owedAt === null ? null : Math.max(0, ending.startedAt - job.owedAt);
  return { webhookId: job.webhookId, settled, attempt, disable, tried, firstAfterMs };
}

/** An attempt as it is kept. */
export function attemptOf(
  job: Pick<Job, 'deliveryId'>,
  reply: Answer,
  outcome: Outcome,
  ending: Pick<Ending, 'startedAt' | 'newId'>,
): AttemptRecord {
  const answered = reply.kind === 'response';
  return {
    id: ending.newId(),
    deliveryId: job.deliveryId,
    startedAt: ending.startedAt,
    durationMs: Math.round(reply.durationMs),
    outcome: outcome.kind,
    status: answered ? reply.status : null,
    reason: answered ? null : reply.reason,
    // It goes into JSON as well, where NUL is not taken out on the way to the database.
    detail: outcome.kind === 'accepted' ? null : describe(outcome).replaceAll('\0', ''),
    response: answered ? reply.excerpt : null,
  };
}
