import type { Queryable, Tx } from '../../platform/db/index.ts';
import type { Party } from './webhook.ts';

/** Whether a supplier is active, and stays so until the transaction ends. Locked before its connections and webhooks. */
export async function keepSupplier(tx: Tx, supplierId: string): Promise<boolean> {
  const found = await tx.all(
    `select s.id from suppliers s where s.id = $1 and s.state = 'active'${tx.dialect.forShareOf('s')}`,
    [supplierId],
  );
  return found.length > 0;
}

/**
 * Whether a connection is there, and stays so until the transaction ends. `alone`: whoever asks so for the same connection waits.
 * Others do not, because bookings refer to its row while they wait for a webhook of it that is locked.
 */
export async function keepConnection(tx: Tx, by: Party, alone: boolean): Promise<boolean> {
  const found = await tx.all(
    `select c.id from connections c
      where c.id = $1 and c.supplier_id = $2 and c.deleted_at is null${alone ? tx.dialect.forUpdate : tx.dialect.forShareOf('c')}`,
    [by.connectionId, by.supplierId],
  );
  return found.length > 0;
}

/** Whether a connection hears of every booking and order of its supplier, as an app of the operator's does. */
export async function hearsAll(db: Queryable, by: Party): Promise<boolean> {
  const [row] = await db.all<{ hears: 'own' | 'supplier' }>(
    'select hears from connections where supplier_id = $1 and id = $2',
    [by.supplierId, by.connectionId],
  );
  return row?.hears === 'supplier';
}
