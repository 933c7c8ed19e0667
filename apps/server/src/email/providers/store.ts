import type { Queryable, Tx } from '../../platform/db/index.ts';
import type { ProviderKind } from './settings.ts';

/** A supplier's provider as it is stored. `createdAt` is ms UTC. */
export interface StoredProvider {
  readonly id: string;
  readonly supplierId: string;
  readonly kind: ProviderKind;
  readonly name: string;
  /** Sealed. */
  readonly settings: string;
  readonly sender: string | null;
  readonly isDefault: boolean;
  /** Rises with every change. */
  readonly revision: number;
  readonly callbackHash: string | null;
  /** Sealed. */
  readonly callbackSecret: string | null;
  /** JSON. */
  readonly callbackState: string | null;
  readonly createdAt: number;
}

interface Row extends Omit<StoredProvider, 'isDefault'> {
  readonly isDefault: number;
}

const columns = `id, supplier_id as "supplierId", kind, name, settings, sender, is_default as "isDefault", revision,
  callback_hash as "callbackHash", callback_secret as "callbackSecret", callback_state as "callbackState",
  created_at as "createdAt"`;
const storedOf = (row: Row): StoredProvider => ({ ...row, isDefault: row.isDefault === 1 });

/** The providers of a supplier, the oldest first. */
export async function providersOf(db: Queryable, supplierId: string): Promise<StoredProvider[]> {
  const found = await db.all<Row>(
    `select ${columns} from email_providers where supplier_id = $1 order by created_at, id`,
    [supplierId],
  );
  return found.map(storedOf);
}

/** A provider of a supplier. */
export async function providerById(
  db: Queryable,
  key: { readonly supplierId: string; readonly id: string },
): Promise<StoredProvider | undefined> {
  const found = await db.all<Row>(`select ${columns} from email_providers where supplier_id = $1 and id = $2`, [
    key.supplierId,
    key.id,
  ]);
  return found.map(storedOf)[0];
}

/** The provider whose reports come with a token, by the token's hash. */
export async function providerByCallback(db: Queryable, hash: string): Promise<StoredProvider | undefined> {
  const found = await db.all<Row>(`select ${columns} from email_providers where callback_hash = $1`, [hash]);
  return found.map(storedOf)[0];
}

/** Every provider of a kind whose supplier is active. */
export async function providersOfKind(db: Queryable, kind: ProviderKind): Promise<StoredProvider[]> {
  const found = await db.all<Row>(
    `select ${columns} from email_providers
      where kind = $1
        and exists (select 1 from suppliers where suppliers.id = email_providers.supplier_id and state = 'active')
      order by id`,
    [kind],
  );
  return found.map(storedOf);
}

/** Whether a supplier has a server at Postmark, which keeps a list of whom it does not write to. */
export async function hasPostmark(db: Queryable, supplierId: string): Promise<boolean> {
  const found = await db.all(
    `select 1 as found from email_providers where supplier_id = $1 and kind = 'postmark' limit 1`,
    [supplierId],
  );
  return found.length > 0;
}

/** Stores a new provider. Fails as `unique` where the supplier has one of that name. */
export async function insertProvider(tx: Tx, provider: StoredProvider): Promise<void> {
  await tx.run(
    `insert into email_providers
       (id, supplier_id, kind, name, settings, sender, is_default, revision, callback_hash, callback_secret,
        callback_state, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      provider.id,
      provider.supplierId,
      provider.kind,
      provider.name,
      provider.settings,
      provider.sender,
      Number(provider.isDefault),
      provider.revision,
      provider.callbackHash,
      provider.callbackSecret,
      provider.callbackState,
      provider.createdAt,
    ],
  );
}

/** Changes a provider as it was at a revision, which rises; how many it changed. Fails as `unique` as above. */
export function updateProvider(tx: Tx, provider: StoredProvider): Promise<number> {
  return tx.run(
    `update email_providers set name = $3, settings = $4, sender = $5, is_default = $6, revision = revision + 1
      where supplier_id = $1 and id = $2 and revision = $7`,
    [
      provider.supplierId,
      provider.id,
      provider.name,
      provider.settings,
      provider.sender,
      Number(provider.isDefault),
      provider.revision,
    ],
  );
}

/** Makes none of a supplier's providers the default one. */
export async function clearDefault(tx: Tx, supplierId: string): Promise<void> {
  await tx.run('update email_providers set is_default = 0 where supplier_id = $1 and is_default = 1', [supplierId]);
}

/** Notes what came of telling a provider where its reports go; JSON. */
export async function putCallbackState(db: Queryable, id: string, state: string): Promise<void> {
  await db.run('update email_providers set callback_state = $2 where id = $1', [id, state]);
}

/** Removes a provider; how many it removed. */
export function deleteProvider(
  db: Queryable,
  key: { readonly supplierId: string; readonly id: string },
): Promise<number> {
  return db.run('delete from email_providers where supplier_id = $1 and id = $2', [key.supplierId, key.id]);
}
