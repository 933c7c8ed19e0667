import { createRoute, z } from '@hono/zod-openapi';
import type { Changes } from '../changes/index.ts';
import type { ProviderDirectory, Suppliers, Suppressions } from '../email/index.ts';
import type { Db } from '../platform/db/index.ts';
import { type Arrival, arrivalOf } from '../platform/http/index.ts';
import { createErasures } from '../retention/index.ts';
import type { Parties } from '../supplier/index.ts';
import { type Alerts, createReconciliation, createReplays, createTrials } from '../webhooks/index.ts';
import { alertRoutes } from './alerts.ts';
import { type BookingDeps, bookingRoutes } from './bookings.ts';
import { campaignRoutes } from './campaigns.ts';
import { connectionRoutes } from './connections.ts';
import { deliveryRoutes } from './deliveries.ts';
import { erasureRoutes } from './erasures.ts';
import { checkRoutes, guardRoutes, withRoles } from './guard.ts';
import { messageRoutes } from './messages.ts';
import { type OrderDeps, orderRoutes } from './orders.ts';
import { type ProductDeps, productRoutes } from './products.ts';
import { emailProviderRoutes } from './providers.ts';
import { reconciliationRoutes } from './reconciliation.ts';
import { replayRoutes } from './replays.ts';
import { type AdminApp, adminRoutes, byId, json, notFound, supplierSuspended } from './route.ts';
import { attempts, deliveries, limit, problem } from './schema.ts';
import { type SlotDeps, slotRoutes } from './slots.ts';
import { createStanding } from './standing.ts';
import { beginning, cursorAt, deliveryAttempts, supplierDeliveries, webhookDeliveries } from './store.ts';
import { supplierRoutes } from './suppliers.ts';
import { suppressionRoutes } from './suppressions.ts';
import { tokenRoutes } from './token-routes.ts';
import type { AdminTokens } from './tokens.ts';
import { transformationRoutes } from './transformations.ts';
import { userRoutes } from './users.ts';
import { type WebhookCreationDeps, webhookCreationRoutes } from './webhook-creation.ts';
import { type WebhookSettingsDeps, webhookSettingsRoutes } from './webhook-settings.ts';
import { type WebhookDeps, webhookRoutes } from './webhooks.ts';

/** What the API of the dashboard and of automation is made of. */
export interface AdminDeps {
  readonly db: Db;
  readonly changes: Pick<Changes, 'currentById' | 'events'>;
  readonly subscriptions: WebhookDeps['subscriptions'] &
    WebhookCreationDeps['subscriptions'] &
    WebhookSettingsDeps['subscriptions'] & {
      readonly renewVersions: (ofSupplier: string) => Promise<unknown>;
    };
  readonly notifications: WebhookDeps['notifications'];
  readonly alerts: Alerts;
  readonly supplier: ProductDeps['supplier'] & SlotDeps['supplier'] & BookingDeps['supplier'] & OrderDeps['supplier'];
  readonly parties: Parties;
  readonly emailProviders: ProviderDirectory;
  readonly mailing: Suppliers;
  readonly suppressions: Suppressions;
  readonly tokens: AdminTokens;
  /** A new key with a prefix, and the hash that it is stored as. */
  readonly newKey: (prefix: string) => string;
  readonly hashKey: (key: string) => string;
  /** ms UTC. */
  readonly now: () => number;
  readonly newId: () => string;
  readonly version: string;
  /** The origin that a request reached this server at. */
  readonly publicUrl: (arrival: Arrival) => string;
}

const token = [{ adminToken: [] }];

const noSupplierChosen = {
  error: 'forbidden',
  message: 'This token is of no supplier: make one of a supplier with POST /api/suppliers/{id}/tokens.',
};

/**
 * `/api`: an admin token in `Authorization: Bearer`, which opens one supplier's data; that of the instance also makes
 * suppliers. The document is at `/api/openapi.json`.
 */
export function adminApp(deps: AdminDeps): AdminApp {
  const { db, subscriptions, tokens } = deps;
  const app = adminRoutes();

  app.get('/openapi.json', (c) => {
    const document = app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: { title: 'Carillon', version: deps.version },
      servers: [{ url: `${deps.publicUrl(arrivalOf(c))}/api` }],
      security: token,
    });
    return c.json(withRoles(document));
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'adminToken', { type: 'http', scheme: 'bearer' });
  // Everything that is added from here on is for those who have signed in.
  app.use('*', async (c, next) => {
    const token = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    const holder = token === undefined ? undefined : await tokens.holderOf(token);
    if (holder === undefined) {
      c.header('WWW-Authenticate', 'Bearer');
      return c.json({ error: 'unauthorized', message: 'Send an admin token as `Authorization: Bearer …`.' }, 401);
    }
    c.set('holder', holder);
    c.header('cache-control', 'no-store');
    return next();
  });
  guardRoutes(app);
  const standing = createStanding(deps);
  supplierRoutes(app, {
    ...deps,
    standing,
    onEdit: subscriptions.renewVersions,
  });
  // And from here on, for those whose token is a supplier's.
  app.use('*', async (c, next) => {
    const { supplierId, suspended } = c.var.holder;
    if (supplierId === null) return c.json(noSupplierChosen, 403);
    if (suspended && c.req.method !== 'GET') return c.json(supplierSuspended, 403);
    c.set('supplierId', supplierId);
    return next();
  });
  userRoutes(app, deps);
  tokenRoutes(app, deps);
  connectionRoutes(app, { ...deps, standing });
  productRoutes(app, deps);
  slotRoutes(app, deps);
  bookingRoutes(app, deps);
  orderRoutes(app, deps);
  campaignRoutes(app, deps);
  messageRoutes(app, deps);
  emailProviderRoutes(app, { providers: deps.emailProviders });
  suppressionRoutes(app, deps);

  webhookRoutes(app, deps);
  webhookCreationRoutes(app, deps);
  webhookSettingsRoutes(app, deps);
  transformationRoutes(app, { trials: createTrials(deps) });
  alertRoutes(app, deps);
  const replays = createReplays(deps);
  replayRoutes(app, { replays });
  deliveryRoutes(app, { db, replays });
  reconciliationRoutes(app, { reconciliation: createReconciliation({ db }), now: deps.now });

  app.openapi(
    createRoute({
      method: 'get',
      path: '/deliveries',
      request: {
        query: z.strictObject({
          webhook: z.string().max(100).optional().openapi({ description: 'Only those to this webhook.' }),
          before: z.string().max(100).optional().openapi({ description: 'The last delivery of the page before.' }),
          limit,
        }),
      },
      responses: {
        200: json(deliveries, 'Deliveries, newest first.'),
        400: json(problem, 'There is no such delivery to go on from.'),
      },
    }),
    async (c) => {
      const { supplierId } = c.var;
      const { webhook, before, limit } = c.req.valid('query');
      const after = before === undefined ? beginning : await cursorAt(db.reader, { supplierId, id: before });
      if (after === undefined)
        return c.json({ error: 'bad_request', message: 'before is not the id of a delivery' }, 400);
      const page = { supplierId, after, limit };
      const found = await (webhook === undefined
        ? supplierDeliveries(db.reader, page)
        : webhookDeliveries(db.reader, { ...page, webhookId: webhook }));
      return c.json({ deliveries: found }, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/deliveries/{id}/attempts',
      request: byId,
      responses: { 200: json(attempts, 'The attempts of a delivery, oldest first.'), ...notFound },
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const own = await cursorAt(db.reader, { supplierId: c.var.supplierId, id });
      if (own === undefined) return c.json({ error: 'not_found', message: 'There is no such delivery.' }, 404);
      return c.json({ attempts: await deliveryAttempts(db.reader, id) }, 200);
    },
  );
  erasureRoutes(app, { erasures: createErasures(deps) });
  checkRoutes(app);
  app.notFound((c) => c.json({ error: 'not_found', message: `There is no ${c.req.method} ${c.req.path}.` }, 404));
  return app;
}
