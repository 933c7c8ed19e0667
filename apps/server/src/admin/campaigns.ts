import { createRoute, z } from '@hono/zod-openapi';
import { campaignsOf, enableCampaign } from '../email/index.ts';
import type { Db } from '../platform/db/index.ts';
import { type AdminApp, byId, json, jsonBody, notFound, refused } from './route.ts';
import { campaign } from './schema.ts';

const edit = z.strictObject({ enabled: z.boolean() });
const noCampaign = { error: 'not_found', message: 'There is no such campaign.' };

/** `/campaigns`: which e-mails guests get on which occasions, and whether they do. */
export function campaignRoutes(app: AdminApp, { db }: { readonly db: Db }): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/campaigns',
      responses: { 200: json(z.object({ campaigns: z.array(campaign) }), 'The campaigns, oldest first.') },
    }),
    async (c) => c.json({ campaigns: await campaignsOf(db.reader, c.var.supplierId) }, 200),
  );

  app.openapi(
    createRoute({
      method: 'patch',
      path: '/campaigns/{id}',
      request: { ...byId, ...jsonBody(edit) },
      responses: {
        200: json(campaign, 'The campaign as it is now; e-mails that have not left yet heed it.'),
        ...refused,
        ...notFound,
      },
    }),
    async (c) => {
      const { supplierId } = c.var;
      const { id } = c.req.valid('param');
      const { enabled } = c.req.valid('json');
      const found = (await campaignsOf(db.reader, supplierId)).find((each) => each.id === id);
      if (found === undefined) return c.json(noCampaign, 404);
      const there = await enableCampaign(db, { supplierId, name: found.name, enabled });
      return there ? c.json({ ...found, enabled }, 200) : c.json(noCampaign, 404);
    },
  );
}
