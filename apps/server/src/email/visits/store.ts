import { padded, places, portions, type Queryable, rows, type Tx } from '../../platform/db/index.ts';

/** When the guest of a booking comes. Times are ms UTC, `localDate` YYYY-MM-DD at the venue, `timeZone` IANA. */
export interface Visit {
  readonly supplierId: string;
  readonly bookingUuid: string;
  readonly orderId: string;
  readonly connectionId: string | null;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly localDate: string;
  readonly timeZone: string;
  /** Since when it is so. */
  readonly knownAt: number;
}

/** Notes when guests come; a booking that was noted before has its visit moved. Each booking stands in `visits` once. */
export function writeVisits(tx: Tx, visits: readonly Visit[]): void {
  const types = ['text', 'text', 'text', 'text', 'bigint', 'bigint', 'text', 'text', 'bigint'] as const;
  for (const portion of portions(visits)) {
    tx.send(
      `insert into visits (supplier_id, booking_uuid, order_id, connection_id, starts_at, ends_at, local_date, time_zone, known_at)
       values ${rows(types, portion.length)}
       on conflict (supplier_id, booking_uuid) do update
         set order_id = excluded.order_id, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
             local_date = excluded.local_date, time_zone = excluded.time_zone, known_at = excluded.known_at`,
      portion.flatMap((visit) => [
        visit.supplierId,
        visit.bookingUuid,
        visit.orderId,
        visit.connectionId,
        visit.startsAt,
        visit.endsAt,
        visit.localDate,
        visit.timeZone,
        visit.knownAt,
      ]),
    );
  }
}

/** Forgets the visits of bookings that do not take place. */
export function deleteVisits(tx: Tx, supplierId: string, uuids: readonly string[]): void {
  if (uuids.length === 0) return;
  const wanted = padded(uuids);
  tx.send(`delete from visits where supplier_id = $1 and booking_uuid in (${places(wanted.length, 2)})`, [
    supplierId,
    ...wanted,
  ]);
}

const columns = `supplier_id as "supplierId", booking_uuid as "bookingUuid", order_id as "orderId",
  connection_id as "connectionId", starts_at as "startsAt", ends_at as "endsAt", local_date as "localDate",
  time_zone as "timeZone", known_at as "knownAt"`;

/** The visits of an order on one day at the venue, or on any, the first before the others. */
export function visitsOf(
  db: Queryable,
  of: { readonly supplierId: string; readonly orderId: string; readonly visitDate: string | null },
): Promise<Visit[]> {
  return db.all<Visit>(
    `select ${columns} from visits
      where supplier_id = $1 and order_id = $2 and (cast($3 as text) is null or local_date = $3)
      order by starts_at, booking_uuid`,
    [of.supplierId, of.orderId, of.visitDate],
  );
}

/** Where a look at visits begins and ends: after a visit, up to a time (ms UTC), by when guests come or by when they go. */
export interface VisitStretch {
  readonly supplierId: string;
  readonly by: 'starts_at' | 'ends_at';
  readonly after: { readonly at: number; readonly bookingUuid: string };
  readonly until: number;
  readonly campaignId: string;
  readonly limit: number;
}

/** The visits of a stretch, in order, for whose order and day a campaign has opened no message yet. */
export function visitsWithout(db: Queryable, of: VisitStretch): Promise<Visit[]> {
  const at = of.by === 'starts_at' ? 'starts_at' : 'ends_at';
  return db.all<Visit>(
    `select ${columns} from visits
      where supplier_id = $1 and (${at}, booking_uuid) > ($2, $3) and ${at} <= $4
        and not exists (select 1 from messages m
                         where m.supplier_id = visits.supplier_id and m.order_id = visits.order_id
                           and m.apart = 'visit:' || cast($5 as text) || ':' || visits.local_date)
      order by ${at}, booking_uuid limit $6`,
    [of.supplierId, of.after.at, of.after.bookingUuid, of.until, of.campaignId, of.limit],
  );
}

/** The visits of a supplier by when guests come or go, from one time to another (ms UTC), in order, at most `limit`. */
export function visitsBetween(
  db: Queryable,
  of: Pick<VisitStretch, 'supplierId' | 'by' | 'until' | 'limit'> & { readonly from: number },
): Promise<Visit[]> {
  const at = of.by === 'starts_at' ? 'starts_at' : 'ends_at';
  return db.all<Visit>(
    `select ${columns} from visits where supplier_id = $1 and ${at} >= $2 and ${at} <= $3
      order by ${at}, booking_uuid limit $4`,
    [of.supplierId, of.from, of.until, of.limit],
  );
}
