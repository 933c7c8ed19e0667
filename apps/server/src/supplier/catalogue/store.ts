import type { Queryable, Tx } from '../../platform/db/index.ts';
import type { ProductDefinition } from './definition.ts';

/** The definitions of a supplier's products by id; unknown ids are left out. */
export async function definitionsById(
  db: Queryable,
  supplierId: string,
  ids: readonly string[],
): Promise<ProductDefinition[]> {
  if (ids.length === 0) return [];
  const found = await db.all<{ definition: string }>(
    `select definition from products where supplier_id = $1 and id in (${ids.map((_, index) => `$${index + 2}`).join(', ')})`,
    [supplierId, ...ids],
  );
  return found.map((row) => JSON.parse(row.definition) as ProductDefinition);
}

/**
 * Stores a definition, a new one as the supplier's last. The row is locked until the transaction ends. Gives no row when
 * the id is another supplier's.
 */
export function writeDefinition(tx: Tx, supplierId: string, definition: ProductDefinition): Promise<{ id: string }[]> {
  return tx.all(
    `insert into products (id, supplier_id, sort_order, definition)
     values ($1, $2, (select coalesce(max(sort_order), 0) + 1 from products where supplier_id = $2), $3)
     on conflict (id) do update set definition = excluded.definition where products.supplier_id = excluded.supplier_id
     returning id`,
    [definition.id, supplierId, JSON.stringify(definition)],
  );
}
