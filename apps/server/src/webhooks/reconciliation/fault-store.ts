import { padded, places, type Queryable } from '../../platform/db/index.ts';
import type { Fault, FaultKind, Stretch } from './account.ts';

/** No process has anything in hand for an hour. */
const longestLeaseMs = 3_600_000;

const open = `state in ('pending', 'held')`;

/** What is wrong with a delivery `d`, if something is: what follows from the row itself first. */
const faultOf = (db: Queryable): string => `
  case when d.${open} then
         case when d.ended_at is not null then 'no_end'
              when d.lease_until > ${db.dialect.nowMs} + ${longestLeaseMs} then 'leased'
              when not exists (select 1 from webhooks w where w.id = d.webhook_id) then 'no_webhook'
              when not exists (select 1 from views v where v.id = d.view_id and v.body <> '')
                or not exists (select 1 from webhook_versions n where n.id = d.webhook_version_id)
                or not exists (select 1 from events e where e.id = d.event_id) then 'no_body'
              when d.is_head = 0
               and (d.in_lane = 0
                    or 0 = (select front.is_head from deliveries front
                             where front.webhook_id = d.webhook_id and front.lane = d.lane and front.${open} and front.in_lane = 1
                             order by front.position limit 1)) then 'no_head' end
       else
         case when d.ended_at is null then 'no_end'
              when d.state <> 'delivered' and d.reason is null then 'no_reason'
              when d.state = 'delivered' and d.step = 0 and d.arrived_at is null then 'no_attempt' end end`;

interface FaultRow {
  readonly id: string;
  readonly webhook_id: string;
  readonly event_id: string;
  readonly kind: FaultKind;
}

const faultFrom = (row: FaultRow): Fault => ({
  kind: row.kind,
  deliveryId: row.id,
  webhookId: row.webhook_id,
  eventId: row.event_id,
  count: 1,
});

/** Deliveries of a stretch that nothing accounts for, at most `limit`, and how many there are. */
export async function faultyDeliveries(
  db: Queryable,
  { supplierId, after, until }: Stretch,
  limit: number,
): Promise<{ readonly faults: Fault[]; readonly count: number }> {
  const rows = await db.all<FaultRow & { readonly count: number }>(
    `select id, webhook_id, event_id, kind, count(*) over () as count
       from (select d.id, d.webhook_id, d.event_id, d.created_at, ${faultOf(db)} as kind
               from deliveries d
              where d.supplier_id = $1 and (d.created_at, d.id) > ($2, $3) and (d.created_at, d.id) <= ($4, $5) and d.test = 0
            ) as looked
      where kind is not null
      order by created_at, id limit $6`,
    [supplierId, after.at, after.id, until.at, until.id, limit],
  );
  return { faults: rows.map(faultFrom), count: rows[0]?.count ?? 0 };
}

/** Those of deliveries that nothing accounts for still: a head that is taken from one to the next may be missing for a moment. */
export async function stillFaulty(db: Queryable, ids: readonly string[]): Promise<Fault[]> {
  const wanted = padded(ids);
  const rows = await db.all<FaultRow>(
    `select id, webhook_id, event_id, kind
       from (select d.id, d.webhook_id, d.event_id, ${faultOf(db)} as kind from deliveries d where d.id in (${places(wanted.length)})
            ) as looked
      where kind is not null`,
    wanted,
  );
  return rows.map(faultFrom);
}

/** Events of a stretch with fewer deliveries than their views were made for, at most `limit`, and how many deliveries are lost. */
export async function lostDeliveries(
  db: Queryable,
  { supplierId, after, until }: Stretch,
  limit: number,
): Promise<{ readonly faults: Fault[]; readonly count: number }> {
  const rows = await db.all<{ event_id: string; lost: number; count: number }>(
    `select event_id, lost, sum(lost) over () as count
       from (select v.event_id, e.created_at, v.owed - (select count(*) from deliveries d where d.event_id = e.id and d.view_id = v.id) as lost
               from events e join views v on v.event_id = e.id
              where e.supplier_id = $1 and (e.created_at, e.id) > ($2, $3) and (e.created_at, e.id) <= ($4, $5)
                and v.owed is not null
            ) as looked
      where lost > 0
      order by created_at, event_id limit $6`,
    [supplierId, after.at, after.id, until.at, until.id, limit],
  );
  const faults = rows.map(
    (row): Fault => ({ kind: 'lost', deliveryId: null, webhookId: null, eventId: row.event_id, count: row.lost }),
  );
  return { faults, count: Number(rows[0]?.count ?? 0) };
}
