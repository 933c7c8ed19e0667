import type { Db } from '../../platform/db/index.ts';
import type { Found } from '../../platform/worker/index.ts';
import { webhookDeleted } from '../subscriptions/webhook.ts';
import { cancelOwed, holdOwed, keepState, releaseOwed, webhooksOutOfLine } from './standing-store.ts';

/** Webhooks that one run looks after. */
const atOnce = 20;

/**
 * One run of the work that brings what is owed in line with the state of its webhook: held where it is disabled, cancelled where it
 * was deleted, due where it is active. In portions, each a short transaction, so that a webhook with a hundred thousand deliveries
 * stops nobody; a crash in between leaves the rest to the next run.
 */
export function standingWork(deps: { readonly db: Db; readonly now: () => number }): () => Promise<Found> {
  const { db, now } = deps;

  /** Gives how many deliveries were changed. */
  function portionOf(webhookId: string): Promise<number> {
    return db.transaction(async (tx) => {
      const webhook = await keepState(tx, webhookId);
      if (webhook === undefined) return 0;
      const reason = webhook.reason ?? webhookDeleted;
      if (webhook.state === 'deleted') return cancelOwed(tx, { webhookId, reason, now: now() });
      if (webhook.state === 'disabled') return holdOwed(tx, { webhookId, reason });
      tx.afterCommit(() => db.notify('deliveries'));
      return releaseOwed(tx, { webhookId, now: now() });
    });
  }

  return async () => {
    const webhooks = await webhooksOutOfLine(db, atOnce);
    let changed = 0;
    for (const { id } of webhooks) changed += await portionOf(id);
    // What somebody has locked is left to the next poll.
    return changed > 0 ? 'more' : 'idle';
  };
}
