import type { Queryable } from '../../platform/db/index.ts';

/** The sealed key of unsubscribe links; undefined before the first. */
export async function sealedKey(db: Queryable): Promise<string | undefined> {
  const [row] = await db.all<{ readonly sealed: string }>(`select sealed from unsubscribe_keys where id = 'current'`);
  return row?.sealed;
}

/** Stores the sealed key, unless there is one. */
export async function keepSealedKey(db: Queryable, sealed: string): Promise<void> {
  await db.run(`insert into unsubscribe_keys (id, sealed) values ('current', $1) on conflict (id) do nothing`, [
    sealed,
  ]);
}

/** Whom a message of a supplier went to; undefined where there is no such message, null where its address is not kept. */
export async function messageAddress(
  db: Queryable,
  key: { readonly supplierId: string; readonly id: string },
): Promise<string | null | undefined> {
  const [row] = await db.all<{ readonly address: string | null }>(
    'select address from messages where supplier_id = $1 and id = $2',
    [key.supplierId, key.id],
  );
  return row?.address;
}

/** Whether there is such a supplier. */
export async function hasSupplier(db: Queryable, id: string): Promise<boolean> {
  return (await db.all('select 1 as found from suppliers where id = $1', [id])).length > 0;
}
