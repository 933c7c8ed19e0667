import type { Param, Queryable } from '../platform/db/index.ts';

/** A booking or an order in a list, before its document is read. `createdAt` is ms UTC. */
export interface ListedSubject {
  readonly id: string;
  readonly connectionId: string;
  readonly createdAt: number;
}

/** Where a list goes on: after this one. */
type Cursor = Pick<ListedSubject, 'id' | 'createdAt'>;

/** The cursor of a list's beginning: newer than everything in it. */
export const beginning: Cursor = { id: '', createdAt: Number.MAX_SAFE_INTEGER };

/** At most `limit` of a list, those after the cursor. */
export interface ListPage {
  readonly supplierId: string;
  readonly after: Cursor;
  readonly limit: number;
}

/** What bookings are listed by. */
export interface BookingListFilter {
  readonly status?: string | undefined;
  readonly productId?: string | undefined;
  readonly connectionId?: string | undefined;
  /** Days of travel, YYYY-MM-DD, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** The supplier's or the reseller's. */
  readonly reference?: string | undefined;
}

/** What orders are listed by. */
export interface OrderListFilter {
  readonly connectionId?: string | undefined;
  readonly reference?: string | undefined;
  /** An e-mail address, a last name or a phone number, whole. */
  readonly contact?: string | undefined;
}

/** What is asked for: each `?` of a condition is a parameter. SQLite plans a statement without knowing its parameters. */
type Asked = readonly [condition: string, param: string | undefined];

/** Rows of a table. They must meet `all` conditions and one of `any`; `search`: what is asked for is in an index that begins with the connection. */
interface Wanted {
  readonly table: 'bookings' | 'orders';
  readonly id: 'uuid' | 'id';
  readonly all: readonly Asked[];
  readonly any: readonly Asked[];
  readonly search: boolean;
}

/** A page of a table, newest first. */
function listed(db: Queryable, page: ListPage, { table, id, all, any, search }: Wanted): Promise<ListedSubject[]> {
  const params: Param[] = [page.supplierId, page.after.createdAt, page.after.id, page.limit];
  const written = ([condition, param]: Asked): string => {
    if (param === undefined) return '';
    params.push(param);
    return ` and ${condition.replace('?', `$${params.length}`)}`;
  };
  const every = all.map(written).join('');
  const ways = any.filter(([, param]) => param !== undefined).map(written);
  // SQLite would rather walk through all rows of a supplier or a connection in the order that is asked for: a sum is in no index.
  const whose = search ? 'connection_id in (select id from connections where supplier_id = $1)' : 'supplier_id = $1';
  const found = (ways.length > 0 ? ways : ['']).map(
    (way) =>
      `select ${id} as id, connection_id, created_at from ${table}
        where ${whose} and (${search ? 'created_at + 0' : 'created_at'}, ${id}) < ($2, $3)${every}${way}`,
  );
  return db.all<ListedSubject>(
    `select id, connection_id as "connectionId", created_at as "createdAt"
       from (${found.join(' union ')}) found
      order by created_at desc, id desc limit $4`,
    params,
  );
}

/** A supplier's bookings that pass a filter, newest first. */
export function listedBookings(db: Queryable, page: ListPage, filter: BookingListFilter): Promise<ListedSubject[]> {
  const { status, productId, connectionId, from, to, reference } = filter;
  return listed(db, page, {
    table: 'bookings',
    id: 'uuid',
    all: [
      ['status = ?', status],
      ['product_id = ?', productId],
      ['connection_id = ?', connectionId],
      ['local_date >= ?', from],
      ['local_date <= ?', to],
    ],
    any: [
      ['supplier_reference = ?', reference],
      ['reseller_reference = ?', reference],
    ],
    search: (from ?? to ?? reference) !== undefined,
  });
}

/** A supplier's orders that pass a filter, newest first. */
export function listedOrders(db: Queryable, page: ListPage, filter: OrderListFilter): Promise<ListedSubject[]> {
  const text = filter.contact?.trim().toLowerCase();
  // What has no digits is no phone number.
  const digits = filter.contact?.replaceAll(/\D/g, '') || undefined;
  return listed(db, page, {
    table: 'orders',
    id: 'id',
    all: [
      ['connection_id = ?', filter.connectionId],
      ['reference = ?', filter.reference],
    ],
    any: [
      ['contact_email = ?', text],
      ['contact_last_name = ?', text],
      ['contact_phone = ?', digits],
    ],
    search: text !== undefined,
  });
}

/** The cursor at a supplier's booking; undefined when there is none of that uuid. */
export async function bookingCursor(db: Queryable, supplierId: string, uuid: string): Promise<Cursor | undefined> {
  const [row] = await db.all<Cursor>(
    'select uuid as id, created_at as "createdAt" from bookings where supplier_id = $1 and uuid = $2',
    [supplierId, uuid],
  );
  return row;
}

/** The cursor at a supplier's order; undefined when there is none of that id. */
export async function orderCursor(db: Queryable, supplierId: string, id: string): Promise<Cursor | undefined> {
  const [row] = await db.all<Cursor>(
    'select id, created_at as "createdAt" from orders where id = $2 and supplier_id = $1',
    [supplierId, id],
  );
  return row;
}
