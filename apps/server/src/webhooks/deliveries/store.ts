import type { EventType } from '@carillon/contract';
import { padded, places, portions, rows, type Tx } from '../../platform/db/index.ts';
import { forShare, type WebhookRow, webhookOf } from '../subscriptions/store.ts';
import type { Webhook } from '../subscriptions/webhook.ts';

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
 * The webhooks of suppliers that listen to any of these event types: those of the given connections, and for the suppliers'
 * own subjects (products, availability) those of every connection. Until the transaction ends none of them is changed,
 * disabled, enabled or deleted: what is owed to it is stored as its state wants it.
 */
export async function listeningWebhooks(
  tx: Tx,
  wanted: {
    readonly supplierIds: readonly string[];
    readonly types: readonly EventType[];
    readonly connectionIds: readonly string[];
  },
): Promise<Subscribed[]> {
  const { supplierIds, types, connectionIds } = wanted;
  const connections = 1 + supplierIds.length + types.length;
  const found = await tx.all<SubscribedRow>(
    `select w.*, v.id as version_id, v.language as version_language, v.body as version_body
       from webhooks w join webhook_versions v on v.webhook_id = w.id and v.is_current = 1
      where w.state <> 'deleted' and w.supplier_id in (${places(supplierIds.length)})
        and w.event in (${places(types.length, 1 + supplierIds.length)})
        and (w.event in ('availability_update', 'product_update')
             or w.connection_id in (${connectionIds.length === 0 ? 'null' : places(connectionIds.length, connections)}))
      order by w.id${forShare(tx.dialect, 'w')}`,
    [...supplierIds, ...types, ...connectionIds],
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

/**
 * What a webhook ($1) is still owed, by the index of what is open: `lane > ''` is always true, and keeps SQLite from walking all
 * that the webhook ever was owed.
 */
const openOfWebhook = `state in ('pending', 'held') and webhook_id = $1 and lane > ''`;

/** Ends what is still owed to a webhook that is deleted. */
export function cancelOwed(
  tx: Tx,
  owed: { readonly webhookId: string; readonly reason: string; readonly now: number },
): Promise<number> {
  return tx.run(
    `with owed as (
       select id from deliveries where ${openOfWebhook} order by id${tx.dialect.forUpdate}
     )
     update deliveries
        set state = 'cancelled', reason = $2, ended_at = $3, lease_token = null, lease_until = 0
      where id in (select id from owed)`,
    [owed.webhookId, owed.reason, owed.now],
  );
}

/**
 * Holds what is still owed to a webhook that is disabled, until the operator decides. What is leased may be under way: its
 * settlement decides.
 */
export function holdOwed(tx: Tx, owed: { readonly webhookId: string; readonly reason: string }): Promise<number> {
  return tx.run(
    `with owed as (
       select id from deliveries
        where ${openOfWebhook} and state = 'pending' and lease_until <= ${tx.dialect.nowMs}
        order by id${tx.dialect.forUpdate}
     )
     update deliveries set state = 'held', reason = $2, lease_token = null, lease_until = 0
      where id in (select id from owed)`,
    [owed.webhookId, owed.reason],
  );
}

/** Makes what is held for a webhook due again. */
export function releaseOwed(tx: Tx, owed: { readonly webhookId: string; readonly now: number }): Promise<number> {
  return tx.run(
    `with owed as (
       select id from deliveries where ${openOfWebhook} and state = 'held' order by id${tx.dialect.forUpdate}
     )
     update deliveries set state = 'pending', reason = null, due_at = $2 where id in (select id from owed)`,
    [owed.webhookId, owed.now],
  );
}
