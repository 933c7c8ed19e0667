import type { Db } from '../platform/db/index.ts';

/** Who may use `/api`: a token names its supplier. */
export interface AdminTokens {
  /** The supplier of a token, or undefined. */
  supplierOf(token: string): Promise<string | undefined>;
  /** Makes a token valid, in place of what the supplier had under its name. */
  put(token: {
    readonly id: string;
    readonly supplierId: string;
    readonly name: string;
    readonly token: string;
    readonly now: number;
  }): Promise<void>;
}

/** Tokens in the database, by their hash. */
export function adminTokenStore(db: Db, hashKey: (key: string) => string): AdminTokens {
  return {
    async supplierOf(token) {
      const [row] = await db.reader.all<{ supplier_id: string }>(
        'select supplier_id from admin_tokens where token_hash = $1',
        [hashKey(token)],
      );
      return row?.supplier_id;
    },
    async put({ id, supplierId, name, token, now }) {
      await db.transaction(async (tx) => {
        await tx.run('delete from admin_tokens where supplier_id = $1 and name = $2', [supplierId, name]);
        await tx.run(
          `insert into admin_tokens (id, supplier_id, name, token_hash, created_at) values ($1, $2, $3, $4, $5)
           on conflict (token_hash) do nothing`,
          [id, supplierId, name, hashKey(token), now],
        );
      });
    },
  };
}
