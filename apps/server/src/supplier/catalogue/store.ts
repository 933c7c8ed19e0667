import { padded, places, type Queryable, type Tx } from '../../platform/db/index.ts';
import type { ProductDefinition } from './definition.ts';

const definitionOf = (row: { readonly definition: string }) => JSON.parse(row.definition) as ProductDefinition;

/** A product that is sold. `openEdit` is there while its slots are still to be told of an edit of it. */
interface SoldProduct {
  readonly definition: ProductDefinition;
  readonly openEdit: { readonly before: ProductDefinition | undefined } | undefined;
}

/** A supplier's products by id; unknown and deleted ones are left out. */
export async function productsById(db: Queryable, supplierId: string, ids: readonly string[]): Promise<SoldProduct[]> {
  if (ids.length === 0) return [];
  const list = padded(ids);
  const found = await db.all<{ definition: string; edited: string | null; before: string | null }>(
    `select p.definition, e.product_id as edited, e.before
       from products p
       left join catalogue_edits e on e.supplier_id = p.supplier_id and e.product_id = p.id
      where p.supplier_id = $1 and p.id in (${places(list.length, 2)}) and p.deleted_at is null`,
    [supplierId, ...list],
  );
  return found.map(({ edited, before, ...row }) => ({
    definition: definitionOf(row),
    openEdit:
      edited === null ? undefined : { before: before === null ? undefined : definitionOf({ definition: before }) },
  }));
}

/** The definition of a supplier's product; undefined where there is none, or it was deleted. */
export async function definitionById(
  db: Queryable,
  supplierId: string,
  productId: string,
): Promise<ProductDefinition | undefined> {
  const [row] = await db.all<{ definition: string }>(
    'select definition from products where supplier_id = $1 and id = $2 and deleted_at is null',
    [supplierId, productId],
  );
  return row && definitionOf(row);
}

/** The definitions of a supplier's products that are not deleted, in their order. */
export async function allDefinitions(db: Queryable, supplierId: string): Promise<ProductDefinition[]> {
  const found = await db.all<{ definition: string }>(
    'select definition from products where supplier_id = $1 and deleted_at is null order by sort_order, id',
    [supplierId],
  );
  return found.map(definitionOf);
}

/** A product under its lock. `stored`: there is a row of it; it has no definition where it was deleted. */
interface LockedProduct {
  readonly stored: boolean;
  readonly definition: ProductDefinition | undefined;
}

/**
 * Locks a product against edits. Unless it is shared, the lock is against bookings and slots too that are made of it at the same
 * moment, because they refer to its row.
 */
export async function lockProduct(
  tx: Tx,
  supplierId: string,
  productId: string,
  { shared = false }: { readonly shared?: boolean } = {},
): Promise<LockedProduct> {
  const lock = shared ? tx.dialect.forShareOf('p') : tx.dialect.forUpdate;
  const [row] = await tx.all<{ definition: string; deleted_at: number | null }>(
    `select p.definition, p.deleted_at from products p where p.supplier_id = $1 and p.id = $2${lock}`,
    [supplierId, productId],
  );
  const there = row !== undefined && row.deleted_at === null;
  return { stored: row !== undefined, definition: there ? definitionOf(row) : undefined };
}

/** Stores a new definition as the supplier's last. One that somebody else made meanwhile is a unique violation. */
export function insertDefinition(tx: Tx, supplierId: string, definition: ProductDefinition): Promise<number> {
  return tx.run(
    `insert into products (supplier_id, id, sort_order, definition)
     values ($1, $2, (select coalesce(max(sort_order), 0) + 1 from products where supplier_id = $1), $3)`,
    [supplierId, definition.id, JSON.stringify(definition)],
  );
}

/** Writes a definition whose row is locked; one that was deleted is there again. */
export function updateDefinition(tx: Tx, supplierId: string, definition: ProductDefinition): Promise<number> {
  return tx.run('update products set definition = $3, deleted_at = null where supplier_id = $1 and id = $2', [
    supplierId,
    definition.id,
    JSON.stringify(definition),
  ]);
}

/** Deletes a product at a time (ms UTC). */
export function deleteDefinition(tx: Tx, supplierId: string, productId: string, at: number): Promise<number> {
  return tx.run('update products set deleted_at = $3 where supplier_id = $1 and id = $2', [supplierId, productId, at]);
}
