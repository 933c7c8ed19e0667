import { createRoute, z } from '@hono/zod-openapi';
import { faultKinds, type Place, type Reconciliation } from '../webhooks/index.ts';
import { type AdminApp, json, refused } from './route.ts';
import { limit } from './schema.ts';
import { timeInQuery } from './times.ts';

const count = z.number().int();
const id = z.string();

const tally = {
  owed: count.openapi({ description: 'Events that matched a webhook, each once for each webhook.' }),
  delivered: count.openapi({ description: 'Arrived, also where it is being sent again.' }),
  pending: count,
  held: count,
  gaveUp: count,
  cancelled: count,
};

const report = z
  .object({
    from: count,
    to: count,
    events: count.openapi({ description: 'Recorded in the range, whether or not anybody listens to them.' }),
    ...tally,
    webhooks: z
      .array(z.object({ webhookId: id, url: z.string().nullable(), state: z.string().nullable(), ...tally }))
      .readonly(),
    unaccounted: count.openapi({
      description:
        'Deliveries that will neither arrive nor end, or ended in no way that can be told. 0 if all is well.',
    }),
    faults: z
      .array(
        z.object({
          kind: z.enum(faultKinds),
          deliveryId: id.nullable().openapi({ description: 'Null: it is lost.' }),
          webhookId: id.nullable(),
          eventId: id.nullable(),
          count,
        }),
      )
      .readonly()
      .openapi({ description: 'The first thousand of these.' }),
  })
  .openapi('Reconciliation');

const undelivered = z
  .object({
    id,
    webhookId: id,
    eventId: id,
    lane: z.string().openapi({ description: 'Type and id of the subject.' }),
    position: count,
    state: z.enum(['pending', 'held', 'gave_up', 'cancelled']),
    reason: z.string().nullable(),
    lastFailure: z.string().nullable().openapi({ description: 'Why the last attempt failed.' }),
    step: count,
    dueAt: count,
    createdAt: count,
    endedAt: count.nullable(),
  })
  .openapi('Undelivered');

const range = {
  from: timeInQuery,
  to: timeInQuery.optional().openapi({ type: 'string', description: 'Excluded; default: now.' }),
};

/** A place in a list, as a text without a meaning for whoever gets it. */
const cursorOf = ({ at, id }: Place): string => `${at}.${id}`;
const cursor = z
  .string()
  .max(100)
  .regex(/^\d{1,16}\..+$/, 'is not the `next` of a page')
  .transform((text): Place => {
    const dot = text.indexOf('.');
    return { at: Number(text.slice(0, dot)), id: text.slice(dot + 1) };
  })
  .openapi({ type: 'string', description: 'The `next` of the page before.' });

const backwards = { error: 'bad_request', message: 'to is before from.' };

/** `/reconciliation`: what became of everything that was owed in a time range, from the tables themselves. */
export function reconciliationRoutes(
  app: AdminApp,
  { reconciliation, now }: { readonly reconciliation: Reconciliation; readonly now: () => number },
): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/reconciliation',
      request: { query: z.strictObject(range) },
      responses: { 200: json(report, 'What became of everything that was owed in the range, by webhook.'), ...refused },
    }),
    async (c) => {
      const { from, to = now() + 1 } = c.req.valid('query');
      if (to < from) return c.json(backwards, 400);
      return c.json(await reconciliation.report({ supplierId: c.var.supplierId, from, to }), 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/reconciliation/undelivered',
      request: { query: z.strictObject({ ...range, after: cursor.optional(), limit }) },
      responses: {
        200: json(
          z.object({ undelivered: z.array(undelivered).readonly(), next: z.string().nullable() }),
          'What became owed in the range and has not arrived, oldest first, with why.',
        ),
        ...refused,
      },
    }),
    async (c) => {
      const { from, to = now() + 1, after = null, limit } = c.req.valid('query');
      if (to < from) return c.json(backwards, 400);
      const page = await reconciliation.undelivered({ supplierId: c.var.supplierId, from, to }, after, limit);
      return c.json({ ...page, next: page.next && cursorOf(page.next) }, 200);
    },
  );
}
