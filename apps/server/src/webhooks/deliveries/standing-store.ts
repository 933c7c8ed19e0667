import { type Db, portions, type Queryable, rows, type Tx } from '../../platform/db/index.ts';
import type { Webhook } from '../subscriptions/webhook.ts';
import { putBack } from './putting-back.ts';

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

/** Ends a portion of what is still owed to a webhook that is deleted, what had arrived before as delivered; gives how many there were. */
export function cancelOwed(tx: Tx, owed: Owed): Promise<number> {
  return tx.run(
    `with owed as (
       select id from deliveries where ${openOfWebhook} order by lane, position limit ${portion}${tx.dialect.forUpdate}
     )
     update deliveries set ${putBack} where id in (select id from owed)`,
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
       update deliveries set state = 'held', reason = $2, lease_token = null, lease_until = 0, hold_until = null
        where id in (select id from owed)`,
      [owed.webhookId, owed.reason],
    ),
  );
  return (await Promise.all(held)).reduce((sum, count) => sum + count, 0);
}

/** Makes a portion of what is held for a webhook due again; how long it has held back its lane counts from its next failure. */
export function releaseOwed(tx: Tx, owed: Pick<Owed, 'webhookId' | 'now'>): Promise<number> {
  return tx.run(
    `with owed as (
       select id from deliveries
        where state = 'held' and webhook_id = $1 order by lane, position limit ${portion}${tx.dialect.forUpdate}
     )
     update deliveries set state = 'pending', reason = null, due_at = $2, hold_until = null where id in (select id from owed)`,
    [owed.webhookId, owed.now],
  );
}

/** Webhooks whose state has changed and that are due to be looked after, those first that have waited longest. */
export async function webhooksOutOfLine(db: Queryable, now: number, limit: number): Promise<string[]> {
  const found = await db.all<{ id: string }>(
    'select webhook_id as id from webhooks_out_of_line where due_at <= $1 order by due_at limit $2',
    [now, limit],
  );
  return found.map(({ id }) => id);
}

/** When the next of the webhooks that are not due yet is to be looked after, ms UTC; null: there is none. */
export async function nextOutOfLineAt(db: Queryable, now: number): Promise<number | null> {
  const [row] = await db.all<{ at: number | null }>(
    'select min(due_at) as at from webhooks_out_of_line where due_at > $1',
    [now],
  );
  return row?.at ?? null;
}

/** What does not agree with the state of its webhook ($1): also what some process has in hand. */
const against: Readonly<Record<Webhook['state'], readonly string[]>> = {
  active: [`state = 'held' and webhook_id = $1`],
  disabled: [heads, behind],
  deleted: [openOfWebhook],
};

/** Whether everything that is owed to a webhook, whose state was kept, agrees with it. */
export async function isInLine(tx: Tx, webhookId: string, state: Webhook['state']): Promise<boolean> {
  const found = await Promise.all(
    against[state].map((which) => tx.all(`select 1 as found from deliveries where ${which} limit 1`, [webhookId])),
  );
  return found.every((each) => each.length === 0);
}

/** Looks after a webhook no more: its state was kept, and everything agrees with it. */
export function leaveInLine(tx: Tx, webhookId: string): void {
  tx.send('delete from webhooks_out_of_line where webhook_id = $1', [webhookId]);
}

/** Looks after a webhook again at a time, ms UTC. */
export function lookLater(tx: Tx, webhookId: string, at: number): void {
  tx.send('update webhooks_out_of_line set due_at = $2 where webhook_id = $1', [webhookId, at]);
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

/**
 * Has `standingWork` look after webhooks whose state this transaction changes, and their rows it has locked, until everything that they are
 * owed agrees with it.
 */
export function followState(db: Db, tx: Tx, webhookIds: readonly string[]): void {
  const ids = [...new Set(webhookIds)].sort();
  for (const portion of portions(ids)) {
    tx.send(
      `insert into webhooks_out_of_line (webhook_id, due_at)
       select column1, 0 from (values ${rows(['text'], portion.length)}) as given where true
       on conflict (webhook_id) do update set due_at = 0`,
      portion,
    );
  }
  tx.afterCommit(() => {
    db.notify('standing');
    db.notify('deliveries');
  });
}
