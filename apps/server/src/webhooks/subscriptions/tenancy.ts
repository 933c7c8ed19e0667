import type { Db, Tx } from '../../platform/db/index.ts';
import { cancelOwed, holdOwed, releaseOwed } from '../deliveries/store.ts';
import { lockWebhooksOf, updateWebhook } from './store.ts';
import type { Webhook } from './webhook.ts';

/** Why the webhooks of a supplier that is suspended are disabled, and what is owed to them held. */
export const supplierSuspended = 'the supplier is suspended';

/** Whose webhooks: a supplier's, or those of one of its connections. */
export interface Whose {
  readonly supplierId: string;
  readonly connectionId?: string;
}

function write(tx: Tx, webhook: Webhook, changes: Pick<Webhook, 'state' | 'stateReason'>, now: number) {
  return updateWebhook(tx, { ...webhook, ...changes, revision: webhook.revision + 1, updatedAt: now });
}

/** Disables a supplier's active webhooks: what is owed to them is held, as what is still to come will be. `now` is ms UTC. */
export async function suspendWebhooks(tx: Tx, supplierId: string, now: number): Promise<void> {
  for (const webhook of await lockWebhooksOf(tx, { supplierId })) {
    if (webhook.state !== 'active') continue;
    await write(tx, webhook, { state: 'disabled', stateReason: supplierSuspended }, now);
    await holdOwed(tx, { webhookId: webhook.id, reason: supplierSuspended });
  }
}

/** Makes those webhooks active again that were disabled with their supplier, and what was held for them due. */
export async function resumeWebhooks(db: Db, tx: Tx, supplierId: string, now: number): Promise<void> {
  for (const webhook of await lockWebhooksOf(tx, { supplierId })) {
    if (webhook.stateReason !== supplierSuspended) continue;
    await write(tx, webhook, { state: 'active', stateReason: null }, now);
    await releaseOwed(tx, { webhookId: webhook.id, now });
  }
  tx.afterCommit(() => db.notify('deliveries'));
}

/** Deletes the webhooks of a supplier or of a connection; what is owed to them is cancelled. `reason` is for the operator. */
export async function deleteWebhooks(tx: Tx, whose: Whose, reason: string, now: number): Promise<void> {
  for (const webhook of await lockWebhooksOf(tx, whose)) {
    await write(tx, webhook, { state: 'deleted', stateReason: reason }, now);
    await cancelOwed(tx, { webhookId: webhook.id, reason, now });
  }
}
