import type { Claimed } from '../messages/message.ts';
import type { FinishedMessage } from './finished.ts';
import { nextAttemptAt } from './schedule.ts';
import type { SettlingDeps } from './settle.ts';
import { endMessage, lockHeld, postponeMessage } from './store.ts';

/** Why a message did not get as far as a provider. */
export interface Failure {
  readonly reason: string;
  /** How many times in a row it may happen before the message ends; without it, as often as the schedule has attempts. */
  readonly most?: number;
}

/**
 * Lets a message that could not be looked at or written wait for another turn, by the same schedule as attempts, or end; its operator
 * sees why. Null when it is not ours any more.
 */
export function postpone(message: Claimed, failure: Failure, deps: SettlingDeps): Promise<FinishedMessage | null> {
  const { id, leaseToken, supplierId, orderId, attempts } = message;
  const failures = message.failures + 1;
  const { reason } = failure;
  return deps.db.transaction(async (tx) => {
    if (!(await lockHeld(tx, { id, leaseToken, state: 'settling' }))) return null;
    const now = deps.now();
    const dueAt =
      failures >= (failure.most ?? Number.POSITIVE_INFINITY) ? null : nextAttemptAt(failures, now, deps.random());
    const state = dueAt === null ? 'failed' : 'settling';
    if (dueAt === null) await endMessage(tx, { id, state: 'failed', reason, endedAt: now });
    else await postponeMessage(tx, { id, reason, dueAt, failures });
    return { messageId: id, supplierId, orderId, state, code: 'exception', attempts };
  });
}
