import type { Db, Tx } from '../../platform/db/index.ts';
import type { Found } from '../../platform/worker/index.ts';
import { webhookDeleted } from '../subscriptions/webhook.ts';
import {
  cancelOwed,
  holdOwed,
  isInLine,
  keepState,
  leaveInLine,
  lookLater,
  nextOutOfLineAt,
  releaseOwed,
  webhooksOutOfLine,
} from './standing-store.ts';

type Kept = NonNullable<Awaited<ReturnType<typeof keepState>>>;

/** Webhooks that one run looks after. */
const atOnce = 20;
/** After so long, ms, what somebody had in hand is looked at again. */
const againMs = 1000;

/**
 * One run of the work that brings what is owed in line with the state of its webhook: held where it is disabled, cancelled where it
 * was deleted, due where it is active. In portions, each a short transaction, so that a webhook with a hundred thousand deliveries
 * stops nobody; a crash in between leaves the rest to the next run. It looks at webhooks whose state has changed, and at no others.
 */
export function standingWork(deps: { readonly db: Db; readonly now: () => number }): () => Promise<Found> {
  const { db, now } = deps;

  /** Gives how many deliveries were changed. */
  function portionOf(webhookId: string): Promise<number> {
    return db.transaction(async (tx) => {
      const webhook = await keepState(tx, webhookId);
      const changed = webhook === undefined ? 0 : await align(tx, webhookId, webhook);
      if (changed > 0) return changed;
      const inLine = webhook === undefined || (await isInLine(tx, webhookId, webhook.state));
      if (inLine) leaveInLine(tx, webhookId);
      else lookLater(tx, webhookId, now() + againMs);
      return 0;
    });
  }

  function align(tx: Tx, webhookId: string, webhook: Kept): Promise<number> {
    const reason = webhook.reason ?? webhookDeleted;
    if (webhook.state === 'deleted') return cancelOwed(tx, { webhookId, reason, now: now() });
    if (webhook.state === 'disabled') return holdOwed(tx, { webhookId, reason });
    tx.afterCommit(() => db.notify('deliveries'));
    return releaseOwed(tx, { webhookId, now: now() });
  }

  return async () => {
    const webhooks = await webhooksOutOfLine(db, now(), atOnce);
    let changed = 0;
    for (const id of webhooks) changed += await portionOf(id);
    if (changed > 0 || webhooks.length === atOnce) return 'more';
    const at = await nextOutOfLineAt(db, now());
    return at === null ? 'idle' : new Date(at);
  };
}
