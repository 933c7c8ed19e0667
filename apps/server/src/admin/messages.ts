import { isEmailAddress } from '@carillon/contract';
import { createRoute, z } from '@hono/zod-openapi';
import type { Changes } from '../changes/index.ts';
import {
  eventsOfMessage,
  messageOf,
  parsedMail,
  resend,
  type Suppliers,
  searchMessages,
  whyOf,
} from '../email/index.ts';
import type { Db } from '../platform/db/index.ts';
import { type AdminApp, byId, json, jsonBody, notFound, refused, unprocessable } from './route.ts';
import { limit, messageAttempts, messageShown, messages, why } from './schema.ts';
import { attemptsOfMessage, hasMessage } from './store.ts';

/** What the routes of messages need. */
export interface MessageDeps {
  readonly db: Db;
  readonly changes: Pick<Changes, 'currentById' | 'events'>;
  readonly mailing: Suppliers;
  /** ms UTC. */
  readonly now: () => number;
  readonly newId: () => string;
}

const id = z.string().max(255);
const address = z.string().max(254).refine(isEmailAddress, 'must be an e-mail address');
const search = z.object({
  order: id.optional(),
  booking: id.optional().openapi({ description: 'Its uuid.' }),
  address: z.string().max(254).optional().openapi({ description: 'The whole e-mail address that it went to.' }),
  campaign: id.optional().openapi({ description: 'Its id.' }),
  state: z.enum(['settling', 'sending', 'sent', 'skipped', 'failed', 'unknown']).optional(),
  before: id.optional().openapi({ description: 'The last e-mail of the page before.' }),
  limit,
});
const noMessage = { error: 'not_found', message: 'There is no such message.' };

/** `/messages`: the e-mails to guests, what they said, and what became of each time that one was handed over; and why an order got them. */
export function messageRoutes(app: AdminApp, deps: MessageDeps): void {
  const { db } = deps;
  app.openapi(
    createRoute({
      method: 'get',
      path: '/messages',
      request: { query: search },
      responses: { 200: json(messages, 'E-mails to guests, newest first, with why.'), ...refused },
    }),
    async (c) => {
      const { order: orderId, campaign: campaignId, ...asked } = c.req.valid('query');
      const filter = { ...asked, orderId, campaignId, supplierId: c.var.supplierId };
      return c.json({ messages: await searchMessages(db.reader, filter) }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/messages/{id}',
      request: byId,
      responses: {
        200: json(messageShown, 'The e-mail, its copy as it was sent, and what became of it.'),
        ...notFound,
      },
    }),
    async (c) => {
      const { supplierId } = c.var;
      const { id } = c.req.valid('param');
      const [[message], stored, events] = await Promise.all([
        searchMessages(db.reader, { supplierId, id, limit: 1 }),
        messageOf(db.reader, supplierId, id),
        eventsOfMessage(db.reader, id),
      ]);
      if (message === undefined || stored === undefined) return c.json(noMessage, 404);
      const copy = stored.mime === null ? null : await parsedMail({ raw: stored.mime });
      const files = copy?.files.map(({ filename, contentType, size }) => ({ filename, contentType, size })) ?? [];
      const shown = copy === null ? null : { html: copy.html, text: copy.text, files };
      return c.json({ message, copy: shown, events }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/messages/{id}/resend',
      request: { ...byId, ...jsonBody(z.strictObject({ address: address.optional() })) },
      responses: {
        202: json(z.object({ id: z.string() }), 'The e-mail that says it again, by how things are now.'),
        ...refused,
        ...notFound,
        ...unprocessable,
      },
    }),
    async (c) => {
      const { address: to = null } = c.req.valid('json');
      const wish = { supplierId: c.var.supplierId, id: c.req.valid('param').id, address: to };
      const resent = await resend(deps, wish);
      if (resent.kind === 'opened') return c.json({ id: resent.id }, 202);
      return resent.kind === 'missing'
        ? c.json(noMessage, 404)
        : c.json({ error: 'unprocessable', message: resent.reason }, 422);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/orders/{id}/messages/why',
      request: byId,
      responses: { 200: json(why, 'For each campaign what was sent, when, or why not.'), ...notFound },
    }),
    async (c) => {
      const asked = { supplierId: c.var.supplierId, orderId: c.req.valid('param').id, now: deps.now() };
      const campaigns = await whyOf(db.reader, asked, { changes: deps.changes, suppliers: deps.mailing });
      if (campaigns === undefined) return c.json({ error: 'not_found', message: 'There is no such order.' }, 404);
      return c.json({ campaigns }, 200);
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
      if (!own) return c.json(noMessage, 404);
      return c.json({ attempts: await attemptsOfMessage(db.reader, id) }, 200);
    },
  );
}
