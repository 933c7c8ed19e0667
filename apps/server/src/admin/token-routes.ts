import { roles, tokenCreation } from '@carillon/contract';
import { createRoute, z } from '@hono/zod-openapi';
import { type AdminApp, byId, json, jsonBody, notFound, refused, unprocessable } from './route.ts';
import { makeToken, type TokenMaking } from './token-making.ts';
import { deleteToken, tokensOf } from './token-store.ts';

const listed = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum(roles).openapi({ description: 'What it was made for; it may do no more than its user.' }),
    userId: z.string().nullable().openapi({ description: 'Null: it is nobody’s in particular.' }),
    createdAt: z.number().int().openapi({ description: 'Milliseconds since 1970, UTC.' }),
    createdBy: z
      .object({ tokenId: z.string().nullable(), userId: z.string().nullable() })
      .openapi({ description: 'The token that asked for it, which may be revoked since, and whose that was.' }),
  })
  .openapi('Token');
const token = z.string().openapi({ description: 'The token. It is not shown again.' });

const noToken = { error: 'not_found', message: 'There is no such token.' };

/** `/tokens`: what opens `/api` to programs, each with a role. */
export function tokenRoutes(app: AdminApp, deps: TokenMaking): void {
  const { db } = deps;

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
        201: json(
          listed.extend({ token }),
          'The new token, this once with itself. What the token of a user makes is of a user: of that one unless told.',
        ),
        ...refused,
        ...unprocessable,
      },
    }),
    async (c) => {
      const made = await makeToken(deps, c.var.holder, c.var.supplierId, c.req.valid('json'));
      return made.ok ? c.json(made.value, 201) : c.json({ error: 'unprocessable', message: made.message }, 422);
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
