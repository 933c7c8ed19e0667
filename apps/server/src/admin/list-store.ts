import type { Param, Queryable } from '../platform/db/index.ts';

/** A booking or an order in a list, before its document is read. */
export interface ListedSubject {
  readonly id: string;
  readonly connectionId: string;
}

/** Where a list goes on: after the one with this id. */
interface Cursor {
  readonly id: string;
  /** When it was made, ms UTC; in a list by day of travel that day, YYYY-MM-DD. */
  readonly at: number | string;
}

/** At most `limit` of a list, those after the cursor. */
export interface ListPage {
  readonly supplierId: string;
  /** Undefined: from its beginning. */
  readonly after: Cursor | undefined;
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

/** Rows of a table: they must meet `all` conditions, and one of `any`, which few meet. */
interface Wanted {
  readonly table: 'bookings' | 'orders';
  readonly id: 'uuid' | 'id';
  readonly connectionId: string | undefined;
  readonly all: readonly Asked[];
  /** What is in an index that begins with the connection. */
  readonly any: readonly Asked[];
}

/** The order of a list, in an index for each of the conditions that it can have. */
type Order = 'newest first' | 'by day of travel';

/** A page of a table. */
function listed(db: Queryable, page: ListPage, wanted: Wanted, order: Order): Promise<ListedSubject[]> {
  const { table, id, connectionId } = wanted;
  const byDay = order === 'by day of travel';
  const after = page.after ?? { id: '', at: byDay ? '' : Number.MAX_SAFE_INTEGER };
  const params: Param[] = [page.supplierId, after.at, after.id, page.limit];
  const asked = (conditions: readonly Asked[]): string[] =>
    conditions.flatMap(([condition, param]) =>
      param === undefined ? [] : [condition.replace('?', () => `$${params.push(param)}`)],
    );
  const found = asked(wanted.any);
  const few = found.length > 0;
  const column = byDay ? 'local_date' : 'created_at';
  // A sum is in no index: SQLite would rather walk through all rows in the order that is asked for than look for the few that are wanted.
  const place = few && !byDay ? `${column} + 0` : column;
  const ours = 'select id from connections where supplier_id = $1';
  const [whose = ''] =
    connectionId === undefined
      ? [few ? `connection_id in (${ours})` : 'supplier_id = $1']
      : asked([[`connection_id = (${ours} and id = ?)`, connectionId]]);
  const conditions = [whose, ...asked(wanted.all), `(${place}, ${id}) ${byDay ? '>' : '<'} ($2, $3)`].join(' and ');
  const direction = byDay ? 'asc' : 'desc';
  const select = `select ${id} as id, connection_id as "connectionId", ${column} as place from ${table} where ${conditions}`;
  const rows = few ? `select * from (${found.map((way) => `${select} and ${way}`).join(' union ')}) few` : select;
  const sorted = few ? `place ${direction}, id ${direction}` : `${column} ${direction}, ${id} ${direction}`;
  return db.all<ListedSubject>(`${rows} order by ${sorted} limit $4`, params);
}

const isByDay = ({ from, to }: BookingListFilter): boolean => (from ?? to) !== undefined;

/** A supplier's bookings that pass a filter: newest first, or those of some days of travel, day by day. */
export function listedBookings(db: Queryable, page: ListPage, filter: BookingListFilter): Promise<ListedSubject[]> {
  const { status, productId, connectionId, from, to, reference } = filter;
  return listed(
    db,
    page,
    {
      table: 'bookings',
      id: 'uuid',
      connectionId,
      all: [
        ['status = ?', status],
        ['product_id = ?', productId],
        ['local_date >= ?', from],
        ['local_date <= ?', to],
      ],
      any: [
        ['supplier_reference = ?', reference],
        ['reseller_reference = ?', reference],
      ],
    },
    isByDay(filter) ? 'by day of travel' : 'newest first',
  );
}

/** A supplier's orders that pass a filter, newest first. */
export function listedOrders(db: Queryable, page: ListPage, filter: OrderListFilter): Promise<ListedSubject[]> {
  const { connectionId, reference } = filter;
  const text = filter.contact?.trim().toLowerCase();
  // What has no digits is no phone number.
  const digits = filter.contact?.replaceAll(/\D/g, '') || undefined;
  return listed(
    db,
    page,
    {
      table: 'orders',
      id: 'id',
      connectionId,
      all: [['reference = ?', reference]],
      any: [
        ['contact_email = ?', text],
        ['contact_last_name = ?', text],
        ['contact_phone = ?', digits],
      ],
    },
    'newest first',
  );
}

/** The cursor at a supplier's booking in a list of such a filter; undefined when it is not in any. */
export async function bookingCursor(
  db: Queryable,
  { supplierId, uuid }: { readonly supplierId: string; readonly uuid: string },
  filter: BookingListFilter,
): Promise<Cursor | undefined> {
  const [row] = await db.all<{ id: string; created: number; day: string | null }>(
    'select uuid as id, created_at as created, local_date as day from bookings where supplier_id = $1 and uuid = $2',
    [supplierId, uuid],
  );
  const at = isByDay(filter) ? row?.day : row?.created;
  return row === undefined || at === undefined || at === null ? undefined : { id: row.id, at };
}

/** The cursor at a supplier's order; undefined when there is none of that id. */
export async function orderCursor(db: Queryable, supplierId: string, id: string): Promise<Cursor | undefined> {
  const [row] = await db.all<Cursor>('select id, created_at as at from orders where id = $2 and supplier_id = $1', [
    supplierId,
    id,
  ]);
  return row;
}
