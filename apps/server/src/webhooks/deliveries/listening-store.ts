import type { EventType } from '@carillon/contract';
import type { Subject } from '../../changes/index.ts';
import { padded, places, type Tx } from '../../platform/db/index.ts';
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
 * The webhooks of suppliers that listen to any of these event types, and subscriptions to notifications that may: those of the given connections and
 * those that hear of all connections, and for the suppliers' own subjects (products, availability) those of every connection. Until the transaction ends none of them is changed,
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
        and (w.event in ('availability_update', 'product_update'${thin}) or w.hears_all = 1
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
            : `and (w.hears_all = 1
                    or w.connection_id in (select e.connection_id from subjects s join events e on e.id = s.event_id
                                            where s.supplier_id = $1 and s.type = $2 and s.id in (${places(ids.length, 3)})))`
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
