import type { Role } from '@carillon/contract';
import type { Db, Tx } from '../platform/db/index.ts';
import { lesser } from './roles.ts';
import { putToken, tokenByHash } from './token-store.ts';

/** Whose a token is to be. */
export interface TokenOwner {
  /** The supplier whose data it opens; null: of none. */
  readonly supplierId: string | null;
  /** It is the operator's of the instance: it makes, suspends and deletes suppliers. */
  readonly instance: boolean;
}

/** Whose a token is, and what it may do. A supplier that is suspended can be looked at, and not changed. */
export interface TokenHolder extends TokenOwner {
  /** The token itself. */
  readonly tokenId: string;
  /** Null: it is nobody's in particular. */
  readonly userId: string | null;
  readonly role: Role;
  readonly suspended: boolean;
}

/** A token that is to be valid, for all that an owner may do. `now` is ms UTC. */
export interface NewToken extends TokenOwner {
  readonly id: string;
  readonly name: string;
  readonly token: string;
  readonly now: number;
}

/** Who may use `/api`: a token names its supplier, that of the operator of the instance perhaps none. */
export interface AdminTokens {
  /** The holder of a token, or undefined. A supplier that was deleted has none, nor has a user. */
  holderOf(token: string): Promise<TokenHolder | undefined>;
  /** Makes a token valid, in place of what its owner had under its name; one that was another's is this owner's from now on. */
  put(token: NewToken): Promise<void>;
  /** As `put`, in a transaction of the caller's. */
  putAlong(tx: Tx, token: NewToken): Promise<void>;
}

/** Tokens in the database, by their hash. */
export function adminTokenStore(db: Db, hashKey: (key: string) => string): AdminTokens {
  const putAlong = (tx: Tx, { token, now, ...owned }: NewToken): Promise<void> =>
    putToken(tx, { ...owned, tokenHash: hashKey(token), createdAt: now });

  return {
    putAlong,
    put: (token) => db.transaction((tx) => putAlong(tx, token)),
    async holderOf(token) {
      const found = await tokenByHash(db.reader, hashKey(token));
      if (found === undefined) return undefined;
      const instance = found.instance === 1;
      const supplierId = found.state === 'deleted' ? null : found.supplierId;
      if (supplierId === null && !instance) return undefined;
      const role = found.userRole === null ? found.role : lesser(found.role, found.userRole);
      const { id: tokenId, userId } = found;
      return { tokenId, userId, supplierId, instance, role, suspended: found.state === 'suspended' };
    },
  };
}
