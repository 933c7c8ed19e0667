import { isEmailAddress } from '@carillon/contract';
import { createRoute, z } from '@hono/zod-openapi';
import { type Suppressions, suppressionReasons, suppressionScopes } from '../email/index.ts';
import { type AdminApp, byId, json, jsonBody, notFound, refused } from './route.ts';
import { limit } from './schema.ts';

const address = z.string().trim().max(254).refine(isEmailAddress, 'must be an e-mail address');
const scope = z
  .enum(suppressionScopes)
  .openapi({ description: '`all`: nothing is sent there; `marketing`: only what a booking needs is.' });

const suppression = z
  .object({
    id: z.string(),
    addressHash: z.string().openapi({ description: 'SHA-256 of the address in lower case, in base64url.' }),
    scope,
    reason: z.enum(suppressionReasons),
    source: z.string().openapi({ description: '`operator`, `link`, or the provider that told of it.' }),
    createdAt: z.number().int().openapi({ description: 'Milliseconds since 1970, UTC.' }),
  })
  .openapi('Suppression');

const missing = { error: 'not_found', message: 'There is no such suppression.' };

/** `/suppressions`: addresses that the supplier does not write to. */
export function suppressionRoutes(app: AdminApp, { suppressions }: { readonly suppressions: Suppressions }): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/suppressions',
      request: {
        query: z.strictObject({
          address: address.optional().openapi({ description: 'Only those of this address.' }),
          before: z.string().max(100).optional().openapi({ description: 'The last one of the page before.' }),
          limit,
        }),
      },
      responses: {
        200: json(
          z.object({ suppressions: z.array(suppression) }),
          'Suppressions, newest first. Addresses are kept as hashes.',
        ),
        ...refused,
      },
    }),
    async (c) => {
      const { supplierId } = c.var;
      return c.json({ suppressions: await suppressions.list({ supplierId, ...c.req.valid('query') }) }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/suppressions',
      request: jsonBody(z.strictObject({ address, scope: scope.default('all') })),
      responses: {
        201: json(suppression, 'The suppression; one that was there already stays as it is.'),
        ...refused,
      },
    }),
    async (c) => {
      const made = await suppressions.add({ supplierId: c.var.supplierId, ...c.req.valid('json') });
      return c.json(made, 201);
    },
  );

  app.openapi(
    createRoute({
      method: 'delete',
      path: '/suppressions/{id}',
      request: byId,
      responses: {
        200: json(z.object({ deleted: z.literal(true) }), 'The address is written to again.'),
        ...notFound,
      },
    }),
    async (c) => {
      const removed = await suppressions.remove({ supplierId: c.var.supplierId, id: c.req.valid('param').id });
      return removed ? c.json({ deleted: true as const }, 200) : c.json(missing, 404);
    },
  );
}
