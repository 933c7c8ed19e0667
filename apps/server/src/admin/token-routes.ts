import { roles, tokenCreation } from '@carillon/contract';
import { createRoute, z } from '@hono/zod-openapi';
import type { Db } from '../platform/db/index.ts';
import { reaches } from './roles.ts';
import { type AdminApp, byId, json, jsonBody, notFound, refused, unprocessable } from './route.ts';
import { deleteToken, insertToken, type TokenListed, tokensOf } from './token-store.ts';
import { lockUser } from './user-store.ts';

/** What the routes of tokens need. `now` gives ms UTC. */
export interface TokenDeps {
  readonly db: Db;
  readonly newKey: (prefix: string) => string;
  readonly hashKey: (key: string) => string;
  readonly newId: () => string;
  readonly now: () => number;
}

const listed = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum(roles).openapi({ description: 'What it was made for; it may do no more than its user.' }),
    userId: z.string().nullable().openapi({ description: 'Null: it is nobody’s in particular.' }),
    createdAt: z.number().int().openapi({ description: 'Milliseconds since 1970, UTC.' }),
  })
  .openapi('Token');
const token = z.string().openapi({ description: 'The token. It is not shown again.' });

const noToken = { error: 'not_found', message: 'There is no such token.' };

/** `/tokens`: what opens `/api` to programs, each with a role. */
export function tokenRoutes(app: AdminApp, { db, newKey, hashKey, newId, now }: TokenDeps): void {
  /** Stores a token, or tells why it cannot be. */
  function added(supplierId: string, made: TokenListed, key: string): Promise<string | undefined> {
    return db.transaction(async (tx) => {
      if (made.userId !== null) {
        const user = await lockUser(tx, supplierId, made.userId);
        if (user === undefined) return 'userId: there is no such user.';
        if (!reaches(user.role, made.role)) {
          return `role: the user is ${user.role}, and a token of it may do no more.`;
        }
      }
      await insertToken(tx, supplierId, made, hashKey(key));
      return undefined;
    });
  }

  app.openapi(
    createRoute({
      method: 'get',
      path: '/tokens',
      responses: {
        200: json(
          z.object({ tokens: z.array(listed) }),
          'The tokens of the supplier, oldest first, without themselves.',
        ),
      },
    }),
    async (c) => c.json({ tokens: await tokensOf(db.reader, c.var.supplierId) }, 200),
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/tokens',
      request: jsonBody(tokenCreation),
      responses: {
        201: json(listed.extend({ token }), 'The new token, this once with itself.'),
        ...refused,
        ...unprocessable,
      },
    }),
    async (c) => {
      const { name, role, userId = null } = c.req.valid('json');
      const key = newKey('ca');
      const made: TokenListed = { id: newId(), name, role, userId, createdAt: now() };
      const message = await added(c.var.supplierId, made, key);
      return message === undefined
        ? c.json({ ...made, token: key }, 201)
        : c.json({ error: 'unprocessable', message }, 422);
    },
  );

  app.openapi(
    createRoute({
      method: 'delete',
      path: '/tokens/{id}',
      request: byId,
      responses: {
        200: json(z.object({ deleted: z.literal(true) }), 'It lets nobody in from now on.'),
        ...notFound,
      },
    }),
    async (c) => {
      const deleted = await deleteToken(db, c.var.supplierId, c.req.valid('param').id);
      return deleted > 0 ? c.json({ deleted: true as const }, 200) : c.json(noToken, 404);
    },
  );
}
