import type { Db, Tx } from '../platform/db/index.ts';

/** Whose a token is to be. */
export interface TokenOwner {
  /** The supplier whose data it opens; null: of none. */
  readonly supplierId: string | null;
  /** It is the operator's of the instance: it makes, suspends and deletes suppliers. */
  readonly instance: boolean;
}

/** Whose a token is. A supplier that is suspended can be looked at, and not changed. */
export interface TokenHolder extends TokenOwner {
  readonly suspended: boolean;
}

/** A token that is to be valid. `now` is ms UTC. */
export interface NewToken extends TokenOwner {
  readonly id: string;
  readonly name: string;
  readonly token: string;
  readonly now: number;
}

/** Who may use `/api`: a token names its supplier, that of the operator of the instance perhaps none. */
export interface AdminTokens {
  /** The holder of a token, or undefined. A supplier that was deleted has none. */
  holderOf(token: string): Promise<TokenHolder | undefined>;
  /** Makes a token valid, in place of what the supplier had under its name; one that was another's is this owner's from now on. */
  put(token: NewToken): Promise<void>;
  /** As `put`, in a transaction of the caller's. */
  putAlong(tx: Tx, token: NewToken): Promise<void>;
}

/** Tokens in the database, by their hash. */
export function adminTokenStore(db: Db, hashKey: (key: string) => string): AdminTokens {
  async function putAlong(tx: Tx, { id, supplierId, instance, name, token, now }: NewToken): Promise<void> {
    await tx.run(`delete from admin_tokens where coalesce(supplier_id, '') = $1 and name = $2`, [
      supplierId ?? '',
      name,
    ]);
    await tx.run(
      `insert into admin_tokens (id, supplier_id, name, token_hash, instance, created_at)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (token_hash) do update
         set supplier_id = excluded.supplier_id, instance = excluded.instance, name = excluded.name`,
      [id, supplierId, name, hashKey(token), instance ? 1 : 0, now],
    );
  }

  return {
    putAlong,
    put: (token) => db.transaction((tx) => putAlong(tx, token)),
    async holderOf(token) {
      const [row] = await db.reader.all<{ supplier_id: string | null; state: string | null; instance: number }>(
        `select t.supplier_id, s.state, t.instance
           from admin_tokens t left join suppliers s on s.id = t.supplier_id
          where t.token_hash = $1`,
        [hashKey(token)],
      );
      if (row === undefined) return undefined;
      const instance = row.instance === 1;
      const supplierId = row.state === 'deleted' ? null : row.supplier_id;
      return supplierId === null && !instance
        ? undefined
        : { supplierId, instance, suspended: row.state === 'suspended' };
    },
  };
}
