import type { EventType } from '@carillon/contract';
import type { Queryable, Tx } from '../../platform/db/index.ts';
import type { Webhook } from '../subscriptions/webhook.ts';

/** Events that are looked through for one that a webhook hears of. */
const looked = 5000;

/** The latest events that a webhook of whole objects would have heard of, newest first; looked for among a supplier's last 5,000. */
export async function latestHeard(db: Queryable, webhook: Webhook, limit: number): Promise<string[]> {
  const found = await db.all<{ readonly id: string }>(
    `select latest.id
       from (select id, type, connection_id, before_event_id, before, created_at from events
              where supplier_id = $1 order by created_at desc limit ${looked}) latest
      where latest.type = $2 and (latest.connection_id is null or latest.connection_id = $3 or $4 = 1)
        and (latest.before_event_id is not null or latest.before is not null)
      order by latest.created_at desc, latest.id desc limit $5`,
    [webhook.supplierId, webhook.events[0] ?? '', webhook.connectionId, Number(webhook.hearsAll), limit],
  );
  return found.map(({ id }) => id);
}

/** A delivery that a template failed on. */
export interface Unrendered {
  readonly id: string;
  readonly eventId: string;
  readonly viewId: string;
  readonly event: EventType;
  readonly language: string;
  readonly versionBody: string;
}

/** Deliveries to a webhook that its template failed on, in the order of their ids after one of them. */
export function unrendered(
  db: Queryable,
  of: { readonly webhookId: string; readonly after: string; readonly limit: number },
): Promise<Unrendered[]> {
  return db.all(
    `select d.id, d.event_id as "eventId", d.view_id as "viewId", e.type as event, n.language, n.body as "versionBody"
       from views v
       join deliveries d on d.event_id = v.event_id and d.webhook_id = $1 and d.view_id = v.id
       join events e on e.id = d.event_id
       join webhook_versions n on n.id = d.webhook_version_id
      where v.form = 'failed' and d.state = 'gave_up' and d.id > $2
      order by d.id limit $3`,
    [of.webhookId, of.after, of.limit],
  );
}

/** What a delivery is told that could be rendered after all. */
export const renderedReason = 'its transformation failed, and has been rendered since: it can be retried';
/** What a delivery is told for which the mended template renders nothing. */
const nothingReason = 'its transformation renders nothing for it';

/** Stores what was rendered for a delivery that a template had failed on: from now on those are its bytes. It has ended until it is retried. */
export function storeRendered(
  tx: Tx,
  one: Pick<Unrendered, 'id' | 'viewId'>,
  rendered: { readonly body: string; readonly headers: Readonly<Record<string, string>> },
): void {
  tx.send(`update views set body = $2, headers = $3, form = 'whole' where id = $1 and form = 'failed'`, [
    one.viewId,
    rendered.body,
    JSON.stringify(rendered.headers),
  ]);
  tx.send(`update deliveries set reason = $2 where id = $1 and state = 'gave_up'`, [one.id, renderedReason]);
}

/** Cancels a delivery that the mended template has nothing for; it still has no body. */
export function storeNothing(tx: Tx, one: Pick<Unrendered, 'id'>): void {
  tx.send(`update deliveries set state = 'cancelled', reason = $2 where id = $1 and state = 'gave_up'`, [
    one.id,
    nothingReason,
  ]);
}
