import type { Queryable, Tx } from '../../platform/db/index.ts';
import type { ProductDefinition } from './definition.ts';

/** Which product was edited. */
export interface EditKey {
  readonly supplierId: string;
  readonly productId: string;
}

/** A product that was edited, while its slots are still to be told of it. */
export interface OpenEdit extends EditKey {
  /** What slots that have no document show to whoever heard of no edit yet; undefined where there was no product. */
  readonly before: ProductDefinition | undefined;
  /** The options whose slots may look different. */
  readonly optionIds: readonly string[];
  /** The option that it has got to. */
  readonly optionIndex: number;
  /** The last slot of that option that was looked at, or the day to go on with; empty: none yet. */
  readonly afterSlot: string;
}

interface EditRow {
  readonly before: string | null;
  readonly option_ids: string;
  readonly option_index: number;
  readonly after_slot: string;
}

/** The edit whose turn it is, of those that nobody works on; undefined when there is none. */
export async function nextEdit(db: Queryable): Promise<EditKey | undefined> {
  const [row] = await db.all<{ supplier_id: string; product_id: string }>(
    `select supplier_id, product_id from catalogue_edits
      order by turn_at, supplier_id, product_id limit 1${db.dialect.forUpdateSkipLocked}`,
  );
  return row && { supplierId: row.supplier_id, productId: row.product_id };
}

/** Locks the open edit of a product whose row is locked; undefined when there is none, or somebody else works on it. */
export async function lockEdit(
  tx: Tx,
  { supplierId, productId }: EditKey,
  lock: string,
): Promise<OpenEdit | undefined> {
  const [row] = await tx.all<EditRow>(
    `select before, option_ids, option_index, after_slot from catalogue_edits
      where supplier_id = $1 and product_id = $2${lock}`,
    [supplierId, productId],
  );
  if (row === undefined) return undefined;
  return {
    supplierId,
    productId,
    before: row.before === null ? undefined : (JSON.parse(row.before) as ProductDefinition),
    optionIds: JSON.parse(row.option_ids) as string[],
    optionIndex: row.option_index,
    afterSlot: row.after_slot,
  };
}

/** Opens an edit at a time (ms UTC), or begins an open one anew with these options; what was before the first of them stays. */
export function openEdit(
  tx: Tx,
  { supplierId, productId }: EditKey,
  { before, optionIds }: Pick<OpenEdit, 'before' | 'optionIds'>,
  at: number,
): Promise<number> {
  return tx.run(
    `insert into catalogue_edits
       (supplier_id, product_id, before, option_ids, option_index, after_slot, turn_at, created_at)
     values ($1, $2, $3, $4, 0, '', $5, $5)
     on conflict (supplier_id, product_id)
     do update set option_ids = excluded.option_ids, option_index = 0, after_slot = ''`,
    [supplierId, productId, before === undefined ? null : JSON.stringify(before), JSON.stringify(optionIds), at],
  );
}

/** Writes how far an edit has got; another may have its turn (ms UTC). */
export function moveEdit(
  tx: Tx,
  { supplierId, productId }: EditKey,
  { optionIndex, afterSlot }: Pick<OpenEdit, 'optionIndex' | 'afterSlot'>,
  turnAt: number,
): void {
  tx.send(
    `update catalogue_edits set option_index = $3, after_slot = $4, turn_at = $5
      where supplier_id = $1 and product_id = $2`,
    [supplierId, productId, optionIndex, afterSlot, turnAt],
  );
}

/** Lets others have their turn before an edit that failed. */
export function putOffEdit(db: Queryable, { supplierId, productId }: EditKey, turnAt: number): Promise<number> {
  return db.run('update catalogue_edits set turn_at = $3 where supplier_id = $1 and product_id = $2', [
    supplierId,
    productId,
    turnAt,
  ]);
}

/** Ends an edit: all of its slots were told. */
export function endEdit(tx: Tx, { supplierId, productId }: EditKey): void {
  tx.send('delete from catalogue_edits where supplier_id = $1 and product_id = $2', [supplierId, productId]);
}
