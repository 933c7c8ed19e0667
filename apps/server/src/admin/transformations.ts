import { eventTypes } from '@carillon/contract';
import { createRoute, z } from '@hono/zod-openapi';
import type { Trials } from '../webhooks/index.ts';
import { type AdminApp, byId, json, jsonBody, notFound, refused, unprocessable } from './route.ts';
import { transformation } from './settings-schema.ts';

const preview = z
  .object({
    event: z.object({ id: z.string(), type: z.enum(eventTypes), createdAt: z.number().int() }),
    matches: z.boolean().openapi({ description: 'The webhook’s filter lets the event through.' }),
    body: z.string().nullable().openapi({ description: 'Null: nothing is sent, or the templates failed.' }),
    headers: z.record(z.string(), z.string()).readonly(),
    problems: z
      .array(
        z.object({
          part: z.string().openapi({ description: 'body, or headers.<name>.' }),
          message: z.string(),
          line: z.number().int().nullable(),
          column: z.number().int().nullable(),
        }),
      )
      .readonly(),
  })
  .openapi('TransformationPreview');

const count = z.number().int();
const again = z
  .object({
    rendered: count.openapi({ description: 'These can be retried.' }),
    nothing: count.openapi({ description: 'The template has nothing for these: cancelled.' }),
    failed: count.openapi({ description: 'The template still fails on these.' }),
    next: z.string().nullable().openapi({ description: 'To be sent as `after`, to go on; null: that was all.' }),
  })
  .openapi('RenderedAgain');

const noWebhook = { error: 'not_found', message: 'There is no such webhook.' };
const noEvent = { error: 'not_found', message: 'There is no such event, or none yet that this webhook hears of.' };
const noTransformation = { error: 'unprocessable', message: 'The webhook has no transformation, and none was given.' };

/** `/webhooks/{id}/transformation`: trying templates on real events, and mending what they failed on. */
export function transformationRoutes(app: AdminApp, { trials }: { readonly trials: Trials }): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/webhooks/{id}/transformation/preview',
      request: {
        ...byId,
        ...jsonBody(
          z.strictObject({
            transformation: transformation.optional().openapi({ description: 'Left out: the webhook’s own.' }),
            eventId: z.string().max(100).optional().openapi({ description: 'Left out: the latest that it hears of.' }),
          }),
        ),
      },
      responses: {
        200: json(preview, 'What the templates make of the event; nothing is stored or sent.'),
        ...refused,
        ...notFound,
        ...unprocessable,
      },
    }),
    async (c) => {
      const key = { supplierId: c.var.supplierId, id: c.req.valid('param').id };
      const made = await trials.preview(key, c.req.valid('json'));
      if (made === undefined) return c.json(noWebhook, 404);
      if (made === 'no_event') return c.json(noEvent, 404);
      if (made === 'no_transformation') return c.json(noTransformation, 422);
      return c.json(made, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/webhooks/{id}/transformation/render-again',
      request: {
        ...byId,
        query: z.object({ after: z.string().max(100).optional().openapi({ description: 'The `next` of an answer.' }) }),
      },
      responses: {
        200: json(
          again,
          'What the templates failed on, rendered with what they are now, a portion at a time. It is sent when it is retried.',
        ),
        ...refused,
        ...notFound,
      },
    }),
    async (c) => {
      const { after } = c.req.valid('query');
      const made = await trials.renderAgain({ supplierId: c.var.supplierId, id: c.req.valid('param').id }, after);
      return made === undefined ? c.json(noWebhook, 404) : c.json(made, 200);
    },
  );
}
