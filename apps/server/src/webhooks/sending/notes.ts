import type { Log } from '../../platform/log/index.ts';
import type { Job } from '../deliveries/delivery.ts';
import { SecretsSealed } from './endpoint.ts';
import type { Finished } from './finished.ts';
import type { Health } from './health.ts';
import type { AttemptRecord } from './store.ts';

/** What the engine writes to the log: one line for each attempt, and for what goes wrong around them. */
export interface Notes {
  attempt(finished: Finished, attempt: AttemptRecord): void;
  /** Gives the reason in words, for the operator. */
  fault(job: Job, error: unknown): string;
  disabled(webhook: string, reason: string): void;
  /** A webhook began to fail or to rest, or answers again. */
  health(webhook: string, before: Health, after: Health): void;
  repaired(lanes: number): void;
  abandoned(underWay: number, unstored: number): void;
  notStored(error: unknown): void;
  notClaimed(error: unknown): void;
  notSwept(error: unknown): void;
  notGivenBack(error: unknown): void;
}

/** See `Notes`. */
export function createNotes(log: Log): Notes {
  const failing = (code: string, text: string) => (err: unknown) => log.error({ code, err }, text);
  return {
    attempt({ webhookId, settled }, { status, reason: failure, durationMs }) {
      const { id, state, step, reason, dueAt } = settled;
      const fields = {
        code: 'delivery.attempt',
        delivery: id,
        webhook: webhookId,
        state,
        step,
        status,
        failure,
        durationMs,
      };
      if (state === 'delivered') log.debug(fields, 'delivered');
      else if (state === 'pending') log.info({ ...fields, dueAt }, 'to be sent again');
      else log.warn({ ...fields, reason }, 'gave up');
    },
    fault(job, err) {
      const sealed = err instanceof SecretsSealed;
      const reason = sealed ? err.message : 'it could not be sent by a fault of this server, which its log tells';
      log.error({ code: 'delivery.fault', delivery: job.deliveryId, webhook: job.webhookId, err }, reason);
      return reason;
    },
    disabled: (webhook, reason) => log.warn({ code: 'webhook.disabled', webhook, reason }, 'a webhook was disabled'),
    health(webhook, before, { failures, failingSince, restingUntil }) {
      const fields = { webhook, failures, restingUntil };
      if (failingSince === null) {
        if (before.failingSince !== null) log.info({ ...fields, code: 'webhook.recovered' }, 'a webhook answers again');
      } else if (restingUntil !== null && before.restingUntil === null) {
        log.warn({ ...fields, code: 'webhook.resting' }, 'a webhook is left to rest');
      } else if (before.failingSince === null) {
        log.warn({ ...fields, code: 'webhook.failing' }, 'a webhook fails');
      }
    },
    repaired: (repaired) =>
      log.warn({ code: 'delivery.heads_repaired', repaired }, 'lanes without a head were repaired'),
    abandoned: (underWay, unstored) =>
      log.warn({ code: 'delivery.abandoned', underWay, unstored }, 'not waited for: these are sent again'),
    notStored: failing('delivery.settle_failed', 'outcomes could not be stored'),
    notClaimed: failing('delivery.claim_failed', 'deliveries could not be claimed'),
    notSwept: failing('delivery.sweep_failed', 'lanes could not be swept'),
    notGivenBack: failing('delivery.release_failed', 'leases could not be given back'),
  };
}
