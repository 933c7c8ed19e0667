import type { tokenCreation } from '@carillon/contract';
import type { z } from '@hono/zod-openapi';
import type { Db } from '../platform/db/index.ts';
import { reaches } from './roles.ts';
import { insertToken, type TokenListed } from './token-store.ts';
import type { TokenHolder } from './tokens.ts';
import { lockUser } from './user-store.ts';

/** What tokens are made with. `now` gives ms UTC. */
export interface TokenMaking {
  readonly db: Db;
  readonly newKey: (prefix: string) => string;
  readonly hashKey: (key: string) => string;
  readonly newId: () => string;
  readonly now: () => number;
}

/** A token that was made, this once with itself; or why it cannot be, as a sentence. */
type Made =
  | { readonly ok: true; readonly value: TokenListed & { readonly token: string } }
  | { readonly ok: false; readonly message: string };

/**
 * Makes a token of a supplier. What the token of a user makes is of a user too, of that one unless told, so that nothing of it
 * outlives them.
 */
export async function makeToken(
  { db, newKey, hashKey, newId, now }: TokenMaking,
  holder: Pick<TokenHolder, 'tokenId' | 'userId'>,
  supplierId: string,
  { name, role, userId = holder.userId ?? undefined }: z.infer<typeof tokenCreation>,
): Promise<Made> {
  const createdBy = { tokenId: holder.tokenId, userId: holder.userId };
  const made: TokenListed = { id: newId(), name, role, userId: userId ?? null, createdAt: now(), createdBy };
  const token = newKey('ca');
  const message = await db.transaction(async (tx) => {
    if (userId !== undefined) {
      const user = await lockUser(tx, supplierId, userId);
      if (user === undefined) return 'userId: there is no such user.';
      if (!reaches(user.role, role)) return `role: the user is ${user.role}, and a token of it may do no more.`;
    }
    await insertToken(tx, supplierId, made, hashKey(token));
    return undefined;
  });
  return message === undefined ? { ok: true, value: { ...made, token } } : { ok: false, message };
}
