import { createRoute, z } from '@hono/zod-openapi';
import type { Subscriptions } from '../webhooks/index.ts';
import { type AdminApp, byId, json, jsonBody, notFound, refused, unprocessable } from './route.ts';
import { settings, settingsFields } from './settings-schema.ts';

/** What the routes of settings need. */
export interface WebhookSettingsDeps {
  readonly subscriptions: Pick<Subscriptions, 'one' | 'settings' | 'set'>;
}

const noWebhook = { error: 'not_found', message: 'There is no such webhook.' };
const thin = {
  error: 'unprocessable',
  message: 'This is a subscription to notifications, which says ids only: it has no filter, payload or transformation.',
};

/** `/webhooks/{id}/settings`: what a webhook is told, in which form, and how it says who is calling. */
export function webhookSettingsRoutes(app: AdminApp, { subscriptions }: WebhookSettingsDeps): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/webhooks/{id}/settings',
      request: byId,
      responses: { 200: json(settings, 'What a webhook is told, and how; secrets are masked.'), ...notFound },
    }),
    async (c) => {
      const found = await subscriptions.settings(c.var.supplierId, c.req.valid('param').id);
      return found === undefined ? c.json(noWebhook, 404) : c.json(found, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'patch',
      path: '/webhooks/{id}/settings',
      request: { ...byId, ...jsonBody(z.strictObject(settingsFields)) },
      responses: {
        200: json(settings, 'The settings as they are now; what is owed already stays as it is.'),
        ...refused,
        ...notFound,
        ...unprocessable,
      },
    }),
    async (c) => {
      const { supplierId } = c.var;
      const { id } = c.req.valid('param');
      const change = c.req.valid('json');
      const found = await subscriptions.one(supplierId, id);
      const telling = change.filter ?? change.payload ?? change.transformation;
      if (found !== undefined && found.notificationTypes !== null && telling != null) return c.json(thin, 422);
      const after = await subscriptions.set(supplierId, id, definite(change));
      if (after === undefined) return c.json(noWebhook, 404);
      return after.ok
        ? c.json(after.value, 200)
        : c.json({ error: 'bad_request', message: after.refusal.message }, 400);
    },
  );
}

type Definite<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]: Definite<Exclude<T[K], undefined>> }
    : T;

/** The same without the members that are undefined, which JSON has none of. */
export function definite<T extends object>(value: T): Definite<T> {
  return JSON.parse(JSON.stringify(value)) as Definite<T>;
}
