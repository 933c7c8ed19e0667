import type { EventType } from '@carillon/contract';
import type { Subject } from '../../changes/index.ts';
import { type Db, padded, places, portions, rows, type Tx } from '../../platform/db/index.ts';
import { type WebhookRow, webhookOf } from '../subscriptions/store.ts';
import { thinEvent, type Webhook } from '../subscriptions/webhook.ts';

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

const columns = 'w.*, v.id as version_id, v.language as version_language, v.body as version_body';
/** Event types that are the supplier's own: webhooks of every connection hear of them. */
const ofSupplier: readonly EventType[] = ['availability_update', 'product_update'];

/**
 * The webhooks of suppliers that listen to any of these event types, and subscriptions to notifications that may: those of the given connections, and for the suppliers'
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
  // What a subscription to notifications covers is known once it is read.
  const thin = types.some((type) => ofSupplier.includes(type)) ? `, '${thinEvent}'` : '';
  const found = await tx.all<SubscribedRow>(
    `select ${columns}
       from webhooks w join webhook_versions v on v.webhook_id = w.id and v.is_current = 1
      where w.state <> 'deleted' and w.supplier_id in (${places(supplierIds.length)})
        and w.event in ('${thinEvent}', ${places(types.length, 1 + supplierIds.length)})
        and (w.event in ('availability_update', 'product_update'${thin})
             or w.connection_id in (${connectionIds.length === 0 ? 'null' : places(connectionIds.length, connections)}))
      order by w.id${tx.dialect.forShareOf('w')}`,
    [...supplierIds, ...types, ...connectionIds],
  );
  return subscribedOf(found);
}

/** As `listeningWebhooks`, for subjects of one supplier and one type; of those that have no event yet only the supplier's own. */
export async function webhooksOfSubjects(tx: Tx, subjects: readonly [Subject, ...Subject[]]): Promise<Subscribed[]> {
  const { supplierId, type } = subjects[0];
  const ids = ofSupplier.includes(type) ? [] : padded(subjects.map(({ id }) => id));
  const found = await tx.all<SubscribedRow>(
    `select ${columns}
       from webhooks w join webhook_versions v on v.webhook_id = w.id and v.is_current = 1
      where w.state <> 'deleted' and w.supplier_id = $1 and w.event in ('${thinEvent}', $2)
        ${
          ids.length === 0
            ? ''
            : `and w.connection_id in (select e.connection_id from subjects s join events e on e.id = s.event_id
                                        where s.supplier_id = $1 and s.type = $2 and s.id in (${places(ids.length, 3)}))`
        }
      order by w.id${tx.dialect.forShareOf('w')}`,
    [supplierId, type, ...ids],
  );
  return subscribedOf(found);
}

function subscribedOf(rows: readonly SubscribedRow[]): Subscribed[] {
  const byId = new Map<string, { webhook: Webhook; versions: Map<string, { id: string; body: string }> }>();
  for (const row of rows) {
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

/** What became of a delivery that was stored. */
export interface Placed {
  readonly id: string;
  readonly isHead: boolean;
  readonly isLeased: boolean;
}

/**
 * Stores deliveries; one whose lane holds nothing else that is open becomes its head, and only a head keeps the lease
 * that it asks for. Where others write at the same time, a head may end unseen meanwhile: `mendHeads` is for the lanes of
 * those that became none.
 */
export async function insertDeliveries(tx: Tx, deliveries: readonly NewDelivery[], leaseMs: number): Promise<Placed[]> {
  const inserted = await Promise.all(
    portions(deliveries).map((portion) =>
      tx.all<{ id: string; is_head: number; lease_token: string | null }>(
        `insert into deliveries
           (id, supplier_id, webhook_id, webhook_version_id, event_id, view_id, lane, position, state, reason,
            is_head, step, due_at, lease_token, lease_until, created_at)
         select column1, column2, column3, column4, column5, column6, column7, column8, column9, column10,
                head, 0, column12,
                case when head = 1 then column11 end,
                case when head = 1 and column11 is not null then ${tx.dialect.nowMs} + ${Math.trunc(leaseMs)} else 0 end,
                column12
           -- The limits keep Postgres from looking through all open deliveries at once, and from looking three times.
           from (select owed.*,
                        case when (select 1 from deliveries d
                                    where d.webhook_id = owed.column3 and d.lane = owed.column7
                                      and d.state in ('pending', 'held') limit 1) is null then 1 else 0 end as head
                   from (values ${rows(deliveryTypes, portion.length)}) as owed
                  limit ${portion.length}) as placed
         returning id, is_head, lease_token`,
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
  return inserted.flat().map((row) => ({ id: row.id, isHead: row.is_head === 1, isLeased: row.lease_token !== null }));
}

/**
 * Makes the first open delivery of each lane its head, where it is not: its predecessor may have been settled by a transaction
 * that did not see it yet. The heads are locked first, so that whoever settles one of them now has ended, or will see it.
 */
export function mendHeads(
  db: Db,
  lanes: readonly { readonly webhookId: string; readonly lane: string }[],
): Promise<number> {
  const keys = padded(lanes);
  const first = `select (select d.id from deliveries d
                          where d.webhook_id = lanes.column1 and d.lane = lanes.column2 and d.state in ('pending', 'held')
                          order by d.position limit 1)
                   from (values ${rows(['text', 'text'], keys.length)}) as lanes`;
  const params = keys.flatMap((key) => [key.webhookId, key.lane]);
  return db.transaction(async (tx) => {
    tx.send(`select id from deliveries where id in (${first}) order by id${tx.dialect.forUpdate}`, params);
    return tx.run(`update deliveries set is_head = 1 where is_head = 0 and id in (${first})`, params);
  });
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
