import { connectionCreation, connectionPatch } from '@carillon/contract';
import { createRoute, z } from '@hono/zod-openapi';
import type { Connection, Parties } from '../supplier/index.ts';
import { type AdminApp, byId, json, jsonBody, notFound, refused } from './route.ts';
import type { Standing } from './standing.ts';

/** What the routes of connections need. */
export interface ConnectionDeps {
  readonly parties: Parties;
  /** A new API key, and the hash by which it is found. */
  readonly newKey: (prefix: string) => string;
  readonly hashKey: (key: string) => string;
  readonly standing: Pick<Standing, 'noConnection'>;
}

const connection = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.string(),
    emails: z.boolean().openapi({ description: 'Whether its guests get e-mails.' }),
    hears: z
      .enum(['own', 'supplier'])
      .openapi({ description: "Whose bookings its webhooks are told of: its own, or all of the supplier's." }),
  })
  .openapi('Connection');
const key = z.string().openapi({ description: 'The API key. It is not shown again.' });

const shown = ({ connectionId: id, name, kind, emails, hears }: Connection) => ({ id, name, kind, emails, hears });
const noConnection = { error: 'not_found', message: 'There is no such connection.' };

/** `/connections`: the parties that book and listen, each with an API key of its own. */
export function connectionRoutes(app: AdminApp, deps: ConnectionDeps): void {
  const { parties, newKey, hashKey } = deps;
  app.openapi(
    createRoute({
      method: 'get',
      path: '/connections',
      responses: { 200: json(z.object({ connections: z.array(connection) }), 'The connections, oldest first.') },
    }),
    async (c) => c.json({ connections: (await parties.connections(c.var.supplierId)).map(shown) }, 200),
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/connections',
      request: jsonBody(connectionCreation),
      responses: { 201: json(z.object({ connection, key }), 'The new connection, with its API key.'), ...refused },
    }),
    async (c) => {
      const apiKey = newKey('ck');
      const made = await parties.connect(c.var.supplierId, c.req.valid('json'), hashKey(apiKey));
      return c.json({ connection: shown(made), key: apiKey }, 201);
    },
  );

  app.openapi(
    createRoute({
      method: 'patch',
      path: '/connections/{id}',
      request: { ...byId, ...jsonBody(connectionPatch) },
      responses: {
        200: json(connection, 'The connection as it is now; e-mails that are opened from now on heed it.'),
        ...refused,
        ...notFound,
      },
    }),
    async (c) => {
      const wanted = { supplierId: c.var.supplierId, connectionId: c.req.valid('param').id };
      const edited = await parties.editConnection(wanted, c.req.valid('json'));
      return edited === undefined ? c.json(noConnection, 404) : c.json(shown(edited), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/connections/{id}/key/rotate',
      request: byId,
      responses: { 200: json(z.object({ key }), 'The new key; the one before is refused from now on.'), ...notFound },
    }),
    async (c) => {
      const apiKey = newKey('ck');
      const wanted = { supplierId: c.var.supplierId, connectionId: c.req.valid('param').id };
      const rotated = await parties.rotateKey(wanted, hashKey(apiKey));
      return rotated ? c.json({ key: apiKey }, 200) : c.json(noConnection, 404);
    },
  );

  app.openapi(
    createRoute({
      method: 'delete',
      path: '/connections/{id}',
      request: byId,
      responses: {
        200: json(
          z.object({ deleted: z.literal(true) }),
          'Its key is refused, its webhooks are deleted; its bookings stay.',
        ),
        ...notFound,
      },
    }),
    async (c) => {
      const wanted = { supplierId: c.var.supplierId, connectionId: c.req.valid('param').id };
      const deleted = await parties.disconnect(wanted, (tx) => deps.standing.noConnection(tx, wanted));
      return deleted ? c.json({ deleted: true as const }, 200) : c.json(noConnection, 404);
    },
  );
}
