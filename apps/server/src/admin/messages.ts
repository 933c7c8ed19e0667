import { createRoute, z } from '@hono/zod-openapi';
import { listMessages } from '../email/index.ts';
import type { Db } from '../platform/db/index.ts';
import { type AdminApp, byId, json, notFound } from './route.ts';
import { limit, messageAttempts, messages } from './schema.ts';
import { attemptsOfMessage, hasMessage } from './store.ts';

/** `/messages`: the e-mails to guests, and what became of each time that one was handed over. */
export function messageRoutes(app: AdminApp, { db }: { readonly db: Db }): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/messages',
      request: { query: z.object({ order: z.string().max(100).optional(), limit }) },
      responses: { 200: json(messages, 'E-mails to guests, newest first, with why.') },
    }),
    async (c) => {
      const { order, limit: most } = c.req.valid('query');
      const scope = { supplierId: c.var.supplierId, limit: most, ...(order === undefined ? {} : { orderId: order }) };
      return c.json({ messages: await listMessages(db.reader, scope) }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/messages/{id}/attempts',
      request: byId,
      responses: { 200: json(messageAttempts, 'The attempts of an e-mail, oldest first.'), ...notFound },
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const own = await hasMessage(db.reader, { supplierId: c.var.supplierId, id });
      if (!own) return c.json({ error: 'not_found', message: 'There is no such message.' }, 404);
      return c.json({ attempts: await attemptsOfMessage(db.reader, id) }, 200);
    },
  );
}
