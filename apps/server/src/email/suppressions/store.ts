import type { Queryable } from '../../platform/db/index.ts';
import type { Suppression, SuppressionReason, SuppressionScope } from './suppression.ts';

const columns = 'id, address_hash as "addressHash", scope, reason, source, created_at as "createdAt"';

/** What stands in the way of writing to an address. */
export function suppressionsOf(db: Queryable, supplierId: string, addressHash: string): Promise<Suppression[]> {
  return db.all(
    `select ${columns} from suppressions where supplier_id = $1 and address_hash = $2 and lifted_at is null
      order by created_at, id`,
    [supplierId, addressHash],
  );
}

/** An address that is about to be suppressed. */
export interface NewSuppression extends Suppression {
  readonly supplierId: string;
  /** Sealed, for providers to be told of it; null where there is nobody to tell. */
  readonly address: string | null;
}

/** Suppresses an address; one that is already stays as it is, unless it had been lifted. How many were changed. */
export function suppress(db: Queryable, one: NewSuppression): Promise<number> {
  return db.run(
    `insert into suppressions (id, supplier_id, address_hash, scope, reason, source, address, lifted_at, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, null, $8)
     on conflict (supplier_id, address_hash, scope) do update
       set reason = excluded.reason, source = excluded.source, address = excluded.address, lifted_at = null,
           created_at = excluded.created_at
       where suppressions.lifted_at is not null`,
    [one.id, one.supplierId, one.addressHash, one.scope, one.reason, one.source, one.address, one.createdAt],
  );
}

/** Suppressions of a supplier, the newest first, at most `limit`, of one address or of all, after that with the id `before`. */
export function listSuppressions(
  db: Queryable,
  filter: {
    readonly supplierId: string;
    readonly addressHash?: string | undefined;
    readonly before?: string | undefined;
    readonly limit: number;
  },
): Promise<Suppression[]> {
  return db.all(
    `select ${columns} from suppressions
      where supplier_id = $1 and lifted_at is null and (cast($2 as text) is null or address_hash = $2)
        and (cast($3 as text) is null or (created_at, id) <
             (select created_at, id from suppressions where supplier_id = $1 and id = $3))
      order by created_at desc, id desc limit $4`,
    [filter.supplierId, filter.addressHash ?? null, filter.before ?? null, filter.limit],
  );
}

/** Lifts a suppression at `now` (ms UTC), and keeps it until its providers know; how many it lifted. */
export function liftSuppression(
  db: Queryable,
  one: { readonly supplierId: string; readonly id: string; readonly now: number },
): Promise<number> {
  return db.run(
    'update suppressions set lifted_at = $3, address = null where supplier_id = $1 and id = $2 and lifted_at is null',
    [one.supplierId, one.id, one.now],
  );
}

/** Removes what a provider says is over: the suppressions of an address that it had told of itself. */
export function liftFrom(
  db: Queryable,
  one: { readonly supplierId: string; readonly addressHash: string; readonly source: string },
): Promise<number> {
  return db.run('delete from suppressions where supplier_id = $1 and address_hash = $2 and source = $3', [
    one.supplierId,
    one.addressHash,
    one.source,
  ]);
}

/** A suppression with what its providers do not know yet. */
export interface Untold {
  readonly id: string;
  readonly addressHash: string;
  readonly scope: SuppressionScope;
  readonly reason: SuppressionReason;
  /** Sealed. */
  readonly address: string | null;
  readonly liftedAt: number | null;
}

/** What a supplier's providers have not been told: suppressions that came, and those that were lifted; the oldest, at most `limit`. */
export function untold(db: Queryable, supplierId: string, limit: number): Promise<Untold[]> {
  return db.all(
    `select id, address_hash as "addressHash", scope, reason, address, lifted_at as "liftedAt" from suppressions
      where supplier_id = $1 and (address is not null or lifted_at is not null) order by created_at, id limit $2`,
    [supplierId, limit],
  );
}

/** Every suppressed address of a supplier, as hashes with their scope. */
export function suppressedHashes(
  db: Queryable,
  supplierId: string,
): Promise<{ readonly addressHash: string; readonly scope: SuppressionScope; readonly liftedAt: number | null }[]> {
  return db.all(
    `select address_hash as "addressHash", scope, lifted_at as "liftedAt" from suppressions where supplier_id = $1`,
    [supplierId],
  );
}

/** Forgets the address of a suppression that its providers have been told of, unless it was changed meanwhile. */
export async function suppressionTold(db: Queryable, one: Pick<Untold, 'id' | 'address'>): Promise<void> {
  await db.run('update suppressions set address = null where id = $1 and address = $2', [one.id, one.address]);
}

/** Forgets a suppression that was lifted, once its providers know. */
export async function dropLifted(db: Queryable, one: Pick<Untold, 'id' | 'liftedAt'>): Promise<void> {
  await db.run('delete from suppressions where id = $1 and lifted_at = $2', [one.id, one.liftedAt]);
}

/** Suppresses again what a provider would not lift. */
export async function suppressAgain(
  db: Queryable,
  one: Pick<Untold, 'id' | 'liftedAt'> & { readonly source: string },
): Promise<void> {
  await db.run(
    `update suppressions set lifted_at = null, reason = 'complaint', source = $3 where id = $1 and lifted_at = $2`,
    [one.id, one.liftedAt, one.source],
  );
}
