import { padded, places, portions, type Queryable, rows, type Tx } from '../../platform/db/index.ts';
import type { Job } from '../deliveries/delivery.ts';
import { thinEvent } from '../subscriptions/webhook.ts';

/** Claims due lane heads, oldest first, leaving out the webhooks that have enough in hand; gives their ids. */
export async function claimDue(
  db: Queryable,
  claim: {
    readonly now: number;
    readonly limit: number;
    readonly leaseMs: number;
    readonly token: string;
    readonly exceptWebhooks: readonly string[];
  },
): Promise<string[]> {
  const exceptWebhooks = claim.exceptWebhooks.length === 0 ? [] : padded(claim.exceptWebhooks);
  const except = exceptWebhooks.length === 0 ? '' : `and webhook_id not in (${places(exceptWebhooks.length, 5)})`;
  const claimed = await db.all<{ id: string }>(
    `with due as (
       select id from deliveries
        where state = 'pending' and is_head = 1 and due_at <= $3 and lease_until <= ${db.dialect.nowMs} ${except}
        order by due_at limit $4${db.dialect.forUpdateSkipLocked}
     )
     update deliveries set lease_token = $1, lease_until = ${db.dialect.nowMs} + cast($2 as bigint)
      where id in (select id from due)
     returning id`,
    [claim.token, claim.leaseMs, claim.now, claim.limit, ...exceptWebhooks],
    'fresh_plan',
  );
  return claimed.map((row) => row.id);
}

/** A claimed delivery as it is stored, without what this process makes of it. */
export type Claimed = Omit<Job, 'leaseToken' | 'startBefore'>;

interface ClaimedRow {
  readonly id: string;
  readonly step: number;
  readonly language: string;
  readonly view_body: string;
  readonly version_body: string;
  readonly webhook_id: string;
  readonly event: string;
  readonly thin: number;
  readonly revision: number;
  readonly url: string;
  readonly credentials: string | null;
  readonly headers: string;
  readonly retry_on_error: number;
  readonly signing_secret: string;
  readonly previous_secret: string | null;
  readonly previous_until: number | null;
  readonly webhook_state: string;
}

/** What sending the claimed deliveries takes, oldest first. */
export async function loadClaimed(db: Queryable, ids: readonly string[]): Promise<Claimed[]> {
  if (ids.length === 0) return [];
  const wanted = padded(ids);
  const found = await db.all<ClaimedRow>(
    `select d.id, d.step, e.type as event, case when w.event = '${thinEvent}' then 1 else 0 end as thin, v.language,
            v.body as view_body, n.body as version_body, w.id as webhook_id, w.revision, w.url, w.credentials, w.headers, w.retry_on_error, w.signing_secret, w.previous_secret, w.previous_until,
            w.state as webhook_state
       from deliveries d
       join events e on e.id = d.event_id
       join views v on v.id = d.view_id
       join webhook_versions n on n.id = d.webhook_version_id
       join webhooks w on w.id = d.webhook_id
      where d.id in (${places(wanted.length)})
      order by d.due_at, d.id`,
    wanted,
  );
  return found.map((row) => ({
    deliveryId: row.id,
    webhookId: row.webhook_id,
    event: row.event,
    thin: row.thin === 1,
    language: row.language,
    versionBody: row.version_body,
    viewBody: row.view_body,
    step: row.step,
    endpoint: {
      webhookId: row.webhook_id,
      revision: row.revision,
      url: row.url,
      credentials: row.credentials,
      headers: row.headers,
      retryOnError: row.retry_on_error === 1,
      signingSecret: row.signing_secret,
      previousSecret: row.previous_secret,
      previousUntil: row.previous_until,
      active: row.webhook_state === 'active',
    },
  }));
}

/** Where a delivery goes after an attempt. */
export interface Settled {
  readonly id: string;
  readonly leaseToken: string;
  readonly state: 'pending' | 'held' | 'delivered' | 'gave_up' | 'cancelled';
  readonly reason: string | null;
  readonly step: number;
  readonly dueAt: number;
  readonly endedAt: number | null;
}

/** Settles what the lease token still holds; a lease that was lost leaves its delivery to whoever has it now. */
export function settle(tx: Tx, settled: readonly Settled[]): void {
  // By id, as everything that locks several deliveries does.
  const inOrder = settled.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const types = ['text', 'text', 'text', 'text', 'integer', 'bigint', 'bigint'] as const;
  for (const portion of portions(inOrder)) {
    tx.send(
      `update deliveries
            set state = v.column3, reason = v.column4, step = v.column5, due_at = v.column6, ended_at = v.column7,
                lease_token = null, lease_until = 0
           from (values ${rows(types, portion.length)}) as v
          where deliveries.id = v.column1 and deliveries.lease_token = v.column2`,
      portion.flatMap((one) => [one.id, one.leaseToken, one.state, one.reason, one.step, one.dueAt, one.endedAt]),
    );
  }
}

/** Where these deliveries have ended, makes the next open one of each lane its head; gives how many lanes went on. */
export function promoteNext(tx: Tx, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return Promise.resolve(0);
  const ended = padded(ids);
  return tx.run(
    `update deliveries set is_head = 1
      where is_head = 0
        and id in (select (select next.id from deliveries next
                            where next.webhook_id = ended.webhook_id and next.lane = ended.lane
                              and next.state in ('pending', 'held')
                            order by next.position limit 1)
                     from deliveries ended
                    where ended.id in (${places(ended.length)}) and ended.state not in ('pending', 'held'))`,
    ended,
  );
}

/** Repairs lanes whose first open delivery is not marked as head; gives how many there were. */
export function sweepHeads(db: Queryable): Promise<number> {
  return db.run(
    `update deliveries set is_head = 1
      where is_head = 0 and state in ('pending', 'held')
        and not exists (select 1 from deliveries earlier
                         where earlier.webhook_id = deliveries.webhook_id and earlier.lane = deliveries.lane
                           and earlier.state in ('pending', 'held') and earlier.position < deliveries.position)`,
    [],
  );
}

/** One attempt, as it is kept. `startedAt` is ms UTC. */
export interface AttemptRecord {
  readonly id: string;
  readonly deliveryId: string;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly outcome: 'accepted' | 'refused' | 'unreachable';
  readonly status: number | null;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly response: string | null;
}

/** Stores attempts: they happened, whether or not the lease still held. */
export function insertAttempts(tx: Tx, attempts: readonly AttemptRecord[]): void {
  const types = ['text', 'text', 'bigint', 'integer', 'text', 'integer', 'text', 'text', 'text'] as const;
  for (const portion of portions(attempts)) {
    tx.send(
      `insert into attempts (id, delivery_id, started_at, duration_ms, outcome, status, reason, detail, response)
         values ${rows(types, portion.length)}`,
      portion.flatMap((attempt) => [
        attempt.id,
        attempt.deliveryId,
        attempt.startedAt,
        attempt.durationMs,
        attempt.outcome,
        attempt.status,
        attempt.reason,
        attempt.detail,
        attempt.response,
      ]),
    );
  }
}

/**
 * Ends every lease but those of `token`; gives how many. For a process that has the database to itself: whoever held them
 * is gone.
 */
export function endForeignLeases(db: Queryable, token: string): Promise<number> {
  return db.run(
    `update deliveries set lease_token = null, lease_until = 0
      where state = 'pending' and is_head = 1 and lease_until > 0 and lease_token <> $1`,
    [token],
  );
}

/** Gives up the leases of what was taken and not started, so that others can take it at once. */
export function releaseLeases(db: Queryable, ids: readonly string[], token: string): Promise<number> {
  if (ids.length === 0) return Promise.resolve(0);
  return db.run(
    `update deliveries set lease_token = null, lease_until = 0
      where lease_token = $1 and id in (${places(ids.length, 2)})`,
    [token, ...ids],
  );
}
