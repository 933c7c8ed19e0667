import type { Role } from '@carillon/contract';
import type { Queryable, Tx } from '../platform/db/index.ts';

/** A token in a list, never with itself. `createdAt` is ms UTC. */
export interface TokenListed {
  readonly id: string;
  readonly name: string;
  /** What it was made for; it may do no more than its user. */
  readonly role: Role;
  /** Null: it is nobody's in particular. */
  readonly userId: string | null;
  readonly createdAt: number;
  readonly createdBy: TokenMaker;
}

/** Who made a token. */
export interface TokenMaker {
  /** The token that asked for it, which may be revoked since; null: none did, or nobody wrote it down. */
  readonly tokenId: string | null;
  /** Whose that was; null: nobody's in particular. */
  readonly userId: string | null;
}

/** The tokens of a supplier, oldest first; that of the instance is not the supplier's to see. */
export async function tokensOf(db: Queryable, supplierId: string): Promise<TokenListed[]> {
  const found = await db.all<Omit<TokenListed, 'createdBy'> & { byToken: string | null; byUser: string | null }>(
    `select id, name, role, user_id as "userId", created_at as "createdAt", created_by_token as "byToken",
            created_by_user as "byUser"
       from admin_tokens
      where supplier_id = $1 and instance = 0
      order by created_at, id`,
    [supplierId],
  );
  return found.map(({ byToken, byUser, ...token }) => ({ ...token, createdBy: { tokenId: byToken, userId: byUser } }));
}

/** Stores a new token of a supplier by its hash. */
export function insertToken(tx: Tx, supplierId: string, token: TokenListed, tokenHash: string): Promise<number> {
  const { id, name, role, userId, createdAt, createdBy } = token;
  return tx.run(
    `insert into admin_tokens (id, supplier_id, name, token_hash, role, user_id, created_at, created_by_token, created_by_user)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [id, supplierId, name, tokenHash, role, userId, createdAt, createdBy.tokenId, createdBy.userId],
  );
}

/** Revokes a token of a supplier. Gives 0 where it has none of this id. */
export function deleteToken(db: Queryable, supplierId: string, id: string): Promise<number> {
  return db.run('delete from admin_tokens where id = $2 and supplier_id = $1 and instance = 0', [supplierId, id]);
}

/** Revokes the tokens of a user. */
export function deleteTokensOf(tx: Tx, userId: string): Promise<number> {
  return tx.run('delete from admin_tokens where user_id = $1', [userId]);
}

/** What a token is found by: its hash. */
export interface TokenFound {
  readonly id: string;
  readonly userId: string | null;
  readonly supplierId: string | null;
  readonly state: 'active' | 'suspended' | 'deleted' | null;
  readonly instance: number;
  readonly role: Role;
  /** What its user may do; null: it has none. */
  readonly userRole: Role | null;
}

/** The token with a hash; undefined also where its user is deleted. */
export async function tokenByHash(db: Queryable, tokenHash: string): Promise<TokenFound | undefined> {
  const [row] = await db.all<TokenFound>(
    `select t.id, t.user_id as "userId", t.supplier_id as "supplierId", s.state, t.instance, t.role, u.role as "userRole"
       from admin_tokens t
       left join suppliers s on s.id = t.supplier_id
       left join users u on u.id = t.user_id
      where t.token_hash = $1 and u.deleted_at is null`,
    [tokenHash],
  );
  return row;
}

/** A token by its hash, in place of what its owner had under its name; one that was another's is this owner's from now on. */
export async function putToken(
  tx: Tx,
  token: Pick<TokenListed, 'id' | 'name' | 'createdAt'> & {
    readonly supplierId: string | null;
    readonly instance: boolean;
    readonly tokenHash: string;
  },
): Promise<void> {
  const { id, supplierId, name, tokenHash, createdAt } = token;
  const instance = token.instance ? 1 : 0;
  await tx.run(
    `delete from admin_tokens where coalesce(supplier_id, '') = $1 and name = $2 and instance = $3 and user_id is null`,
    [supplierId ?? '', name, instance],
  );
  await tx.run(
    `insert into admin_tokens (id, supplier_id, name, token_hash, instance, created_at)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (token_hash) do update
       set supplier_id = excluded.supplier_id, instance = excluded.instance, name = excluded.name, role = excluded.role,
           user_id = excluded.user_id`,
    [id, supplierId, name, tokenHash, instance, createdAt],
  );
}
