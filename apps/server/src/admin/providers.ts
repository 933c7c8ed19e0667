import { createRoute, z } from '@hono/zod-openapi';
import {
  mailboxSettings,
  mailjetSettings,
  type ProviderDirectory,
  postmarkSettings,
  smtpSettings,
} from '../email/index.ts';
import { type AdminApp, byId, json, jsonBody, notFound, refused, unprocessable } from './route.ts';

const name = z.string().trim().min(1).max(100).openapi({ description: 'Names it; unique within the supplier.' });
const sender = z
  .email()
  .max(254)
  .nullable()
  .openapi({ description: 'The address that guests see as the sender; null: that of the instance.' });
const isDefault = z
  .boolean()
  .openapi({ description: 'Takes the supplier’s e-mails; one does. The first is, unless told.' });
const fields = { name, sender: sender.optional(), isDefault: isDefault.optional() };

const creation = z
  .discriminatedUnion('kind', [
    z.strictObject({ ...fields, kind: z.literal('postmark'), settings: postmarkSettings }),
    z.strictObject({ ...fields, kind: z.literal('mailjet'), settings: mailjetSettings }),
    z.strictObject({ ...fields, kind: z.literal('smtp'), settings: smtpSettings }),
    z.strictObject({ ...fields, kind: z.literal('mailbox'), settings: mailboxSettings.prefault({}) }),
  ])
  .openapi('EmailProviderCreation');
const edit = z
  .strictObject({
    name: name.optional(),
    sender: sender.optional(),
    isDefault: isDefault.optional(),
    settings: z
      .record(z.string().max(100), z.unknown())
      .optional()
      .openapi({ description: 'Those that change; the rest stays.' }),
  })
  .openapi('EmailProviderEdit');

const provider = z
  .object({
    id: z.string(),
    kind: z.enum(['postmark', 'mailjet', 'smtp', 'mailbox']),
    name: z.string(),
    sender: z.string().nullable(),
    isDefault: z.boolean(),
    settings: z
      .record(z.string(), z.unknown())
      .readonly()
      .openapi({ description: 'Those that are no secrets: keys and passwords are never shown.' }),
    callbacks: z
      .object({ state: z.enum(['connected', 'failed', 'not_reachable']), detail: z.string().nullable() })
      .nullable()
      .openapi({ description: 'Whether it reports what becomes of e-mails; null: it is of a kind that does not.' }),
    createdAt: z.number().int().openapi({ description: 'Milliseconds since 1970, UTC.' }),
  })
  .openapi('EmailProvider');
const callback = z
  .object({ url: z.string(), username: z.string(), password: z.string() })
  .nullable()
  .openapi({ description: 'Where its reports go, to enter by hand where that could not be done. Not shown again.' });

const missing = { error: 'not_found', message: 'There is no such provider.' };

/** `/email-providers`: who takes the supplier's e-mails to its guests. */
export function emailProviderRoutes(app: AdminApp, { providers }: { readonly providers: ProviderDirectory }): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/email-providers',
      responses: {
        200: json(
          z.object({ providers: z.array(provider) }),
          'The supplier’s providers, oldest first; with none, its e-mails go through that of the instance.',
        ),
      },
    }),
    async (c) => c.json({ providers: await providers.list(c.var.supplierId) }, 200),
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/email-providers',
      request: jsonBody(creation),
      responses: {
        201: json(provider.extend({ callback }), 'The new provider, and whether it was told where its reports go.'),
        ...refused,
        ...unprocessable,
      },
    }),
    async (c) => {
      const made = await providers.add(c.var.supplierId, c.req.valid('json'));
      if ('problem' in made) return c.json({ error: 'unprocessable', message: made.problem }, 422);
      return c.json({ ...made.provider, callback: made.callback }, 201);
    },
  );

  app.openapi(
    createRoute({
      method: 'patch',
      path: '/email-providers/{id}',
      request: { ...byId, ...jsonBody(edit) },
      responses: {
        200: json(provider, 'The provider as it is now; e-mails that have not left yet heed it.'),
        ...refused,
        ...notFound,
        ...unprocessable,
      },
    }),
    async (c) => {
      const key = { supplierId: c.var.supplierId, id: c.req.valid('param').id };
      const edited = await providers.edit(key, c.req.valid('json'));
      if (edited === undefined) return c.json(missing, 404);
      if ('problem' in edited) return c.json({ error: 'unprocessable', message: edited.problem }, 422);
      return c.json(edited, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'delete',
      path: '/email-providers/{id}',
      request: byId,
      responses: {
        200: json(z.object({ deleted: z.literal(true) }), 'It takes no e-mail any more.'),
        ...notFound,
      },
    }),
    async (c) => {
      const removed = await providers.remove({ supplierId: c.var.supplierId, id: c.req.valid('param').id });
      return removed ? c.json({ deleted: true as const }, 200) : c.json(missing, 404);
    },
  );
}
