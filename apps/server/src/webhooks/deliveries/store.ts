import type { EventType } from '@carillon/contract';
import { padded, places, portions, type Queryable, rows, type Tx } from '../../platform/db/index.ts';
import { type WebhookRow, webhookOf } from '../subscriptions/store.ts';
import type { Webhook } from '../subscriptions/webhook.ts';
import type { EndpointRow } from './delivery.ts';

/** A webhook that listens, with the current versions of its body's head by language. */
export interface Subscribed {
  readonly webhook: Webhook;
  readonly versions: ReadonlyMap<string, { readonly id: string; readonly body: string }>;
}

interface SubscribedRow extends WebhookRow {
  readonly version_id: string;
  readonly version_language: string;
  readonly version_body: string;
}

/**
 * The webhooks of a supplier that listen to any of these event types: those of the given connections, and for the
 * supplier's own subjects (products, availability) those of every connection.
 */
export async function listeningWebhooks(
  tx: Tx,
  wanted: {
    readonly supplierId: string;
    readonly types: readonly EventType[];
    readonly connectionIds: readonly string[];
  },
): Promise<Subscribed[]> {
  const { types, connectionIds } = wanted;
  const found = await tx.all<SubscribedRow>(
    `select w.*, v.id as version_id, v.language as version_language, v.body as version_body
       from webhooks w join webhook_versions v on v.webhook_id = w.id and v.is_current = 1
      where w.state <> 'deleted' and w.supplier_id = $1 and w.event in (${places(types.length, 2)})
        and (w.event in ('availability_update', 'product_update')
             or w.connection_id in (${connectionIds.length === 0 ? 'null' : places(connectionIds.length, 2 + types.length)}))
      order by w.id`,
    [wanted.supplierId, ...types, ...connectionIds],
  );
  const byId = new Map<string, { webhook: Webhook; versions: Map<string, { id: string; body: string }> }>();
  for (const row of found) {
    const known = byId.get(row.id) ?? { webhook: webhookOf(row), versions: new Map() };
    known.versions.set(row.version_language, { id: row.version_id, body: row.version_body });
    byId.set(row.id, known);
  }
  return [...byId.values()];
}

/** A view about to be stored. */
export interface NewView {
  readonly id: string;
  readonly eventId: string;
  readonly language: string;
  readonly body: string;
}

/** Stores views. */
export function insertViews(tx: Tx, views: readonly NewView[]): void {
  for (const portion of portions(views)) {
    tx.send(
      `insert into views (id, event_id, language, body)
         values ${rows(['text', 'text', 'text', 'text'], portion.length)}`,
      portion.flatMap((view) => [view.id, view.eventId, view.language, view.body]),
    );
  }
}

/** A delivery about to be owed. */
export interface NewDelivery {
  readonly id: string;
  readonly supplierId: string;
  readonly webhookId: string;
  readonly webhookVersionId: string;
  readonly eventId: string;
  readonly viewId: string;
  readonly lane: string;
  readonly position: number;
  readonly state: 'pending' | 'held';
  readonly reason: string | null;
  readonly leaseToken: string | null;
  readonly createdAt: number;
}

/**
 * Locks the heads of lanes, so that none of them is settled between this and `insertDeliveries`, which must see whether
 * its lane is empty. On one writer nothing needs to be locked and this finds nothing to do.
 */
export function lockHeads(tx: Tx, lanes: readonly { readonly webhookId: string; readonly lane: string }[]): void {
  if (tx.dialect.forUpdate === '' || lanes.length === 0) return;
  // One statement for all, so that they are locked in the order of their ids, as settling locks them.
  const keys = padded(lanes);
  tx.send(
    `select id from deliveries
      where is_head = 1 and state in ('pending', 'held')
        and (webhook_id, lane) in (${rows(['text', 'text'], keys.length)})
      order by id${tx.dialect.forUpdate}`,
    keys.flatMap((key) => [key.webhookId, key.lane]),
  );
}

const deliveryTypes = [
  'text',
  'text',
  'text',
  'text',
  'text',
  'text',
  'text',
  'bigint',
  'text',
  'text',
  'text',
  'bigint',
] as const;

/**
 * Stores deliveries; one whose lane holds nothing else that is open becomes its head, and only a head keeps the lease
 * that it asks for. Gives the ids of those that are leased.
 */
export async function insertDeliveries(
  tx: Tx,
  deliveries: readonly NewDelivery[],
  leaseMs: number,
): Promise<Set<string>> {
  const inserted = await Promise.all(
    portions(deliveries).map((portion) =>
      tx.all<{ id: string; lease_token: string | null }>(
        `insert into deliveries
           (id, supplier_id, webhook_id, webhook_version_id, event_id, view_id, lane, position, state, reason,
            is_head, step, due_at, lease_token, lease_until, created_at)
         select column1, column2, column3, column4, column5, column6, column7, column8, column9, column10,
                head, 0, column12,
                case when head = 1 then column11 end,
                case when head = 1 and column11 is not null then ${tx.dialect.nowMs} + ${Math.trunc(leaseMs)} else 0 end,
                column12
           from (select owed.*,
                        case when exists (select 1 from deliveries d
                                           where d.webhook_id = owed.column3 and d.lane = owed.column7
                                             and d.state in ('pending', 'held')) then 0 else 1 end as head
                   from (values ${rows(deliveryTypes, portion.length)}) as owed) as placed
         returning id, lease_token`,
        portion.flatMap((delivery) => [
          delivery.id,
          delivery.supplierId,
          delivery.webhookId,
          delivery.webhookVersionId,
          delivery.eventId,
          delivery.viewId,
          delivery.lane,
          delivery.position,
          delivery.state,
          delivery.reason,
          delivery.leaseToken,
          delivery.createdAt,
        ]),
      ),
    ),
  );
  return new Set(inserted.flat().flatMap((row) => (row.lease_token === null ? [] : [row.id])));
}

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
export interface ClaimedRow {
  readonly id: string;
  readonly event: string;
  readonly language: string;
  readonly version_body: string;
  readonly view_body: string;
  readonly step: number;
  readonly endpoint: EndpointRow;
}

interface ClaimedJoin {
  readonly id: string;
  readonly step: number;
  readonly language: string;
  readonly view_body: string;
  readonly version_body: string;
  readonly webhook_id: string;
  readonly event: string;
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
export async function loadClaimed(db: Queryable, ids: readonly string[]): Promise<ClaimedRow[]> {
  if (ids.length === 0) return [];
  const wanted = padded(ids);
  const found = await db.all<ClaimedJoin>(
    `select d.id, d.step, v.language, v.body as view_body, n.body as version_body, w.id as webhook_id, w.event, w.revision,
            w.url, w.credentials, w.headers, w.retry_on_error, w.signing_secret, w.previous_secret, w.previous_until,
            w.state as webhook_state
       from deliveries d
       join views v on v.id = d.view_id
       join webhook_versions n on n.id = d.webhook_version_id
       join webhooks w on w.id = d.webhook_id
      where d.id in (${places(wanted.length)})
      order by d.due_at, d.id`,
    wanted,
  );
  return found.map((row) => ({
    id: row.id,
    event: row.event,
    language: row.language,
    version_body: row.version_body,
    view_body: row.view_body,
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
  readonly state: 'pending' | 'held' | 'delivered' | 'gave_up';
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

/** Gives up the leases of what was claimed and not started, so that others can take it at once. */
export function releaseLeases(db: Queryable, ids: readonly string[], token: string): Promise<number> {
  if (ids.length === 0) return Promise.resolve(0);
  return db.run(
    `update deliveries set lease_token = null, lease_until = 0
      where lease_token = $1 and id in (${places(ids.length, 2)})`,
    [token, ...ids],
  );
}
