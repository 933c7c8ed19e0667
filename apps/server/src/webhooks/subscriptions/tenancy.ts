import type { Db, Tx } from '../../platform/db/index.ts';
import { cancelOwed, followState, holdOwed, releaseOwed } from '../deliveries/standing-store.ts';
import { forgetHealth } from '../sending/health-store.ts';
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

/** Deliveries that are changed at once with their webhooks; the others follow in portions (`standingWork`). */
const changedAtOnce = 500;

// The states first: from the commit on nothing more is sent, however long what is owed takes to follow.

/** Disables a supplier's active webhooks: what is owed to them is held, as what is still to come will be. `now` is ms UTC. */
export async function suspendWebhooks(db: Db, tx: Tx, supplierId: string, now: number): Promise<void> {
  let changed = 0;
  const written: string[] = [];
  for (const webhook of await lockWebhooksOf(tx, { supplierId })) {
    if (webhook.state !== 'active') continue;
    await write(tx, webhook, { state: 'disabled', stateReason: supplierSuspended }, now);
    written.push(webhook.id);
    if (changed < changedAtOnce) changed += await holdOwed(tx, { webhookId: webhook.id, reason: supplierSuspended });
  }
  followState(db, tx, written);
}

/** Makes those webhooks active again that were disabled with their supplier, and what was held for them due. */
export async function resumeWebhooks(db: Db, tx: Tx, supplierId: string, now: number): Promise<void> {
  let changed = 0;
  const written: string[] = [];
  for (const webhook of await lockWebhooksOf(tx, { supplierId })) {
    if (webhook.stateReason !== supplierSuspended) continue;
    await write(tx, webhook, { state: 'active', stateReason: null }, now);
    written.push(webhook.id);
    // Nothing was tried meanwhile: that time does not count against its receiver.
    forgetHealth(tx, [webhook.id]);
    if (changed < changedAtOnce) changed += await releaseOwed(tx, { webhookId: webhook.id, now });
  }
  followState(db, tx, written);
}

/** Deletes the webhooks of a supplier or of a connection; what is owed to them is cancelled. `reason` is for the operator. */
export async function deleteWebhooks(db: Db, tx: Tx, whose: Whose, reason: string, now: number): Promise<void> {
  let changed = 0;
  const written: string[] = [];
  for (const webhook of await lockWebhooksOf(tx, whose)) {
    await write(tx, webhook, { state: 'deleted', stateReason: reason }, now);
    written.push(webhook.id);
    if (changed < changedAtOnce) changed += await cancelOwed(tx, { webhookId: webhook.id, reason, now });
  }
  followState(db, tx, written);
}
