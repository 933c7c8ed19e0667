import type { Queryable, Tx } from '../db/index.ts';
import type { SealedColumn } from './sealed-column.ts';

/** A sealed text and whose it is. */
export interface SealedRow {
  readonly key: string;
  readonly sealed: string;
}

/** What other keys than `keyId` sealed in a column, by key from the one after `after` on; only names of ours make its text. */
export function sealedByOthers(
  db: Queryable,
  { table, key, column }: SealedColumn,
  { keyId, after, limit }: { readonly keyId: string; readonly after: string; readonly limit: number },
): Promise<SealedRow[]> {
  return db.all<SealedRow>(
    `select ${key} as key, ${column} as sealed from ${table}
      where ${key} > $1 and ${column} is not null and ${column} not like 's1.' || $2 || '.%'
      order by ${key} limit $3`,
    [after, keyId, limit],
  );
}

/** Stores a text that was sealed anew, unless it has changed meanwhile. */
export function replaceSealed(tx: Tx, { table, key, column }: SealedColumn, row: SealedRow, sealed: string): void {
  tx.send(`update ${table} set ${column} = $1 where ${key} = $2 and ${column} = $3`, [sealed, row.key, row.sealed]);
}
