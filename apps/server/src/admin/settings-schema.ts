import { webhookUrlProblem } from '@carillon/contract';
import { z } from '@hono/zod-openapi';
import { filterStatuses, patternProblem } from '../webhooks/index.ts';

const words = (most: number, description: string) =>
  z.array(z.string().min(1).max(most)).min(1).max(100).readonly().optional().openapi({ description });

const pattern = z
  .string()
  .max(500)
  .superRefine((value, context) => {
    const message = patternProblem(value);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

/** What a webhook wants to be told of. */
const filter = z
  .strictObject({
    products: words(255, 'Product ids: one of them is the subject’s, before or after the change.'),
    statuses: z
      .array(z.enum(filterStatuses))
      .min(1)
      .readonly()
      .optional()
      .openapi({ description: 'After the change.' }),
    mode: z.enum(['live', 'test']).optional().openapi({ description: 'Bookings and orders of this kind only.' }),
    changes: z
      .array(pattern)
      .min(1)
      .max(50)
      .readonly()
      .optional()
      .openapi({
        description:
          'JSON Pointers in which * stands for one token and ** for any number: what stands at one such place, or in it, changed.',
        example: ['/status', '/unitItems/*', '/contact/**'],
      }),
  })
  .openapi('WebhookFilter');

const template = (most: number) => z.string().max(most);

/** Liquid templates of a webhook. */
export const transformation = z
  .strictObject({
    body: template(65_536).openapi({
      description:
        'Liquid. It sees the body as it is sent without it (event, webhook, supplier, booking, diff, …), delivery.id, delivery.position, ' +
        'delivery.createdAt, emailType, occasions and parameters. The filter json writes any value as JSON. Blank: nothing is sent.',
    }),
    headers: z.record(z.string().max(128), template(4_096)).default({}),
    parameters: z.record(z.string().max(100), template(1_000)).default({}).openapi({ description: 'Not secret.' }),
  })
  .openapi('WebhookTransformation');

const tokenUrl = z.string().superRefine((value, context) => {
  const message = webhookUrlProblem(value);
  if (message !== undefined) return context.addIssue({ code: 'custom', message });
  const { username, password } = new URL(value);
  if (username === '' && password === '') return;
  context.addIssue({ code: 'custom', message: 'must not carry a user name: that is what clientId is for' });
});

const pem = z.string().max(65_536);
const oauth2 = z.strictObject({
  tokenUrl,
  clientId: z.string().min(1).max(1_000),
  clientSecret: z.string().min(1).max(4_096).openapi({ description: 'Shown masked; masked, it keeps what is stored.' }),
  scope: z.string().max(1_000).nullable().default(null),
  audience: z.string().max(1_000).nullable().default(null),
  sendAs: z.enum(['basic', 'body']).default('basic').openapi({ description: 'RFC 6749, 2.3.1.' }),
});
const certificate = z.strictObject({ cert: pem, key: pem, ca: pem.nullable().default(null) });

const authentication = z
  .strictObject({
    oauth2: oauth2.nullable().optional().openapi({
      description: 'Client credentials: an access token goes in the place of any other authorization.',
    }),
    certificate: certificate.nullable().optional().openapi({ description: 'Mutual TLS. PEM; the key unencrypted.' }),
  })
  .openapi('WebhookAuthentication');

/** What of a webhook's settings is to be different. */
export const settingsFields = {
  filter: filter.nullable().optional(),
  payload: z.enum(['full', 'thin']).optional().openapi({ description: 'thin: ids, position and an address only.' }),
  transformation: transformation.nullable().optional(),
  authentication: authentication.nullable().optional(),
};

/** The settings of a webhook, as they are shown. */
export const settings = z
  .object({
    filter: filter.nullable(),
    payload: z.enum(['full', 'thin']),
    transformation: transformation.nullable(),
    authentication: z
      .object({
        oauth2: z
          .object({
            tokenUrl: z.string(),
            clientId: z.string(),
            clientSecret: z.string(),
            scope: z.string().nullable(),
            audience: z.string().nullable(),
            sendAs: z.enum(['basic', 'body']),
          })
          .nullable(),
        certificate: z.object({ subject: z.string(), fingerprint256: z.string(), validTo: z.string() }).nullable(),
      })
      .nullable(),
  })
  .openapi('WebhookSettings');
