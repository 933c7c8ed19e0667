import { type Brand, noBrand, type SupplierDocument } from '@carillon/contract';
import type { Queryable, Tx } from '../../platform/db/index.ts';
import type { Connection, SupplierListed, SupplierProfile, SupplierState } from '../party.ts';

interface SupplierRow {
  readonly id: string;
  readonly document: string;
  readonly language: string;
  readonly languages: string;
  readonly time_zone: string;
  readonly hold_seconds: number;
  readonly settling_ms: number;
  readonly checkout_url: string | null;
  readonly brand: string | null;
  readonly state: SupplierState;
  readonly created_at: number;
}

const supplierColumns =
  'id, document, language, languages, time_zone, hold_seconds, settling_ms, checkout_url, brand, state, created_at';

const supplierOf = (row: SupplierRow): SupplierListed => ({
  id: row.id,
  document: JSON.parse(row.document) as SupplierDocument,
  language: row.language,
  languages: JSON.parse(row.languages) as string[],
  timeZone: row.time_zone,
  holdSeconds: row.hold_seconds,
  settlingMs: row.settling_ms,
  checkoutUrl: row.checkout_url,
  brand: row.brand === null ? noBrand : { ...noBrand, ...(JSON.parse(row.brand) as Brand) },
  state: row.state,
  createdAt: row.created_at,
});

/** A supplier and its settings, also one that was deleted. */
export async function supplierById(db: Queryable, supplierId: string): Promise<SupplierListed | undefined> {
  const [row] = await db.all<SupplierRow>(`select ${supplierColumns} from suppliers where id = $1`, [supplierId]);
  return row && supplierOf(row);
}

/** A supplier that is not deleted, its row locked. */
export async function lockSupplier(tx: Tx, supplierId: string): Promise<SupplierListed | undefined> {
  const [row] = await tx.all<SupplierRow>(
    `select ${supplierColumns} from suppliers where id = $1 and state <> 'deleted'${tx.dialect.forUpdate}`,
    [supplierId],
  );
  return row && supplierOf(row);
}

/** Every supplier that is not deleted, oldest first. */
export async function allSuppliers(db: Queryable): Promise<SupplierListed[]> {
  const found = await db.all<SupplierRow>(
    `select ${supplierColumns} from suppliers where state <> 'deleted' order by created_at, id`,
  );
  return found.map(supplierOf);
}

/** Stores a supplier. */
export function insertSupplier(tx: Tx, supplier: SupplierProfile, createdAt: number): Promise<number> {
  return tx.run(
    `insert into suppliers
       (id, document, language, languages, time_zone, hold_seconds, settling_ms, checkout_url, brand, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [...supplierParams(supplier), createdAt],
  );
}

/** Writes the settings of a supplier. */
export function updateSupplier(tx: Tx, supplier: SupplierProfile): Promise<number> {
  return tx.run(
    `update suppliers
        set document = $2, language = $3, languages = $4, time_zone = $5, hold_seconds = $6, settling_ms = $7,
            checkout_url = $8, brand = $9
      where id = $1`,
    supplierParams(supplier),
  );
}

const supplierParams = (supplier: SupplierProfile) => [
  supplier.id,
  JSON.stringify(supplier.document),
  supplier.language,
  JSON.stringify(supplier.languages),
  supplier.timeZone,
  supplier.holdSeconds,
  supplier.settlingMs,
  supplier.checkoutUrl,
  JSON.stringify(supplier.brand),
];

/** Sets the state of a supplier. */
export function setSupplierState(tx: Tx, supplierId: string, state: SupplierState): Promise<number> {
  return tx.run('update suppliers set state = $2 where id = $1', [supplierId, state]);
}

interface ConnectionRow {
  readonly id: string;
  readonly supplier_id: string;
  readonly name: string;
  readonly kind: Connection['kind'];
  readonly emails: number;
  readonly hears: Connection['hears'];
}

const connectionOf = (row: ConnectionRow): Connection => ({
  supplierId: row.supplier_id,
  connectionId: row.id,
  name: row.name,
  kind: row.kind,
  emails: row.emails === 1,
  hears: row.hears,
});

/** The connection whose API key has this SHA-256, in hex; none where it was deleted or its supplier is not active. */
export async function connectionByKeyHash(db: Queryable, keyHash: string): Promise<Connection | undefined> {
  const [row] = await db.all<ConnectionRow>(
    `select c.id, c.supplier_id, c.name, c.kind, c.emails, c.hears
       from connections c join suppliers s on s.id = c.supplier_id
      where c.key_hash = $1 and c.deleted_at is null and s.state = 'active'`,
    [keyHash],
  );
  return row && connectionOf(row);
}

/** The connections of a supplier that are not deleted, oldest first. */
export async function supplierConnections(db: Queryable, supplierId: string): Promise<Connection[]> {
  const found = await db.all<ConnectionRow>(
    `select id, supplier_id, name, kind, emails, hears from connections
      where supplier_id = $1 and deleted_at is null order by created_at, id`,
    [supplierId],
  );
  return found.map(connectionOf);
}

/** Stores a connection with the SHA-256 of its API key, in hex. */
export function insertConnection(tx: Tx, connection: Connection, keyHash: string, createdAt: number): Promise<number> {
  const { connectionId, supplierId, name, kind, emails, hears } = connection;
  return tx.run(
    `insert into connections (id, supplier_id, name, kind, emails, hears, key_hash, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [connectionId, supplierId, name, kind, emails ? 1 : 0, hears, keyHash, createdAt],
  );
}

/** Changes what is given of a connection, and gives it as it is then; undefined where the supplier has none of this id. */
export async function updateConnection(
  db: Queryable,
  { supplierId, connectionId }: Pick<Connection, 'supplierId' | 'connectionId'>,
  { name, emails }: { readonly name?: string | undefined; readonly emails?: boolean | undefined },
): Promise<Connection | undefined> {
  const [row] = await db.all<ConnectionRow>(
    `update connections set name = coalesce(cast($3 as text), name), emails = coalesce(cast($4 as integer), emails)
      where supplier_id = $1 and id = $2 and deleted_at is null
      returning id, supplier_id, name, kind, emails, hears`,
    [supplierId, connectionId, name ?? null, emails === undefined ? null : Number(emails)],
  );
  return row && connectionOf(row);
}

/** Gives a connection another API key, by its SHA-256 in hex. Gives 0 where the supplier has no such connection. */
export function rotateConnectionKey(
  tx: Tx,
  { supplierId, connectionId }: Pick<Connection, 'supplierId' | 'connectionId'>,
  keyHash: string,
): Promise<number> {
  return tx.run('update connections set key_hash = $3 where supplier_id = $1 and id = $2 and deleted_at is null', [
    supplierId,
    connectionId,
    keyHash,
  ]);
}

/** Deletes a connection at a time (ms UTC). Gives 0 where the supplier has no such connection. */
export function deleteConnection(
  tx: Tx,
  { supplierId, connectionId }: Pick<Connection, 'supplierId' | 'connectionId'>,
  at: number,
): Promise<number> {
  return tx.run('update connections set deleted_at = $3 where supplier_id = $1 and id = $2 and deleted_at is null', [
    supplierId,
    connectionId,
    at,
  ]);
}
