import { createPosting } from '../authentication/posting.ts';
import type { Job } from '../deliveries/delivery.ts';
import { BusyEnds } from './busy-ends.ts';
import { endpointCache } from './endpoint.ts';
import type { EngineDeps } from './engine-deps.ts';
import { type Finished, finishedOf, isBusy, putBack, unsendable } from './finished.ts';
import type { EngineLimits } from './limits.ts';
import type { Notes } from './notes.ts';
import { requestOf } from './request.ts';

/** How long a delivery waits that could not be sent by a fault of ours, ms. */
const faultWaitMs = 60_000;

/** Sends one delivery, and decides where it goes then; never fails. */
export type Attempting = (job: Job) => Promise<Finished>;

/** See `Attempting`. */
export function createAttempting(deps: EngineDeps, limits: EngineLimits, notes: Notes): Attempting {
  const { now, newId, random, tracing } = deps;
  const endpoint = endpointCache(deps.seal, deps.userAgent);
  const post = createPosting({ outbound: deps.outbound, now });
  const busyEnds = new BusyEnds();
  const { timeoutMs, maxResponseBytes } = limits;

  return async (job) => {
    const startedAt = now();
    if (job.form === 'failed') return unsendable(job, startedAt);
    const span = job.traceparent === null ? undefined : tracing?.attempt(job, job.traceparent, startedAt);
    const ended = (finished: Finished): Finished => {
      span?.end(finished);
      return finished;
    };
    try {
      const target = endpoint(job.endpoint);
      const { headers, body } = requestOf(job, target, startedAt, span?.traceparent);
      const reply = await post(target, { pool: job.webhookId, headers, body, timeoutMs, maxResponseBytes });
      const busyBefore = busyEnds.count(job.deliveryId, isBusy(reply));
      return ended(finishedOf(job, reply, { startedAt, now: now(), random: random(), busyBefore, newId }));
    } catch (error) {
      return ended(putBack(job, now() + faultWaitMs, notes.fault(job, error)));
    }
  };
}
