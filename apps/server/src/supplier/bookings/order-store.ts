import type { Contact, OrderDocument } from '@carillon/contract';
import type { Queryable, Tx } from '../../platform/db/index.ts';
import type { Party } from '../party.ts';
import type { Listed } from '../reading/list.ts';
import type { OrderFilter } from '../request.ts';
import { nothingOwn, type OrderOwn } from './own.ts';

/** An order's row under its lock. `bookings`: how many were ever made in it. */
export interface LockedOrder extends Party {
  readonly id: string;
  readonly reference: string;
  readonly bookings: number;
  readonly testMode: boolean;
  readonly own: OrderOwn;
}

interface OrderRow {
  readonly id: string;
  readonly supplier_id: string;
  readonly connection_id: string;
  readonly reference: string;
  readonly bookings: number;
  readonly test_mode: number;
  readonly own: string | null;
}

const orderOf = (row: OrderRow | undefined): LockedOrder | undefined =>
  row && {
    id: row.id,
    supplierId: row.supplier_id,
    connectionId: row.connection_id,
    reference: row.reference,
    bookings: row.bookings,
    testMode: row.test_mode === 1,
    own: row.own === null ? nothingOwn : { ...nothingOwn, ...(JSON.parse(row.own) as OrderOwn) },
  };

/** Locks an order of a connection. */
export async function lockOrder(tx: Tx, by: Party, orderId: string): Promise<LockedOrder | undefined> {
  const [row] = await tx.all<OrderRow>(
    `select id, supplier_id, connection_id, reference, bookings, test_mode, own from orders
      where id = $1 and supplier_id = $2 and connection_id = $3${tx.dialect.forUpdate}`,
    [orderId, by.supplierId, by.connectionId],
  );
  return orderOf(row);
}

/** Locks the order that a connection's booking belongs to. */
export async function lockOrderOfBooking(tx: Tx, by: Party, uuid: string): Promise<LockedOrder | undefined> {
  const [row] = await tx.all<OrderRow>(
    `select id, supplier_id, connection_id, reference, bookings, test_mode, own from orders
      where id = (select order_id from bookings where supplier_id = $1 and uuid = $2 and connection_id = $3)${tx.dialect.forUpdate}`,
    [by.supplierId, uuid, by.connectionId],
  );
  return orderOf(row);
}

/** Locks an order for the expiry of its holds; undefined when somebody else has it. */
export async function lockFreeOrder(tx: Tx, orderId: string): Promise<LockedOrder | undefined> {
  const [row] = await tx.all<OrderRow>(
    `select id, supplier_id, connection_id, reference, bookings, test_mode, own from orders
      where id = $1${tx.dialect.forUpdateSkipLocked}`,
    [orderId],
  );
  return orderOf(row);
}

/** Of a contact, what orders are searched by; letters in lower case, of a phone number its digits. */
function searched(contact: { readonly [Key in 'emailAddress' | 'lastName' | 'phoneNumber']: Contact[Key] }) {
  const lower = (text: string | null) => text?.trim().toLowerCase() || null;
  const digits = contact.phoneNumber?.replaceAll(/\D/g, '') || null;
  return [lower(contact.emailAddress), lower(contact.lastName), digits] as const;
}

/** When an order expires by itself: not once it has bookings, nor when it has ended. */
const ownExpiry = ({ bookings, own }: LockedOrder) =>
  bookings > 0 || own.cancelled || own.expired ? null : own.expiresAt;

const ownText = ({ own }: LockedOrder) => (own === nothingOwn ? null : JSON.stringify(own));

/** Stores a new order. */
export function insertOrder(tx: Tx, order: LockedOrder, document: OrderDocument): Promise<number> {
  return tx.run(
    `insert into orders
       (id, supplier_id, connection_id, reference, bookings, test_mode, created_at, own,
        contact_email, contact_last_name, contact_phone, updated_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      order.id,
      order.supplierId,
      order.connectionId,
      order.reference,
      order.bookings,
      order.testMode ? 1 : 0,
      Date.parse(document.utcCreatedAt),
      ownText(order),
      ...searched(document.contact),
      Date.parse(document.utcUpdatedAt),
      ownExpiry(order),
    ],
  );
}

/** Brings an order's columns up to what it has now. */
export function updateOrder(tx: Tx, order: LockedOrder, document: OrderDocument): Promise<number> {
  return tx.run(
    `update orders
        set bookings = $2, own = $3, contact_email = $4, contact_last_name = $5, contact_phone = $6, updated_at = $7,
            expires_at = $8
      where id = $1`,
    [
      order.id,
      order.bookings,
      ownText(order),
      ...searched(document.contact),
      Date.parse(document.utcUpdatedAt),
      ownExpiry(order),
    ],
  );
}

/** An order that is to be found by its contact and is not yet. */
export interface Unsearched {
  readonly id: string;
  readonly supplierId: string;
}

/** Orders from before they were found by their contact, locked; those that somebody else has are passed over. */
export function lockUnsearched(tx: Tx, limit: number): Promise<Unsearched[]> {
  return tx.all(
    `select o.id, o.supplier_id as "supplierId"
       from orders_unsearched u join orders o on o.id = u.id
      order by u.id limit $1${tx.dialect.forUpdateSkipLocked}`,
    [limit],
  );
}

/** Has an order found by a contact; it is locked. */
export function searchBy(tx: Tx, orderId: string, contact: Contact): void {
  tx.send('update orders set contact_email = $2, contact_last_name = $3, contact_phone = $4 where id = $1', [
    orderId,
    ...searched(contact),
  ]);
  tx.send('delete from orders_unsearched where id = $1', [orderId]);
}

/** The orders of a connection that pass a filter, the newest first; of more than `limit`, any so many. */
export function listOrders(db: Queryable, by: Party, filter: OrderFilter, limit: number): Promise<Listed[]> {
  const [email, lastName, phone] = searched({
    emailAddress: filter.contactEmailAddress ?? null,
    lastName: filter.contactLastName ?? null,
    phoneNumber: filter.contactPhoneNumber ?? null,
  });
  // Only the conditions that are asked for, because SQLite plans a statement without knowing its parameters.
  const asked = [
    ['contact_email =', filter.contactEmailAddress === undefined ? undefined : (email ?? '')],
    ['contact_last_name =', filter.contactLastName === undefined ? undefined : (lastName ?? '')],
    ['contact_phone =', filter.contactPhoneNumber === undefined ? undefined : (phone ?? '')],
    ['reference =', filter.supplierReference],
    ['created_at >=', filter.utcCreatedAtStart],
    ['created_at <=', filter.utcCreatedAtEnd],
    ['updated_at >=', filter.utcUpdatedAtStart],
    ['updated_at <=', filter.utcUpdatedAtEnd],
  ].filter((condition): condition is [string, string | number] => condition[1] !== undefined);
  // The orders are picked first, by themselves: joined at once, SQLite begins with all subjects. A reference leads to its index
  // with the supplier, everything else with the connection.
  const ofSupplier = filter.supplierReference === undefined ? '' : 'and supplier_id = $2';
  return db.all(
    `select o.id, length(e.after) as size
       from (select supplier_id, id, created_at from orders
              where connection_id = $1 ${ofSupplier}
                ${asked.map(([comparison], index) => `and ${comparison} $${index + 4}`).join(' ')}
              limit $3) o
       join subjects s on s.supplier_id = o.supplier_id and s.type = 'order_update' and s.id = o.id
       join events e on e.id = s.event_id
      where o.supplier_id = $2
      order by o.created_at desc, o.id desc`,
    [by.connectionId, by.supplierId, limit, ...asked.map(([, value]) => value)],
  );
}

/** The connection that an order is of. */
export async function orderOwner(db: Queryable, supplierId: string, orderId: string): Promise<Party | undefined> {
  const [row] = await db.all<{ connection_id: string }>(
    'select connection_id from orders where id = $1 and supplier_id = $2',
    [orderId, supplierId],
  );
  return row && { supplierId, connectionId: row.connection_id };
}
