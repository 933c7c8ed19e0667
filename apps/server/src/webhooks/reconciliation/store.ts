import { type Param, padded, places, portions, type Queryable } from '../../platform/db/index.ts';
import type { Place, Stretch, Tally } from './account.ts';

/** What became of a delivery: one that had arrived counts as delivered while it is sent again. */
const end = `case when d.arrived_at is not null then 'delivered' else d.state end`;

/** The deliveries of a stretch, by the index of a supplier's. Tests are owed to nobody. */
const ofStretch = `d.supplier_id = $1 and (d.created_at, d.id) > ($2, $3) and (d.created_at, d.id) <= ($4, $5) and d.test = 0`;

const paramsOf = ({ supplierId, after, until }: Stretch): Param[] => [
  supplierId,
  after.at,
  after.id,
  until.at,
  until.id,
];

/** Where a stretch of so many rows ends that begins after a place; undefined: there are not so many before `to` (ms UTC). */
export async function stretchEnd(
  db: Queryable,
  stretch: {
    readonly of: 'deliveries' | 'events';
    readonly supplierId: string;
    readonly after: Place;
    readonly to: number;
    readonly size: number;
  },
): Promise<Place | undefined> {
  const { of, supplierId, after, to, size } = stretch;
  const [row] = await db.all<Place>(
    `select created_at as at, id from ${of}
      where supplier_id = $1 and (created_at, id) > ($2, $3) and created_at < $4
      order by created_at, id limit 1 offset $5`,
    [supplierId, after.at, after.id, to, size - 1],
  );
  return row;
}

/** A webhook's part of a stretch. */
export interface WebhookTally extends Tally {
  readonly webhookId: string;
}

/** What became of the deliveries of a stretch, by webhook. */
export function tallies(db: Queryable, stretch: Stretch): Promise<WebhookTally[]> {
  const count = (state: string, name: string): string =>
    `sum(case when ${end} = '${state}' then 1 else 0 end) as ${name}`;
  return db.all<WebhookTally>(
    `select d.webhook_id as "webhookId", count(*) as owed, ${count('delivered', 'delivered')}, ${count('pending', 'pending')},
            ${count('held', 'held')}, ${count('gave_up', '"gaveUp"')}, ${count('cancelled', 'cancelled')}
       from deliveries d where ${ofStretch}
      group by d.webhook_id`,
    paramsOf(stretch),
  );
}

/** How many events there are in a range, ms UTC. */
export async function countEvents(db: Queryable, supplierId: string, from: number, to: number): Promise<number> {
  const [row] = await db.all<{ count: number }>(
    'select count(*) as count from events where supplier_id = $1 and created_at >= $2 and created_at < $3',
    [supplierId, from, to],
  );
  return row?.count ?? 0;
}

/** A webhook, also one that was deleted. */
export interface KnownWebhook {
  readonly id: string;
  readonly url: string;
  readonly state: 'active' | 'disabled' | 'deleted';
}

/** Webhooks by id; those that there are no more are left out. */
export async function knownWebhooks(db: Queryable, ids: readonly string[]): Promise<KnownWebhook[]> {
  const known: KnownWebhook[] = [];
  for (const portion of portions(ids)) {
    const wanted = padded(portion);
    const found = await db.all<KnownWebhook>(
      `select id, url, state from webhooks where id in (${places(wanted.length)})`,
      wanted,
    );
    known.push(...found);
  }
  return known;
}

/** A delivery that has not arrived. Times are ms UTC. */
export interface Undelivered {
  readonly id: string;
  readonly webhookId: string;
  readonly eventId: string;
  /** Type and id of the subject. */
  readonly lane: string;
  readonly position: number;
  readonly state: 'pending' | 'held' | 'gave_up' | 'cancelled';
  readonly reason: string | null;
  /** Why the last attempt failed. */
  readonly lastFailure: string | null;
  readonly step: number;
  readonly dueAt: number;
  readonly createdAt: number;
  readonly endedAt: number | null;
}

/** The deliveries of a stretch that have not arrived, in the order in which they became owed. */
export function undelivered(db: Queryable, stretch: Stretch, limit: number): Promise<Undelivered[]> {
  return db.all<Undelivered>(
    `select d.id, d.webhook_id as "webhookId", d.event_id as "eventId", d.lane, d.position, d.state, d.reason,
            (select a.detail from attempts a where a.delivery_id = d.id order by a.started_at desc limit 1) as "lastFailure",
            d.step, d.due_at as "dueAt", d.created_at as "createdAt", d.ended_at as "endedAt"
       from deliveries d where ${ofStretch} and ${end} <> 'delivered'
      order by d.created_at, d.id limit $6`,
    [...paramsOf(stretch), limit],
  );
}
