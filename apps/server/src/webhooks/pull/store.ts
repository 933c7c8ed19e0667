import type { Queryable } from '../../platform/db/index.ts';

/** The place of the newest event of a supplier that was pruned; 0: none was. */
export async function lastPruned(db: Queryable, supplierId: string): Promise<number> {
  const [row] = await db.all<{ sequence: number }>('select sequence from pruned_events where supplier_id = $1', [
    supplierId,
  ]);
  return row?.sequence ?? 0;
}
