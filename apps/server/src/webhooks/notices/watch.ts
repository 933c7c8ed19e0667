import type { Db, Queryable } from '../../platform/db/index.ts';
import type { Log } from '../../platform/log/index.ts';
import { followState, holdOwed } from '../deliveries/standing-store.ts';
import { lockHealth } from '../sending/health-store.ts';
import { disableWebhook, lockStanding } from '../subscriptions/store.ts';
import { disableAfterMs, disablesAt, judge, warnAfterMs, warnedForMs } from './judgement.ts';
import { recordNews } from './recording.ts';

/** Webhooks that one run looks after. */
const atOnce = 50;

/** Why a webhook is disabled to which nothing could be delivered for too long. */
export const failedTooLong = 'nothing could be delivered to it for five days';

/** Active webhooks that are to be warned of or disabled, as it seems without a lock. */
async function suspects(db: Queryable, now: number): Promise<string[]> {
  const found = await db.all<{ readonly id: string }>(
    `select h.webhook_id as id from webhook_health h join webhooks w on w.id = h.webhook_id and w.state = 'active'
      where h.failing_since <= $1 and h.failing_since is not null and h.earlier_failure_at > $2
        and (h.warned_at is null or (h.failing_since <= $2 and h.warned_at <= $3))
      order by h.failing_since limit ${atOnce}`,
    [now - warnAfterMs, now - disableAfterMs, now - warnedForMs],
  );
  return found.map(({ id }) => id);
}

/**
 * One run of the watch over webhooks that fail: warns of them, and disables those that nothing could be delivered to for five days,
 * with what they are owed held. Any number of processes may run it: each decides anew under the lock. Gives how many it acted upon.
 */
export function createWatch(deps: {
  readonly db: Db;
  readonly now: () => number;
  readonly newId: () => string;
  readonly log: Pick<Log, 'warn'>;
}): () => Promise<number> {
  const { db, now, log } = deps;

  function look(webhookId: string): Promise<boolean> {
    return db.transaction(async (tx) => {
      // The webhook before its health, as settling does.
      const [webhook] = await lockStanding(tx, [webhookId], true);
      const kept = (await lockHealth(tx, [webhookId])).get(webhookId);
      if (webhook?.state !== 'active' || kept === undefined) return false;
      const { health, warnedAt, lastError } = kept;
      const at = now();
      const judgement = judge(health, warnedAt, at);
      if (judgement === 'wait' || health.failingSince === null) return false;
      const { failures, failingSince: since } = health;
      const news = { webhookId, since, failures, lastError, at };
      if (judgement === 'warn') {
        tx.send('update webhook_health set warned_at = $2 where webhook_id = $1', [webhookId, at]);
        await recordNews(
          tx,
          [{ ...news, kind: 'webhook_failing', reason: null, disablesAt: disablesAt(since, at) }],
          deps,
        );
        tx.afterCommit(() =>
          log.warn({ code: 'webhook.warned', webhook: webhookId, failures }, 'a webhook keeps failing'),
        );
        return true;
      }
      disableWebhook(tx, { id: webhookId, reason: failedTooLong, now: at });
      await holdOwed(tx, { webhookId, reason: failedTooLong });
      await recordNews(tx, [{ ...news, kind: 'webhook_disabled', reason: failedTooLong, disablesAt: null }], deps);
      followState(db, tx, [webhookId]);
      tx.afterCommit(() =>
        log.warn({ code: 'webhook.disabled', webhook: webhookId, reason: failedTooLong }, 'a webhook was disabled'),
      );
      return true;
    });
  }

  return async () => {
    let acted = 0;
    for (const id of await suspects(db, now())) if (await look(id)) acted += 1;
    return acted;
  };
}
