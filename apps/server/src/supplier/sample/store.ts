import type { Queryable, Tx } from '../../platform/db/index.ts';
import type { Connection } from '../party.ts';

/** True when there is a supplier, whichever. */
export async function anySupplier(db: Queryable): Promise<boolean> {
  return (await db.all('select id from suppliers limit 1')).length > 0;
}

/** Gives a supplier's first connection of a kind another API key, by its SHA-256 in hex. A hash that another has is a unique violation. */
export function setConnectionKey(
  tx: Tx,
  connection: Pick<Connection, 'supplierId' | 'kind'>,
  keyHash: string,
): Promise<number> {
  return tx.run(
    `update connections set key_hash = $3
      where id = (select id from connections
                   where supplier_id = $1 and kind = $2 and deleted_at is null order by created_at, id limit 1)`,
    [connection.supplierId, connection.kind, keyHash],
  );
}
