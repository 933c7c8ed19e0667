import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { listMessages } from '../email/index.ts';
import type { Db } from '../platform/db/index.ts';
import type { Subscriptions } from '../webhooks/index.ts';
import { listAttempts, listDeliveries } from './store.ts';
import type { AdminTokens } from './tokens.ts';

/** What the API of the dashboard and of automation is made of. */
export interface AdminDeps {
  readonly db: Db;
  readonly subscriptions: Pick<Subscriptions, 'secret' | 'rotate' | 'enable'>;
  readonly tokens: AdminTokens;
  readonly version: string;
  readonly publicUrl: () => string;
}

type AdminEnv = { Variables: { supplierId: string } };

const problem = z.object({ error: z.string(), message: z.string() }).openapi('Problem');
const json = <T extends z.ZodType>(schema: T, description: string) => ({
  content: { 'application/json': { schema } },
  description,
});
const notFound = { 404: json(problem, 'There is none.') };
const webhookParams = z.object({ id: z.string().max(100) });
const secretBody = z.object({ signingSecret: z.string() });
const limit = z.coerce.number().int().min(1).max(500).default(100);
const records = z.array(z.record(z.string(), z.unknown()));

const noWebhook = { error: 'not_found', message: 'There is no such webhook.' };

/** `/api`: an admin token of one supplier in `Authorization: Bearer`. The document is at `/api/openapi.json`. */
export function adminApp(deps: AdminDeps): OpenAPIHono<AdminEnv> {
  const { db, subscriptions, tokens } = deps;
  const app = new OpenAPIHono<AdminEnv>({
    strict: false,
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const [issue] = result.error.issues;
      const message = `${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is wrong'}`.trim();
      return c.json({ error: 'bad_request', message }, 400);
    },
  });

  app.doc31('/openapi.json', () => ({
    openapi: '3.1.0',
    info: { title: 'Carillon', version: deps.version },
    servers: [{ url: `${deps.publicUrl()}/api` }],
  }));
  app.use('*', async (c, next) => {
    if (c.req.path.endsWith('/openapi.json')) return next();
    const token = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    const supplierId = token === undefined ? undefined : await tokens.supplierOf(token);
    if (supplierId === undefined) {
      c.header('WWW-Authenticate', 'Bearer');
      return c.json({ error: 'unauthorized', message: 'Send an admin token as `Authorization: Bearer …`.' }, 401);
    }
    c.set('supplierId', supplierId);
    c.header('cache-control', 'no-store');
    return next();
  });

  app.openapi(
    createRoute({
      method: 'get',
      path: '/webhooks/{id}/secret',
      request: { params: webhookParams },
      responses: { 200: json(secretBody, 'The signing secret of a webhook.'), ...notFound },
    }),
    async (c) => {
      const signingSecret = await subscriptions.secret(c.var.supplierId, c.req.valid('param').id);
      return signingSecret === undefined ? c.json(noWebhook, 404) : c.json({ signingSecret }, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/webhooks/{id}/secret/rotate',
      request: { params: webhookParams },
      responses: { 200: json(secretBody, 'The new secret; for 24 hours the old one signs as well.'), ...notFound },
    }),
    async (c) => {
      const signingSecret = await subscriptions.rotate(c.var.supplierId, c.req.valid('param').id);
      return signingSecret === undefined ? c.json(noWebhook, 404) : c.json({ signingSecret }, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/webhooks/{id}/enable',
      request: { params: webhookParams },
      responses: { 200: json(z.object({ state: z.literal('active') }), 'Active; what was held is due.'), ...notFound },
    }),
    async (c) => {
      const enabled = await subscriptions.enable(c.var.supplierId, c.req.valid('param').id);
      return enabled ? c.json({ state: 'active' as const }, 200) : c.json(noWebhook, 404);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/deliveries',
      request: { query: z.object({ webhook: z.string().max(100).optional(), limit }) },
      responses: { 200: json(z.object({ deliveries: records }), 'Deliveries, newest first.') },
    }),
    async (c) => {
      const { webhook, limit: most } = c.req.valid('query');
      const wanted = { supplierId: c.var.supplierId, webhookId: webhook ?? null, limit: most };
      return c.json({ deliveries: (await listDeliveries(db.reader, wanted)).map((row) => ({ ...row })) }, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/deliveries/{id}/attempts',
      request: { params: webhookParams },
      responses: { 200: json(z.object({ attempts: records }), 'The attempts of a delivery, oldest first.') },
    }),
    async (c) => {
      const wanted = { supplierId: c.var.supplierId, deliveryId: c.req.valid('param').id };
      return c.json({ attempts: (await listAttempts(db.reader, wanted)).map((row) => ({ ...row })) }, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/messages',
      request: { query: z.object({ order: z.string().max(100).optional(), limit }) },
      responses: { 200: json(z.object({ messages: records }), 'E-mails to guests, newest first, with why.') },
    }),
    async (c) => {
      const { order, limit: most } = c.req.valid('query');
      const scope = { supplierId: c.var.supplierId, limit: most, ...(order === undefined ? {} : { orderId: order }) };
      return c.json({ messages: (await listMessages(db.reader, scope)).map((row) => ({ ...row })) }, 200);
    },
  );
  app.notFound((c) => c.json({ error: 'not_found', message: `There is no ${c.req.method} ${c.req.path}.` }, 404));
  return app;
}
