import type { DatabaseSync } from 'node:sqlite';

const primaryKey = 1555;
const unique = 2067;
const check = 275;
const notNull = 1299;

/** The name of the constraint that a statement broke, as Postgres would call it; SQLite itself tells only columns. */
export function constraintOf(database: DatabaseSync, code: number, message: string): string | undefined {
  const told = message.slice(message.indexOf(': ') + 2);
  switch (code) {
    case check:
    case notNull:
      return told;
    case primaryKey:
      return `${tableOf(told)}_pkey`;
    case unique:
      return uniqueIndex(database, told);
  }
  return undefined;
}

/** From `bookings.supplier_id, bookings.reference`, or from `index 'bookings_reference'` where it is on an expression. */
function uniqueIndex(database: DatabaseSync, told: string): string {
  const named = /^index '(.+)'$/.exec(told)?.[1];
  if (named !== undefined) return named;
  const table = tableOf(told);
  const columns = told.split(', ').map((column) => column.slice(table.length + 1));
  const name = database
    .prepare(
      `select list.name from pragma_index_list(?) list where list."unique" and list.origin = 'c'
        and (select group_concat(name, ', ') from (select name from pragma_index_info(list.name) order by seqno)) = ?`,
    )
    .get(table, columns.join(', '))?.name;
  return typeof name === 'string' ? name : `${table}_${columns.join('_')}_key`;
}

function tableOf(told: string): string {
  return told.slice(0, told.indexOf('.'));
}
