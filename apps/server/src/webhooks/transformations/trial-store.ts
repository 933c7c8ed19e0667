import type { EventType } from '@carillon/contract';
import { padded, places, type Queryable, type Tx } from '../../platform/db/index.ts';
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

/** Deliveries to a webhook that gave up, in the order of their ids after one of them; `isUnrendered`: its template failed on it. */
export async function givenUp(
  db: Queryable,
  of: { readonly webhookId: string; readonly after: string; readonly limit: number },
): Promise<{ readonly id: string; readonly isUnrendered: boolean }[]> {
  const found = await db.all<{ id: string; unrendered: number }>(
    `select d.id, case when v.form = 'failed' then 1 else 0 end as unrendered
       from (select id, view_id from deliveries
              where webhook_id = $1 and state = 'gave_up' and id > $2 order by id limit $3) d
       left join views v on v.id = d.view_id
      order by d.id`,
    [of.webhookId, of.after, of.limit],
  );
  return found.map(({ id, unrendered }) => ({ id, isUnrendered: unrendered === 1 }));
}

/** Locks deliveries that gave up: whoever erases what they tell comes before or after. */
export async function lockGivenUp(tx: Tx, ids: readonly string[]): Promise<void> {
  const wanted = padded(ids);
  await tx.all(
    `select id from deliveries where id in (${places(wanted.length)}) and state = 'gave_up' order by id${tx.dialect.forUpdate}`,
    wanted,
  );
}

/** Of deliveries, those that a template failed on, in the order of their ids. */
export function unrendered(tx: Tx, ids: readonly string[]): Promise<Unrendered[]> {
  const wanted = padded(ids);
  return tx.all(
    `select d.id, d.event_id as "eventId", d.view_id as "viewId", e.type as event, n.language, n.body as "versionBody"
       from deliveries d
       join views v on v.id = d.view_id
       join events e on e.id = d.event_id
       join webhook_versions n on n.id = d.webhook_version_id
      where d.id in (${places(wanted.length)}) and d.state = 'gave_up' and v.form = 'failed'
      order by d.id`,
    wanted,
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
  tx.send(
    `update deliveries set reason = $2
      where id = $1 and state = 'gave_up' and exists (select 1 from views where id = $3 and form = 'whole')`,
    [one.id, renderedReason, one.viewId],
  );
}

/** Cancels a delivery that the mended template has nothing for; it still has no body. */
export function storeNothing(tx: Tx, one: Pick<Unrendered, 'id' | 'viewId'>): void {
  tx.send(
    `update deliveries set state = 'cancelled', reason = $2
      where id = $1 and state = 'gave_up' and exists (select 1 from views where id = $3 and form = 'failed')`,
    [one.id, nothingReason, one.viewId],
  );
}
