import { webhookPatch, webhookSending } from '@carillon/contract';
import { createRoute, z } from '@hono/zod-openapi';
import { webhookCapabilities } from '../octo/index.ts';
import type { Notifications, Subscriptions } from '../webhooks/index.ts';
import { type AdminApp, byId, json, jsonBody, notFound, refused, unprocessable } from './route.ts';
import { secret, webhook, webhooks } from './schema.ts';

/** What the routes of webhooks need. */
export interface WebhookDeps {
  readonly subscriptions: Pick<
    Subscriptions,
    'all' | 'one' | 'secret' | 'rotate' | 'pause' | 'enable' | 'configure' | 'patch' | 'remove'
  >;
  readonly notifications: Pick<Notifications, 'remove'>;
}

const missed = z
  .object({
    since: z
      .number()
      .int()
      .nullable()
      .openapi({ description: 'When it began to fail, ms UTC; null: nothing failed since its last success.' }),
    gaveUp: z.number().int().openapi({ description: 'Deliveries that were given up since then.' }),
  })
  .openapi('Missed', { description: 'What a webhook missed while it failed.' });

const noWebhook = { error: 'not_found', message: 'There is no such webhook.' };
const thin = {
  error: 'unprocessable',
  message:
    'This is a subscription to notifications: its connection changes it under /octo/notifications/subscriptions.',
};

/** `/webhooks`: the webhooks of all connections of the supplier, with their subscriptions to notifications. */
export function webhookRoutes(app: AdminApp, { subscriptions, notifications }: WebhookDeps): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/webhooks',
      responses: { 200: json(webhooks, 'The webhooks of all connections, oldest first, with the state of each.') },
    }),
    async (c) => c.json({ webhooks: await subscriptions.all(c.var.supplierId) }, 200),
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/webhooks/{id}/secret',
      request: byId,
      responses: {
        200: json(
          secret,
          'The signing secret of a webhook, at any time, for owners and developers: whoever sets up a receiver needs it (as with other senders of Standard Webhooks). Rotate it when somebody has seen it who should not.',
        ),
        ...notFound,
      },
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
      request: byId,
      responses: {
        200: json(
          secret,
          'The new secret; each of those before signs as well for 24 hours from when it was replaced, and no more than three do.',
        ),
        ...notFound,
        ...unprocessable,
      },
    }),
    async (c) => {
      const rotated = await subscriptions.rotate(c.var.supplierId, c.req.valid('param').id);
      if (rotated === undefined) return c.json(noWebhook, 404);
      if (!rotated.ok) return c.json({ error: 'unprocessable', message: rotated.refusal.message }, 422);
      return c.json({ signingSecret: rotated.value }, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/webhooks/{id}/enable',
      request: {
        ...byId,
        query: z.strictObject({
          held: z
            .enum(['release', 'cancel'])
            .default('release')
            .openapi({ description: 'What becomes of what was held for it.' }),
        }),
      },
      responses: {
        200: json(
          z.object({ state: z.literal('active'), missed }),
          'Active; what was held is due, or cancelled. What it missed can be sent by a replay.',
        ),
        ...notFound,
      },
    }),
    async (c) => {
      const { held } = c.req.valid('query');
      const enabled = await subscriptions.enable(c.var.supplierId, c.req.valid('param').id, held);
      return enabled ? c.json({ state: 'active' as const, missed: enabled }, 200) : c.json(noWebhook, 404);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/webhooks/{id}/pause',
      request: byId,
      responses: {
        200: json(webhook, 'Nothing is sent to it until it is enabled: what it is owed is held.'),
        ...notFound,
      },
    }),
    async (c) => {
      const { supplierId } = c.var;
      const { id } = c.req.valid('param');
      const paused = (await subscriptions.pause(supplierId, id)) && (await subscriptions.one(supplierId, id));
      return paused ? c.json(paused, 200) : c.json(noWebhook, 404);
    },
  );
  app.openapi(
    createRoute({
      method: 'patch',
      path: '/webhooks/{id}/sending',
      request: { ...byId, ...jsonBody(webhookSending) },
      responses: {
        200: json(webhook, 'The webhook as it is now; what is left out stays as it is.'),
        ...refused,
        ...notFound,
      },
    }),
    async (c) => {
      const { supplierId } = c.var;
      const { id } = c.req.valid('param');
      const { ordering, holdForMs, concurrency, rateLimit, retryDelaysMs } = c.req.valid('json');
      const changed = await subscriptions.configure(supplierId, id, {
        ...(ordering !== undefined && { ordering }),
        ...(holdForMs !== undefined && { holdForMs }),
        ...(concurrency !== undefined && { concurrency }),
        ...(rateLimit !== undefined && { rateLimit }),
        ...(retryDelaysMs !== undefined && { retryDelaysMs }),
      });
      const after = changed && (await subscriptions.one(supplierId, id));
      return after ? c.json(after, 200) : c.json(noWebhook, 404);
    },
  );
  app.openapi(
    createRoute({
      method: 'patch',
      path: '/webhooks/{id}',
      request: { ...byId, ...jsonBody(webhookPatch) },
      responses: {
        200: json(webhook, 'The webhook as it is now; what is left out stays as it is.'),
        ...refused,
        ...notFound,
        ...unprocessable,
      },
    }),
    async (c) => {
      const { supplierId } = c.var;
      const { id } = c.req.valid('param');
      const request = c.req.valid('json');
      const found = await subscriptions.one(supplierId, id);
      if (found === undefined) return c.json(noWebhook, 404);
      if (found.notificationTypes !== null) return c.json(thin, 422);
      const { connectionId } = found;
      const patched = await subscriptions.patch({ supplierId, connectionId }, id, (current) => {
        const wanted = request.capabilities ?? current.capabilities;
        return { ...request, capabilities: webhookCapabilities(request.event ?? current.event, new Set(), wanted) };
      });
      if (patched?.ok === false) return c.json({ error: 'bad_request', message: patched.refusal.message }, 400);
      const after = patched && (await subscriptions.one(supplierId, id));
      return after === undefined ? c.json(noWebhook, 404) : c.json(after, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'delete',
      path: '/webhooks/{id}',
      request: byId,
      responses: {
        200: json(
          z.object({ deleted: z.literal(true) }),
          'Nothing is sent to it any more: what it was owed is cancelled.',
        ),
        ...notFound,
      },
    }),
    async (c) => {
      const { supplierId } = c.var;
      const { id } = c.req.valid('param');
      const found = await subscriptions.one(supplierId, id);
      if (found === undefined) return c.json(noWebhook, 404);
      const { connectionId } = found;
      const kind = found.notificationTypes === null ? subscriptions : notifications;
      const removed = await kind.remove({ supplierId, connectionId }, id);
      return removed ? c.json({ deleted: true as const }, 200) : c.json(noWebhook, 404);
    },
  );
}
