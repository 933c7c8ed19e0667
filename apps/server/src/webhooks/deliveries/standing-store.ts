import type { Db, Queryable, Tx } from '../../platform/db/index.ts';
import type { Webhook } from '../subscriptions/webhook.ts';

/** Deliveries that follow the state of their webhook in one transaction. */
const portion = 500;

/**
 * What a webhook ($1) is still owed, by the index of what is open: `lane > ''` is always true, and keeps SQLite from walking all
 * that the webhook ever was owed.
 */
const openOfWebhook = `state in ('pending', 'held') and webhook_id = $1 and lane > ''`;

/** A change of what is owed to one webhook. `now` is ms UTC. */
interface Owed {
  readonly webhookId: string;
  readonly reason: string;
  readonly now: number;
}

/** Ends a portion of what is still owed to a webhook that is deleted; gives how many there were. */
export function cancelOwed(tx: Tx, owed: Owed): Promise<number> {
  return tx.run(
    `with owed as (
       select id from deliveries where ${openOfWebhook} order by lane, position limit ${portion}${tx.dialect.forUpdate}
     )
     update deliveries
        set state = 'cancelled', reason = $2, ended_at = $3, lease_token = null, lease_until = 0, hold_until = null
      where id in (select id from owed)`,
    [owed.webhookId, owed.reason, owed.now],
  );
}

/** What of a webhook ($1) would be sent, and what waits behind that: each by its index, which has none of those that are held. */
const heads = `is_head = 1 and state = 'pending' and webhook_id = $1`;
const behind = `is_head = 0 and in_lane = 1 and state in ('pending', 'held') and webhook_id = $1 and state = 'pending'`;

/**
 * Holds a portion of what is still owed to a webhook that is disabled, until the operator decides. What is leased may be under way: its
 * settlement decides.
 */
export async function holdOwed(tx: Tx, owed: Pick<Owed, 'webhookId' | 'reason'>): Promise<number> {
  const held = [heads, behind].map((which) =>
    tx.run(
      `with owed as (
         select id from deliveries
          where ${which} and lease_until <= ${tx.dialect.nowMs} limit ${portion / 2}${tx.dialect.forUpdateSkipLocked}
       )
       update deliveries set state = 'held', reason = $2, lease_token = null, lease_until = 0
        where id in (select id from owed)`,
      [owed.webhookId, owed.reason],
    ),
  );
  return (await Promise.all(held)).reduce((sum, count) => sum + count, 0);
}

/** Makes a portion of what is held for a webhook due again. */
export function releaseOwed(tx: Tx, owed: Pick<Owed, 'webhookId' | 'now'>): Promise<number> {
  return tx.run(
    `with owed as (
       select id from deliveries
        where state = 'held' and webhook_id = $1 order by lane, position limit ${portion}${tx.dialect.forUpdate}
     )
     update deliveries set state = 'pending', reason = null, due_at = $2 where id in (select id from owed)`,
    [owed.webhookId, owed.now],
  );
}

/** A webhook to which something is owed that does not agree with its state. */
export type OutOfLine = Pick<Webhook, 'id' | 'supplierId'>;

/** Webhooks that are disabled or deleted and still have something that would be sent, or are active and have something held. */
export function webhooksOutOfLine(db: Queryable, limit: number): Promise<OutOfLine[]> {
  return db.all(
    `select w.id, w.supplier_id as "supplierId" from webhooks w
      where (w.state = 'disabled'
             and (exists (select 1 from deliveries
                           where ${heads.replace('$1', 'w.id')} and lease_until <= ${db.dialect.nowMs})
                  or exists (select 1 from deliveries where ${behind.replace('$1', 'w.id')})))
         or (w.state = 'deleted'
             and exists (select 1 from deliveries d
                          where d.state in ('pending', 'held') and d.webhook_id = w.id and d.lane > ''))
         or (w.state = 'active' and exists (select 1 from deliveries d where d.state = 'held' and d.webhook_id = w.id))
      limit $1`,
    [limit],
  );
}

/** The state of a webhook, which stays so until the transaction ends. */
export async function keepState(
  tx: Tx,
  webhookId: string,
): Promise<{ readonly state: Webhook['state']; readonly reason: string | null } | undefined> {
  const [row] = await tx.all<{ state: Webhook['state']; reason: string | null }>(
    `select w.state, w.state_reason as reason from webhooks w where w.id = $1${tx.dialect.forShareOf('w')}`,
    [webhookId],
  );
  return row;
}

/** Tells whoever runs `standingWork` that a webhook's state has changed, once it has. */
export function followState(db: Db, tx: Tx): void {
  tx.afterCommit(() => {
    db.notify('standing');
    db.notify('deliveries');
  });
}
