import type { Queryable } from '../../platform/db/index.ts';

/** A hold whose time is past, or an order without bookings whose own is: then `id` is the order's too. */
export interface Due {
  /** Of the booking. */
  readonly id: string;
  readonly orderId: string;
  /** ms UTC. */
  readonly expiresAt: number;
}

/** What is past its time at `now` (ms UTC), what is longest past it first; `behind` another one, if given. */
export async function due(db: Queryable, now: number, limit: number, behind: Due | undefined): Promise<Due[]> {
  const found = await db.all<{ id: string; order_id: string; expires_at: number }>(
    `select id, order_id, expires_at
       from (select uuid as id, order_id, expires_at from bookings
              where status = 'ON_HOLD' and expires_at <= $1 and (expires_at, uuid) > ($2, $3)
              order by expires_at, uuid limit $4) holds
     union all
     select id, order_id, expires_at
       from (select id, id as order_id, expires_at from orders
              where expires_at is not null and expires_at <= $1 and (expires_at, id) > ($2, $3)
              order by expires_at, id limit $4) waiting
      order by expires_at, id limit $4`,
    [now, behind?.expiresAt ?? 0, behind?.id ?? '', limit],
  );
  return found.map((row) => ({ id: row.id, orderId: row.order_id, expiresAt: row.expires_at }));
}

/** When the time is past of what is the next to expire after `now`, ms UTC; null when there is nothing. */
export async function nextExpiry(db: Queryable, now: number): Promise<number | null> {
  const [row] = await db.all<{ next: number | null }>(
    `select min(expires_at) as next
       from (select min(expires_at) as expires_at from bookings where status = 'ON_HOLD' and expires_at > $1
             union all
             select min(expires_at) from orders where expires_at is not null and expires_at > $1) soonest`,
    [now],
  );
  return row?.next ?? null;
}
