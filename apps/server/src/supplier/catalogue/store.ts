import { padded, places, type Queryable, type Tx } from '../../platform/db/index.ts';
import type { ProductDefinition } from './definition.ts';

/** The definitions of a supplier's products by id; unknown ids are left out. */
export async function definitionsById(
  db: Queryable,
  supplierId: string,
  ids: readonly string[],
): Promise<ProductDefinition[]> {
  if (ids.length === 0) return [];
  const list = padded(ids);
  const found = await db.all<{ definition: string }>(
    `select definition from products where supplier_id = $1 and id in (${places(list.length, 2)})`,
    [supplierId, ...list],
  );
  return found.map((row) => JSON.parse(row.definition) as ProductDefinition);
}

/** Stores a definition, a new one as the supplier's last. The row is locked until the transaction ends. */
export function writeDefinition(tx: Tx, supplierId: string, definition: ProductDefinition): Promise<number> {
  return tx.run(
    `insert into products (supplier_id, id, sort_order, definition)
     values ($1, $2, (select coalesce(max(sort_order), 0) + 1 from products where supplier_id = $1), $3)
     on conflict (supplier_id, id) do update set definition = excluded.definition`,
    [supplierId, definition.id, JSON.stringify(definition)],
  );
}
