import { createRoute, z } from '@hono/zod-openapi';
import type { Changes } from '../changes/index.ts';
import {
  createCampaigns,
  recoveredBookings,
  revenueOf,
  type Suppliers,
  simulate,
  type Written,
} from '../email/index.ts';
import type { Db } from '../platform/db/index.ts';
import { campaign, campaignEdit, newCampaign, recovered, simulation } from './campaign-schema.ts';
import { type AdminApp, byId, json, jsonBody, notFound, refused, unprocessable } from './route.ts';
import { limit } from './schema.ts';

/** What the routes of campaigns need. */
export interface CampaignDeps {
  readonly db: Db;
  readonly changes: Pick<Changes, 'currentById' | 'events'>;
  readonly mailing: Suppliers;
  /** ms UTC. */
  readonly now: () => number;
  readonly newId: () => string;
}

const noCampaign = { error: 'not_found', message: 'There is no such campaign.' };
const cannotBe = (message: string) => ({ error: 'unprocessable', message });
const time = z.coerce.number().int().min(0).openapi({ description: 'Milliseconds since 1970, UTC.' });
const weekMs = 7 * 86_400_000;

/** `/campaigns`: which e-mails guests get on which occasions, what they bring, and what they would have done. */
export function campaignRoutes(app: AdminApp, deps: CampaignDeps): void {
  const { db, now } = deps;
  const campaigns = createCampaigns(deps);

  app.openapi(
    createRoute({
      method: 'get',
      path: '/campaigns',
      responses: {
        200: json(z.object({ campaigns: z.array(campaign) }), 'The campaigns, in the order in which they are asked.'),
      },
    }),
    async (c) => c.json({ campaigns: await campaigns.list(c.var.supplierId) }, 200),
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/campaigns',
      request: jsonBody(newCampaign),
      responses: { 201: json(campaign, 'The new campaign.'), ...refused, ...unprocessable },
    }),
    async (c) => {
      const written = await campaigns.create(c.var.supplierId, c.req.valid('json'));
      if (written.kind === 'written') return c.json(written.campaign, 201);
      return c.json(cannotBe(reasonOf(written)), 422);
    },
  );

  app.openapi(
    createRoute({
      method: 'patch',
      path: '/campaigns/{id}',
      request: { ...byId, ...jsonBody(campaignEdit) },
      responses: {
        200: json(campaign, 'The campaign as it is now; e-mails that have not left yet heed it.'),
        ...refused,
        ...notFound,
        ...unprocessable,
      },
    }),
    async (c) => {
      const written = await campaigns.edit(c.var.supplierId, c.req.valid('param').id, c.req.valid('json'));
      if (written.kind === 'written') return c.json(written.campaign, 200);
      return written.kind === 'missing' ? c.json(noCampaign, 404) : c.json(cannotBe(reasonOf(written)), 422);
    },
  );

  app.openapi(
    createRoute({
      method: 'delete',
      path: '/campaigns/{id}',
      request: byId,
      responses: {
        200: json(z.object({ deleted: z.literal(true) }), 'It is gone.'),
        ...notFound,
        ...unprocessable,
      },
    }),
    async (c) => {
      const deleted = await campaigns.delete(c.var.supplierId, c.req.valid('param').id);
      if (deleted.kind === 'refused') return c.json(cannotBe(deleted.reason), 422);
      return deleted.kind === 'missing' ? c.json(noCampaign, 404) : c.json({ deleted: true as const }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/campaigns/{id}/recovered',
      request: { ...byId, query: z.strictObject({ since: time.optional(), limit }) },
      responses: {
        200: json(recovered, 'Bookings that its e-mails led to within seven days, and their worth.'),
        ...refused,
        ...notFound,
      },
    }),
    async (c) => {
      const { supplierId } = c.var;
      const { id: campaignId } = c.req.valid('param');
      const { since = 0, limit: most } = c.req.valid('query');
      if (!(await has(supplierId, campaignId))) return c.json(noCampaign, 404);
      const of = { supplierId, campaignId, since };
      const [revenue, bookings] = await Promise.all([
        revenueOf(db.reader, of),
        recoveredBookings(db.reader, { ...of, limit: most }),
      ]);
      return c.json({ since, revenue, bookings }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/campaigns/{id}/simulate',
      request: { ...byId, ...jsonBody(z.strictObject({ from: time.optional(), until: time.optional() })) },
      responses: {
        200: json(simulation, 'What it would have done with what happened in that time; nothing is sent.'),
        ...refused,
        ...notFound,
      },
    }),
    async (c) => {
      const { supplierId } = c.var;
      const { from = now() - weekMs, until = now() } = c.req.valid('json');
      const found = (await campaigns.list(supplierId)).find(({ id }) => id === c.req.valid('param').id);
      if (found === undefined) return c.json(noCampaign, 404);
      const asked = { supplierId, campaign: found, from, until };
      return c.json(await simulate(db.reader, asked, { changes: deps.changes, suppliers: deps.mailing }), 200);
    },
  );

  async function has(supplierId: string, campaignId: string): Promise<boolean> {
    return (await campaigns.list(supplierId)).some(({ id }) => id === campaignId);
  }
}

const reasonOf = (written: Written): string => (written.kind === 'refused' ? written.reason : noCampaign.message);
