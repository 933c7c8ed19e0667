import { createRoute, z } from '@hono/zod-openapi';
import type { Db } from '../platform/db/index.ts';
import type { Replays } from '../webhooks/index.ts';
import { type AdminApp, byId, json, jsonBody, notFound, refused, unprocessable } from './route.ts';
import { delivery } from './schema.ts';
import { deliveryById } from './store.ts';

/** What the routes of one delivery need. */
interface DeliveryDeps {
  readonly db: Db;
  readonly replays: Pick<Replays, 'retry' | 'cancelDelivery'>;
}

const noDelivery = { error: 'not_found', message: 'There is no such delivery.' };
const cannot = (what: string, why: string) => ({ error: 'unprocessable', message: `${what}: ${why}.` });

/** `/deliveries/{id}`: what somebody does with one delivery. */
export function deliveryRoutes(app: AdminApp, { db, replays }: DeliveryDeps): void {
  const now = async (supplierId: string, id: string) => deliveryById(db, { supplierId, id });

  app.openapi(
    createRoute({
      method: 'post',
      path: '/deliveries/{id}/retry',
      description:
        'Sends it again, whether it has ended or waits: the same body and webhook-id, its schedule from the beginning, in its lane at its ' +
        'place. While its webhook is paused or disabled it is held.',
      request: byId,
      responses: { 200: json(delivery, 'The delivery: due now, or held.'), ...notFound, ...unprocessable },
    }),
    async (c) => {
      const { supplierId } = c.var;
      const { id } = c.req.valid('param');
      const retried = await replays.retry(supplierId, id);
      if (typeof retried === 'object') return c.json(cannot('It cannot be sent again', retried.refused), 422);
      const after = retried === 'done' ? await now(supplierId, id) : undefined;
      return after === undefined ? c.json(noDelivery, 404) : c.json(after, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/deliveries/{id}/cancel',
      description:
        'Sends it no more; what waits behind it goes on. One that had arrived before it was sent again is delivered, as it was.',
      request: { ...byId, ...jsonBody(z.strictObject({ reason: z.string().trim().min(1).max(500).optional() })) },
      responses: { 200: json(delivery, 'The delivery, which has ended.'), ...refused, ...notFound, ...unprocessable },
    }),
    async (c) => {
      const { supplierId } = c.var;
      const { id } = c.req.valid('param');
      const cancelled = await replays.cancelDelivery(supplierId, id, c.req.valid('json').reason ?? null);
      if (typeof cancelled === 'object') return c.json(cannot('It cannot be cancelled', cancelled.refused), 422);
      const after = cancelled === 'done' ? await now(supplierId, id) : undefined;
      return after === undefined ? c.json(noDelivery, 404) : c.json(after, 200);
    },
  );
}
