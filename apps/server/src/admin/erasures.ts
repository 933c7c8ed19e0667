import { createRoute, z } from '@hono/zod-openapi';
import type { Erasures } from '../retention/index.ts';
import { type AdminApp, byId, json, jsonBody, notFound, refused } from './route.ts';
import { limit } from './schema.ts';

const count = z.number().int();
const time = z.number().int().openapi({ description: 'Milliseconds since 1970, UTC.' });

const erasure = z
  .object({
    id: z.string(),
    addressHash: z.string().openapi({
      description: 'SHA-256 of the address in lower case, in base64url. The address itself is not kept.',
    }),
    state: z
      .enum(['finding', 'erasing', 'done'])
      .openapi({ description: 'It looks for the guest’s orders; goes through them; has ended.' }),
    erased: z.object({
      orders: count,
      events: count,
      bodies: count.openapi({ description: 'Of deliveries, which cannot be sent again.' }),
      cancelled: count.openapi({ description: 'Deliveries that had not ended.' }),
      answers: count.openapi({ description: 'Of receivers.' }),
      messages: count.openapi({ description: 'E-mails: address, subject and text.' }),
      mails: count.openapi({ description: 'In the built-in mailbox.' }),
    }),
    createdAt: time,
    endedAt: time.nullable(),
  })
  .openapi('Erasure');

/** `/erasures`: removes a guest's personal data, by their e-mail address. */
export function erasureRoutes(app: AdminApp, { erasures }: { readonly erasures: Erasures }): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/erasures',
      description:
        'Erases a guest from bookings, orders, their events, what webhooks were sent of them and answered, e-mails and the mailbox. ' +
        'Numbers, dates and amounts stay. What is still owed of it is cancelled. It cannot be undone.',
      request: jsonBody(z.strictObject({ email: z.email('must be an e-mail address').max(320) })),
      responses: { 202: json(erasure, 'It has begun.'), ...refused },
    }),
    async (c) => c.json(await erasures.begin(c.var.supplierId, c.req.valid('json').email), 202),
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/erasures',
      request: { query: z.strictObject({ limit }) },
      responses: { 200: json(z.object({ erasures: z.array(erasure) }), 'Newest first.') },
    }),
    async (c) => c.json({ erasures: await erasures.list(c.var.supplierId, c.req.valid('query').limit) }, 200),
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/erasures/{id}',
      request: byId,
      responses: { 200: json(erasure, 'How far it is, and what it has erased.'), ...notFound },
    }),
    async (c) => {
      const found = await erasures.one(c.var.supplierId, c.req.valid('param').id);
      if (found === undefined) return c.json({ error: 'not_found', message: 'There is no such erasure.' }, 404);
      return c.json(found, 200);
    },
  );
}
