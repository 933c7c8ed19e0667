import type { Standing } from '../subscriptions/store.ts';
import { webhookDeleted } from '../subscriptions/webhook.ts';
import type { Finished } from './finished.ts';
import type { Settled } from './store.ts';

/** Whether storing an outcome takes knowing how its webhook stands: it leaves the delivery open, or disables the webhook. */
export function dependsOnWebhook(finished: Finished): boolean {
  return finished.settled.endedAt === null || finished.disable !== null;
}

/** The webhooks that outcomes disable, with the reason: those that are still what the receiver answered for. */
export function disabledBy(batch: readonly Finished[], standing: ReadonlyMap<string, Standing>): Map<string, string> {
  const disabled = new Map<string, string>();
  for (const { webhookId, disable } of batch) {
    const webhook = standing.get(webhookId);
    if (disable === null || webhook?.state !== 'active' || webhook.revision !== disable.revision) continue;
    disabled.set(webhookId, disable.reason);
  }
  return disabled;
}

/**
 * Where a delivery goes in the light of what its webhook is by now. What stays open is held where the webhook is disabled and
 * cancelled where it was deleted; a 410 of what the webhook was before it was changed is not the answer of what it is: due again.
 */
export function settledFor(finished: Finished, webhook: Standing, now: number): Settled {
  const { settled, disable } = finished;
  if (disable !== null && webhook.state === 'active') {
    return { ...settled, state: 'pending', reason: null, step: settled.step - 1, dueAt: now, endedAt: null };
  }
  if (settled.endedAt !== null || webhook.state === 'active') return settled;
  return webhook.state === 'disabled'
    ? { ...settled, state: 'held', reason: webhook.reason, dueAt: now }
    : { ...settled, state: 'cancelled', reason: webhookDeleted, endedAt: now };
}
