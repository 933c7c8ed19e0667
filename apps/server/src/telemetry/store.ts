import type { Queryable } from '../platform/db/index.ts';

/** How many there are in a state. */
export interface InState {
  readonly state: string;
  readonly count: number;
}

/** So many of a kind are counted, and no more: whoever has a backlog must not wait for its numbers. */
export const mostCounted = 100_000;

const head = `state = 'pending' and is_head = 1`;
const behind = `is_head = 0 and in_lane = 1 and state in ('pending', 'held')`;

/** How many deliveries have not ended: those that may be sent, those behind others of their lane, those that are held. */
export interface OpenDeliveries {
  readonly heads: number;
  readonly behind: number;
  readonly held: number;
}

/** How many deliveries are open, each kind by an index that holds nothing else, up to `mostCounted`. */
export async function openDeliveries(db: Queryable): Promise<OpenDeliveries> {
  const count = (which: string) =>
    `(select count(*) from (select 1 from deliveries where ${which} limit ${mostCounted}) as counted)`;
  const [row] = await db.all<OpenDeliveries>(
    `select ${count(head)} as heads, ${count(`${behind} and state = 'pending'`)} as behind,
            ${count(`state = 'held'`)} as held`,
  );
  return row ?? { heads: 0, behind: 0, held: 0 };
}

/** Webhooks whose first delivery is looked at. */
const mostWebhooks = 2_000;

/**
 * Since when the oldest delivery is due, ms UTC, of webhooks that are active and do not rest: a look at the first of each webhook, not at
 * all of them. Null: nothing is due.
 */
export async function oldestDue(db: Queryable, now: number): Promise<number | null> {
  const [row] = await db.all<{ at: number | null }>(
    `with recursive turn (webhook_id) as (
       select (select d.webhook_id from deliveries d where ${head} order by d.webhook_id limit 1)
       union all
       select (select d.webhook_id from deliveries d
                where ${head} and d.webhook_id > turn.webhook_id order by d.webhook_id limit 1)
         from turn where turn.webhook_id is not null
     )
     select min(earliest.due_at) as at
       from (select (select d.due_at from deliveries d
                      where ${head} and d.webhook_id = turn.webhook_id order by d.due_at limit 1) as due_at
               from turn
               join webhooks w on w.id = turn.webhook_id and w.state = 'active'
               left join webhook_health h on h.webhook_id = w.id
              where h.resting_until is null
              limit ${mostWebhooks}) as earliest
      where earliest.due_at <= $1`,
    [now],
  );
  return row?.at ?? null;
}

/** Webhooks by how they are, in one word. */
export function webhookConditions(db: Queryable): Promise<InState[]> {
  return db.all(
    `select case when w.paused = 1 then 'paused'
                 when w.state = 'disabled' then 'disabled'
                 when h.resting_until is not null then 'resting'
                 when h.failing_since is not null then 'failing'
                 else 'healthy' end as state,
            count(*) as count
       from webhooks w left join webhook_health h on h.webhook_id = w.id
      where w.state <> 'deleted'
      group by 1`,
  );
}

/** A webhook that fails. */
export interface Failing {
  readonly webhook: string;
  /** ms UTC. */
  readonly since: number;
  readonly failures: number;
}

/** Active webhooks that fail, those first that have failed for longest; no more than a monitoring system can bear as labels. */
export function failingWebhooks(db: Queryable): Promise<Failing[]> {
  return db.all(
    `select h.webhook_id as webhook, h.failing_since as since, h.failures
       from webhook_health h join webhooks w on w.id = h.webhook_id and w.state = 'active'
      where h.failing_since is not null
      order by h.failing_since limit 200`,
  );
}

/** Messages that wait to leave, or are with a provider. */
export function openMessages(db: Queryable): Promise<InState[]> {
  // One select for each partial index.
  return db.all(
    `select 'settling' as state, count(*) as count from messages where state = 'settling'
     union all
     select 'sending' as state, count(*) as count from messages where state = 'sending'`,
  );
}
