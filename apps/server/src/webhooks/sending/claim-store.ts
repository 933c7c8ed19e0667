import { type Db, padded, places, type Queryable } from '../../platform/db/index.ts';
import type { Job } from '../deliveries/delivery.ts';
import { type SendingRow, sendingColumns, sendingOf } from '../subscriptions/sending.ts';
import { thinEvent } from '../subscriptions/webhook.ts';
import type { ViewForm } from '../views/event-views.ts';

const head = `state = 'pending' and is_head = 1`;

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

/**
 * Makes deliveries of a webhook due now (ms UTC) that would be due after `after`, a portion of them, those that would be first before
 * others. Gives when the last of them would have been; null: there were none.
 */
export async function makeDue(
  db: Db,
  due: { readonly webhookId: string; readonly after: number; readonly now: number },
): Promise<number | null> {
  return db.transaction(async (tx) => {
    const waiting = await tx.all<{ readonly id: string; readonly due_at: number }>(
      `select id, due_at from deliveries
        where ${head} and webhook_id = $1 and due_at > $2 and lease_until <= ${tx.dialect.nowMs}
        order by due_at limit 500${tx.dialect.forUpdateSkipLocked}`,
      [due.webhookId, due.after],
    );
    if (waiting.length === 0) return null;
    const ids = padded(waiting.map(({ id }) => id));
    tx.send(`update deliveries set due_at = $1 where id in (${places(ids.length, 2)})`, [due.now, ...ids]);
    return waiting.at(-1)?.due_at ?? null;
  });
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

/** The revisions of those of the webhooks that are active. */
export async function activeRevisions(db: Queryable, webhookIds: readonly string[]): Promise<Map<string, number>> {
  if (webhookIds.length === 0) return new Map();
  const ids = padded(webhookIds);
  const found = await db.all<{ readonly id: string; readonly revision: number }>(
    `select id, revision from webhooks where id in (${places(ids.length)}) and state = 'active'`,
    ids,
  );
  return new Map(found.map(({ id, revision }) => [id, revision]));
}
