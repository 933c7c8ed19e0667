import type { BookingDocument } from '@carillon/contract';
import { padded, places, type Queryable, rows, type Tx } from '../../platform/db/index.ts';
import type { ProductDefinition } from '../catalogue/definition.ts';
import type { Party } from '../party.ts';
import type { LockedOrder } from './order-store.ts';

/** The columns of a booking that follow its document. */
export interface BookingColumns {
  readonly status: string;
  readonly productId: string;
  readonly optionId: string;
  readonly availabilityId: string | null;
  readonly localDate: string | null;
  readonly places: number;
  readonly expiresAt: number | null;
  readonly resellerReference: string | null;
}

/** Stores a new booking. Its uuid being there already is a unique violation. */
export function insertBooking(
  tx: Tx,
  order: LockedOrder,
  booking: BookingDocument,
  columns: BookingColumns,
  made: { readonly fingerprint: string; readonly at: number },
): Promise<number> {
  return tx.run(
    `insert into bookings
       (supplier_id, uuid, connection_id, order_id, status, product_id, option_id, availability_id, local_date, places,
        expires_at, reseller_reference, supplier_reference, test_mode, fingerprint, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    [
      order.supplierId,
      booking.uuid,
      order.connectionId,
      order.id,
      columns.status,
      columns.productId,
      columns.optionId,
      columns.availabilityId,
      columns.localDate,
      columns.places,
      columns.expiresAt,
      columns.resellerReference,
      booking.supplierReference,
      booking.testMode ? 1 : 0,
      made.fingerprint,
      made.at,
    ],
  );
}

/** Brings a booking's columns up to its document. */
export function updateBooking(tx: Tx, supplierId: string, uuid: string, columns: BookingColumns): Promise<number> {
  return tx.run(
    `update bookings
        set status = $3, product_id = $4, option_id = $5, availability_id = $6, local_date = $7, places = $8,
            expires_at = $9, reseller_reference = $10
      where supplier_id = $1 and uuid = $2`,
    [
      supplierId,
      uuid,
      columns.status,
      columns.productId,
      columns.optionId,
      columns.availabilityId,
      columns.localDate,
      columns.places,
      columns.expiresAt,
      columns.resellerReference,
    ],
  );
}

/** Stores the uuids of a booking's new unit items. One that any booking has is a unique violation. */
export function insertUnitItems(
  tx: Tx,
  supplierId: string,
  bookingUuid: string,
  uuids: readonly string[],
): Promise<number> {
  return tx.run(
    `insert into unit_items (supplier_id, uuid, booking_uuid) values ${rows(['text', 'text', 'text'], uuids.length)}`,
    uuids.flatMap((uuid) => [supplierId, uuid, bookingUuid]),
  );
}

/** Forgets the uuids of unit items that were removed. */
export function deleteUnitItems(tx: Tx, supplierId: string, uuids: readonly string[]): Promise<number> {
  const list = padded(uuids);
  return tx.run(`delete from unit_items where supplier_id = $1 and uuid in (${places(list.length, 2)})`, [
    supplierId,
    ...list,
  ]);
}

/** Which of these uuids unit items have, with the booking that each belongs to. */
export async function unitItemOwners(
  db: Queryable,
  supplierId: string,
  uuids: readonly string[],
): Promise<{ uuid: string; booking_uuid: string }[]> {
  if (uuids.length === 0) return [];
  const list = padded(uuids);
  return db.all(
    `select uuid, booking_uuid from unit_items where supplier_id = $1 and uuid in (${places(list.length, 2)})`,
    [supplierId, ...list],
  );
}

/** Who made a booking, and of what. */
export async function bookingOrigin(
  db: Queryable,
  supplierId: string,
  uuid: string,
): Promise<{ connection_id: string; fingerprint: string } | undefined> {
  const [row] = await db.all<{ connection_id: string; fingerprint: string }>(
    'select connection_id, fingerprint from bookings where supplier_id = $1 and uuid = $2',
    [supplierId, uuid],
  );
  return row;
}

/** A supplier's usual hold time, and the kind of the connection that asks. */
export async function termsOf(
  db: Queryable,
  by: Party,
): Promise<{ hold_seconds: number; kind: 'website' | 'reseller' } | undefined> {
  const [row] = await db.all<{ hold_seconds: number; kind: 'website' | 'reseller' }>(
    `select s.hold_seconds, c.kind from connections c join suppliers s on s.id = c.supplier_id
      where c.id = $1 and c.supplier_id = $2`,
    [by.connectionId, by.supplierId],
  );
  return row;
}

/** The currency of a supplier's first product that is not deleted; undefined when it sells nothing. */
export async function firstCurrency(db: Queryable, supplierId: string): Promise<string | undefined> {
  const [row] = await db.all<{ definition: string }>(
    'select definition from products where supplier_id = $1 and deleted_at is null order by sort_order, id limit 1',
    [supplierId],
  );
  return row && (JSON.parse(row.definition) as Pick<ProductDefinition, 'defaultCurrency'>).defaultCurrency;
}

/** The connection that a booking is of. */
export async function bookingOwner(db: Queryable, supplierId: string, uuid: string): Promise<Party | undefined> {
  const [row] = await db.all<{ connection_id: string }>(
    'select connection_id from bookings where supplier_id = $1 and uuid = $2',
    [supplierId, uuid],
  );
  return row && { supplierId, connectionId: row.connection_id };
}

/** The order that a booking is of. */
export async function bookingOrder(db: Queryable, supplierId: string, uuid: string): Promise<string | undefined> {
  const [row] = await db.all<{ order_id: string }>(
    'select order_id from bookings where supplier_id = $1 and uuid = $2',
    [supplierId, uuid],
  );
  return row?.order_id;
}
