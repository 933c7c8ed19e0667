import { padded, places, type Queryable, type Tx } from '../../platform/db/index.ts';
import type { Job } from '../deliveries/delivery.ts';
import { type SendingRow, sendingColumns, sendingOf } from '../subscriptions/sending.ts';
import { type RateLimit, thinEvent, type Webhook } from '../subscriptions/webhook.ts';
import type { ViewForm } from '../views/event-views.ts';
import type { Health } from './health.ts';
import { type HealthRow, healthOf } from './health-store.ts';
import type { Pace } from './pace.ts';

const head = `state = 'pending' and is_head = 1`;

/** A webhook that has deliveries which are not settled: how it stands, and whether one of them is due and free. */
export interface Turn {
  readonly webhookId: string;
  readonly state: Webhook['state'];
  readonly rateLimit: RateLimit | null;
  readonly health: Health;
  readonly isDue: boolean;
}

interface TurnRow extends HealthRow, SendingRow {
  readonly webhook_id: string;
  readonly state: Webhook['state'];
  readonly is_due: number | null;
}

/** Webhooks that one statement looks at. */
const turnsAtOnce = 500;

/** The webhooks that have deliveries which are not settled, in the order of their ids after one of them; `next` is where to go on, '' at the end. */
export async function turnsAfter(
  db: Queryable,
  at: { readonly webhookId: string; readonly now: number },
): Promise<{ readonly turns: Turn[]; readonly next: string }> {
  const found = await db.all<TurnRow>(
    `with recursive turn (webhook_id) as (
       select (select d.webhook_id from deliveries d where ${head} and d.webhook_id > $2 order by d.webhook_id limit 1)
       union all
       select (select d.webhook_id from deliveries d
                where ${head} and d.webhook_id > turn.webhook_id order by d.webhook_id limit 1)
         from turn where turn.webhook_id is not null
     )
     select turn.webhook_id, w.state, ${sendingColumns}, coalesce(h.failures, 0) as failures, h.failing_since,
            h.last_failure_at, coalesce(h.failing_days, 0) as failing_days, coalesce(h.rests, 0) as rests, h.resting_until,
            (select 1 from deliveries d
              where ${head} and d.webhook_id = turn.webhook_id and d.due_at <= $1 and d.lease_until <= ${db.dialect.nowMs}
              limit 1) as is_due
       from turn join webhooks w on w.id = turn.webhook_id
       left join webhook_health h on h.webhook_id = w.id
      limit ${turnsAtOnce}`,
    [at.now, at.webhookId],
  );
  const turns = found.map((row) => ({
    webhookId: row.webhook_id,
    state: row.state,
    rateLimit: sendingOf(row).rateLimit,
    health: healthOf(row),
    isDue: row.is_due === 1,
  }));
  return { turns, next: turns.length === turnsAtOnce ? (turns.at(-1)?.webhookId ?? '') : '' };
}

/** How many deliveries a webhook may have leased now. */
export interface Share {
  readonly webhookId: string;
  readonly limit: number;
}

/** A delivery that was claimed. */
export interface ClaimedId {
  readonly id: string;
  readonly webhookId: string;
}

/** Claims due lane heads of some webhooks, of each the oldest, as many as its share. */
export function claimShares(
  db: Queryable,
  claim: {
    readonly now: number;
    readonly leaseMs: number;
    readonly token: string;
    readonly shares: readonly Share[];
    /** Also what is not due: a resting webhook is tried with what comes first. */
    readonly early?: boolean;
  },
): Promise<ClaimedId[]> {
  const { now, leaseMs, token, early = false } = claim;
  const shares = padded(claim.shares);
  const due = shares.map(
    (_, index) => `select id from (
         select id from deliveries
          where ${head} and webhook_id = $${4 + 2 * index} and lease_until <= ${db.dialect.nowMs}
            and (due_at <= $3${early ? ' or 0 = 0' : ''})
          order by due_at limit $${5 + 2 * index}${db.dialect.forUpdateSkipLocked}) as share${index}`,
  );
  return db.all<ClaimedId>(
    `with due as (${due.join(' union all ')})
     update deliveries set lease_token = $1, lease_until = ${db.dialect.nowMs} + cast($2 as bigint)
      where id in (select id from due)
     returning id, webhook_id as "webhookId"`,
    // A share that only fills up the statement takes nothing.
    [
      token,
      leaseMs,
      now,
      ...shares.flatMap(({ webhookId, limit }, index) => [webhookId, index < claim.shares.length ? limit : 0]),
    ],
    'fresh_plan',
  );
}

/** Locks how much a webhook may be sent now; it was `first` if it was never sent to. */
export async function lockPace(tx: Tx, webhookId: string, first: Pace): Promise<Pace> {
  tx.send(
    `insert into webhook_paces (webhook_id, tokens, filled_at) values ($1, $2, $3)
     on conflict (webhook_id) do nothing`,
    [webhookId, first.tokens, first.filledAt],
  );
  const [row] = await tx.all<{ tokens: number; filled_at: number }>(
    `select tokens, filled_at from webhook_paces where webhook_id = $1${tx.dialect.forUpdate}`,
    [webhookId],
  );
  return row === undefined ? first : { tokens: row.tokens, filledAt: row.filled_at };
}

/** Writes how much a webhook may be sent; its row is locked. */
export function writePace(tx: Tx, webhookId: string, pace: Pace): void {
  tx.send('update webhook_paces set tokens = $2, filled_at = $3 where webhook_id = $1', [
    webhookId,
    pace.tokens,
    pace.filledAt,
  ]);
}

/** A claimed delivery as it is stored, without what this process makes of it. */
export type Claimed = Omit<Job, 'leaseToken' | 'startBefore' | 'probe' | 'traceparent'>;

interface ClaimedRow extends SendingRow {
  readonly id: string;
  readonly step: number;
  readonly owed_at: number | null;
  readonly out_of_order: number;
  readonly language: string;
  readonly view_body: string;
  readonly view_form: ViewForm;
  readonly view_headers: string | null;
  readonly version_body: string;
  readonly webhook_id: string;
  readonly event: string;
  readonly thin: number;
  readonly revision: number;
  readonly url: string;
  readonly credentials: string | null;
  readonly headers: string;
  readonly authentication: string | null;
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
    `select d.id, d.step, case when d.due_at = d.created_at and d.step = 0 then d.created_at end as owed_at,
            e.type as event, case when w.event = '${thinEvent}' then 1 else 0 end as thin, v.language,
            case when d.out_of_order = 1 then 1
                 when d.in_lane = 1 or w.ordering = 'none' then 0
                 -- It was set aside: late, if its subject has changed since.
                 else case when exists (select 1 from subjects s
                                         where s.supplier_id = e.supplier_id and s.type = e.type and s.id = e.subject_id
                                           and s.position > d.position) then 1 else 0 end end as out_of_order,
            v.body as view_body, v.form as view_form, v.headers as view_headers, n.body as version_body, w.id as webhook_id,
            w.revision, w.url, w.credentials, w.headers, w.authentication, w.retry_on_error, w.signing_secret,
            w.previous_secret, w.previous_until, w.state as webhook_state,
            ${sendingColumns}
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
    form: row.view_form,
    viewHeaders: row.view_headers,
    step: row.step,
    owedAt: row.owed_at,
    outOfOrder: row.out_of_order === 1,
    endpoint: {
      webhookId: row.webhook_id,
      revision: row.revision,
      url: row.url,
      credentials: row.credentials,
      headers: row.headers,
      authentication: row.authentication,
      retryOnError: row.retry_on_error === 1,
      signingSecret: row.signing_secret,
      previousSecret: row.previous_secret,
      previousUntil: row.previous_until,
      active: row.webhook_state === 'active',
      sending: sendingOf(row),
    },
  }));
}

/** Makes what a webhook's deliveries waited for due at once, a portion of them: it answers again. Gives how many. */
export function makeDue(db: Queryable, webhookId: string, now: number): Promise<number> {
  return db.run(
    `with waiting as (
       select id from deliveries
        where ${head} and webhook_id = $1 and due_at > $2 order by due_at limit 500${db.dialect.forUpdateSkipLocked}
     )
     update deliveries set due_at = $2 where id in (select id from waiting)`,
    [webhookId, now],
  );
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
