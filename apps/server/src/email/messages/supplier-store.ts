import type { Tx } from '../../platform/db/index.ts';

/**
 * Whether a supplier is not deleted, and stays so until the transaction ends: whoever deletes it skips its open messages, and is not
 * to miss one that is being opened.
 */
export async function keepSupplier(tx: Tx, supplierId: string): Promise<boolean> {
  const found = await tx.all(
    `select s.id from suppliers s where s.id = $1 and s.state <> 'deleted'${tx.dialect.forShareOf('s')}`,
    [supplierId],
  );
  return found.length > 0;
}
