import { padded, places, type Queryable } from '../../platform/db/index.ts';

/** The events of bookings and orders of a supplier between two times (ms UTC), both included, in their order. */
export async function eventsBetween(
  db: Queryable,
  of: { readonly supplierId: string; readonly from: number; readonly until: number; readonly limit: number },
): Promise<string[]> {
  const found = await db.all<{ readonly id: string }>(
    `select id from events
      where supplier_id = $1 and created_at >= $2 and created_at <= $3
        and (type = 'booking_update' or type = 'order_update')
      order by created_at, sequence limit $4`,
    [of.supplierId, of.from, of.until, of.limit],
  );
  return found.map(({ id }) => id);
}

/** The latest events of an order and its bookings, in their order, at most `limit`. */
export async function eventsOfOrder(
  db: Queryable,
  of: {
    readonly supplierId: string;
    readonly orderId: string;
    readonly uuids: readonly string[];
    readonly limit: number;
  },
): Promise<string[]> {
  const uuids = padded(of.uuids);
  const found = await db.all<{ readonly id: string }>(
    `select id from events
      where supplier_id = $1 and ((type = 'order_update' and subject_id = $2)
                                  or (type = 'booking_update' and subject_id in (${places(uuids.length, 4)})))
      order by sequence desc limit $3`,
    [of.supplierId, of.orderId, of.limit, ...uuids],
  );
  return found.map(({ id }) => id).reverse();
}
