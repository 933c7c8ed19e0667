import type { Queryable, Tx } from '../../platform/db/index.ts';
import type { Connection, SupplierProfile } from '../party.ts';

/** True when there is a supplier, whichever. */
export async function anySupplier(db: Queryable): Promise<boolean> {
  return (await db.all('select id from suppliers limit 1')).length > 0;
}

/** Stores a supplier. */
export function insertSupplier(tx: Tx, supplier: SupplierProfile, createdAt: number): Promise<number> {
  return tx.run(
    `insert into suppliers
       (id, document, language, languages, time_zone, hold_seconds, settling_ms, checkout_url, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      supplier.id,
      JSON.stringify(supplier.document),
      supplier.language,
      JSON.stringify(supplier.languages),
      supplier.timeZone,
      supplier.holdSeconds,
      supplier.settlingMs,
      supplier.checkoutUrl,
      createdAt,
    ],
  );
}

/** Stores a connection with the SHA-256 of its API key, in hex. */
export function insertConnection(tx: Tx, connection: Connection, keyHash: string, createdAt: number): Promise<number> {
  const { connectionId, supplierId, name, kind, emails } = connection;
  return tx.run(
    `insert into connections (id, supplier_id, name, kind, emails, key_hash, created_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [connectionId, supplierId, name, kind, emails ? 1 : 0, keyHash, createdAt],
  );
}

/** Gives a supplier's first connection of a kind another API key, by its SHA-256 in hex. A hash that another has is a unique violation. */
export function setConnectionKey(
  tx: Tx,
  connection: Pick<Connection, 'supplierId' | 'kind'>,
  keyHash: string,
): Promise<number> {
  return tx.run(
    `update connections set key_hash = $3
      where id = (select id from connections where supplier_id = $1 and kind = $2 order by created_at, id limit 1)`,
    [connection.supplierId, connection.kind, keyHash],
  );
}
