import { isEmailAddress, webhookUrlProblem } from '@carillon/contract';
import { createRoute, z } from '@hono/zod-openapi';
import type { Alerts } from '../webhooks/index.ts';
import { type AdminApp, json, jsonBody, refused } from './route.ts';
import { limit } from './schema.ts';

const mostEmails = 20;

const email = z.string().refine(isEmailAddress, 'must be an e-mail address');

const url = z.string().superRefine((value, context) => {
  const { username = '', password = '' } = URL.parse(value) ?? {};
  const credentials = username === '' && password === '' ? undefined : 'must not carry a user name or password';
  const message = webhookUrlProblem(value) ?? credentials;
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

const change = z
  .strictObject({
    emails: z
      .array(email)
      .max(mostEmails)
      .transform((emails) => [...new Set(emails)])
      .openapi({ description: 'Who gets an e-mail.' }),
    url: url.nullable().openapi({ description: 'Of the operational webhook; null: none.' }),
  })
  .partial();

const alerts = z
  .object({ emails: z.array(z.string()).readonly(), url: z.string().nullable() })
  .openapi('Alerts', { description: 'Where is told that a webhook fails, was disabled, or answers again.' });

const changed = alerts.extend({
  signingSecret: z
    .string()
    .nullable()
    .openapi({ description: 'Of the operational webhook (Standard Webhooks), shown this once; null: as it was.' }),
});

const time = z.number().int().openapi({ description: 'Milliseconds since 1970, UTC.' });
const isoTime = z.string().nullable().openapi({ description: 'ISO 8601, UTC.' });

const notice = z
  .object({
    id: z.string(),
    kind: z.enum(['webhook_failing', 'webhook_disabled', 'webhook_recovered']),
    webhookId: z.string(),
    body: z
      .looseObject({
        since: isoTime,
        failures: z.number().int(),
        lastError: z.string().nullable(),
        disablesAt: isoTime,
      })
      .openapi({ description: 'What the operational webhook is sent.' }),
    createdAt: time,
    told: z
      .array(
        z.object({
          address: z.string().nullable().openapi({ description: 'Null: the operational webhook.' }),
          state: z.enum(['pending', 'told', 'gave_up', 'cancelled']),
          reason: z.string().nullable(),
        }),
      )
      .readonly(),
  })
  .openapi('Notice');

/** `/alerts` and `/notices`: who is told how it goes with the webhooks, and what they were told. */
export function alertRoutes(app: AdminApp, { alerts: settings }: { readonly alerts: Alerts }): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/alerts',
      responses: { 200: json(alerts, 'Who is told.') },
    }),
    async (c) => c.json(await settings.get(c.var.supplierId), 200),
  );
  app.openapi(
    createRoute({
      method: 'patch',
      path: '/alerts',
      request: jsonBody(change),
      responses: { 200: json(changed, 'Who is told from now on; what is left out stays as it is.'), ...refused },
    }),
    async (c) => {
      const { emails, url } = c.req.valid('json');
      const wanted = { ...(emails !== undefined && { emails }), ...(url !== undefined && { url }) };
      return c.json(await settings.change(c.var.supplierId, wanted), 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/notices',
      request: {
        query: z.strictObject({
          before: z.string().max(100).optional().openapi({ description: 'The last notice of the page before.' }),
          limit,
        }),
      },
      responses: { 200: json(z.object({ notices: z.array(notice) }), 'What there was to tell, newest first.') },
    }),
    async (c) => {
      const { before = null, limit } = c.req.valid('query');
      const found = await settings.notices(c.var.supplierId, { before, limit });
      return c.json({ notices: found.map((one) => ({ ...one, body: { ...one.body } })) }, 200);
    },
  );
}
