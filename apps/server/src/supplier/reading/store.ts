import type { Queryable } from '../../platform/db/index.ts';
import type { Party } from '../party.ts';
import type { BookingFilter } from '../request.ts';
import type { Listed } from './list.ts';

/** Whether the guests of a connection get e-mails; undefined when there is no such connection. */
export async function connectionEmails(db: Queryable, connectionId: string): Promise<boolean | undefined> {
  const [row] = await db.all<{ emails: number }>('select emails from connections where id = $1', [connectionId]);
  return row && row.emails === 1;
}

/** The documents of a supplier's products that are not deleted, in their order, as they are stored. */
export async function productTexts(db: Queryable, supplierId: string): Promise<string[]> {
  const found = await db.all<{ document: string }>(
    `select e.after as document
       from products p
       join subjects s on s.supplier_id = p.supplier_id and s.type = 'product_update' and s.id = p.id
       join events e on e.id = s.event_id
      where p.supplier_id = $1 and p.deleted_at is null
      order by p.sort_order, p.id`,
    [supplierId],
  );
  return found.map((row) => row.document);
}

/** The document of a supplier's product, as it is stored; undefined where there is none, or it was deleted. */
export async function productText(db: Queryable, supplierId: string, productId: string): Promise<string | undefined> {
  const [row] = await db.all<{ document: string }>(
    `select e.after as document
       from products p
       join subjects s on s.supplier_id = p.supplier_id and s.type = 'product_update' and s.id = p.id
       join events e on e.id = s.event_id
      where p.supplier_id = $1 and p.id = $2 and p.deleted_at is null`,
    [supplierId, productId],
  );
  return row?.document;
}

/** A booking of a connection, as it is stored. */
export async function bookingText(db: Queryable, by: Party, uuid: string): Promise<string | undefined> {
  const [row] = await db.all<{ document: string }>(
    `select e.after as document
       from bookings b
       join subjects s on s.supplier_id = b.supplier_id and s.type = 'booking_update' and s.id = b.uuid
       join events e on e.id = s.event_id
      where b.supplier_id = $1 and b.uuid = $2 and b.connection_id = $3`,
    [by.supplierId, uuid, by.connectionId],
  );
  return row?.document;
}

/** An order of a connection, as it is stored. */
export async function orderText(db: Queryable, by: Party, orderId: string): Promise<string | undefined> {
  const [row] = await db.all<{ document: string }>(
    `select e.after as document
       from orders o
       join subjects s on s.supplier_id = o.supplier_id and s.type = 'order_update' and s.id = o.id
       join events e on e.id = s.event_id
      where o.id = $1 and o.supplier_id = $2 and o.connection_id = $3`,
    [orderId, by.supplierId, by.connectionId],
  );
  return row?.document;
}

/** The bookings of a connection that pass a filter, the newest first; of more than `limit`, any so many. */
export function listBookings(db: Queryable, by: Party, filter: BookingFilter, limit: number): Promise<Listed[]> {
  // Only the conditions that are asked for, because SQLite plans a statement without knowing its parameters.
  const asked = [
    ['reseller_reference =', filter.resellerReference],
    ['supplier_reference =', filter.supplierReference],
    ['local_date >=', filter.localDateStart],
    ['local_date <=', filter.localDateEnd],
    ['product_id =', filter.productId],
    ['option_id =', filter.optionId],
  ].filter((condition): condition is [string, string] => condition[1] !== undefined);
  // The bookings are picked first, by themselves: joined at once, SQLite begins with all subjects. Their connection, not their
  // supplier, leads to the index of each condition.
  return db.all(
    `select b.uuid as id, length(e.after) as size
       from (select supplier_id, uuid, created_at from bookings
              where connection_id = $1 ${asked.map(([comparison], index) => `and ${comparison} $${index + 4}`).join(' ')}
              limit $3) b
       join subjects s on s.supplier_id = b.supplier_id and s.type = 'booking_update' and s.id = b.uuid
       join events e on e.id = s.event_id
      where b.supplier_id = $2
      order by b.created_at desc, b.uuid desc`,
    [by.connectionId, by.supplierId, limit, ...asked.map(([, value]) => value)],
  );
}
