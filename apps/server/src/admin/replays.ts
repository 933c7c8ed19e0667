import { eventTypes } from '@carillon/contract';
import { createRoute, z } from '@hono/zod-openapi';
import { endedStates, mostPerSecond, type Replays } from '../webhooks/index.ts';
import { type AdminApp, byId, json, jsonBody, notFound, refused, unprocessable } from './route.ts';
import { limit } from './schema.ts';
import { timeInBody } from './times.ts';

/** What is to be sent again. */
const replayRequest = z.strictObject({
  from: timeInBody.default(0).openapi({ description: 'When they became owed, ms UTC; default: from the beginning.' }),
  to: timeInBody.optional().openapi({ description: 'Excluded; default: now.' }),
  states: z
    .array(z.enum(endedStates))
    .min(1)
    .optional()
    .openapi({ description: 'Those that ended so; `["gave_up"]`: all that failed. Default: however they ended.' }),
  events: z.array(z.enum(eventTypes)).min(1).optional().openapi({ description: 'Of these types; default: of all.' }),
  perSecond: z
    .number()
    .int()
    .min(1)
    .max(mostPerSecond)
    .optional()
    .openapi({ description: 'How many become due a second; default 50.' }),
  dryRun: z.boolean().default(false).openapi({ description: 'Only counts them.' }),
});

const replay = z
  .object({
    id: z.string(),
    webhookId: z.string(),
    from: z.number().int(),
    to: z.number().int(),
    states: z.array(z.enum(endedStates)).readonly(),
    events: z.array(z.enum(eventTypes)).readonly().nullable(),
    perSecond: z.number().int(),
    state: z
      .enum(['running', 'done', 'cancelling', 'cancelled'])
      .openapi({ description: 'Running until everything that it opened has ended.' }),
    reason: z.string().nullable().openapi({ description: 'Why it waits or was cancelled.' }),
    found: z.number().int().openapi({ description: 'Deliveries that it was made for.' }),
    opened: z.number().int().openapi({ description: 'Of them: sent again, or about to be.' }),
    skipped: z
      .number()
      .int()
      .openapi({ description: 'Of them: cannot be sent again, because their bodies were pruned.' }),
    delivered: z.number().int().openapi({ description: 'Of those opened: arrived again.' }),
    failed: z.number().int().openapi({ description: 'Of those opened: given up.' }),
    createdAt: z.number().int(),
    endedAt: z.number().int().nullable(),
  })
  .openapi('Replay');

const counted = z.object({ dryRun: z.literal(true), found: z.number().int() });

const noWebhook = { error: 'not_found', message: 'There is no such webhook.' };
const noReplay = { error: 'not_found', message: 'There is no such replay.' };
const busy = {
  error: 'unprocessable',
  message: 'A replay of this webhook is under way: wait until it is done, or cancel it.',
};

/** `/replays`, and those of a webhook: what it was owed is sent again, with the same bodies and ids. */
export function replayRoutes(app: AdminApp, { replays }: { readonly replays: Replays }): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/webhooks/{id}/replays',
      description:
        'Sends again what the webhook was owed in a time range: deliveries that have ended. Of events that matched it not, or are from ' +
        'before it was there, it gets none. While it is paused, disabled or resting, the replay waits.',
      request: { ...byId, ...jsonBody(replayRequest) },
      responses: {
        200: json(counted, 'A dry run: how many deliveries there are.'),
        201: json(replay, 'It begins.'),
        ...refused,
        ...notFound,
        ...unprocessable,
      },
    }),
    async (c) => {
      const { supplierId } = c.var;
      const { id } = c.req.valid('param');
      const { dryRun, ...request } = c.req.valid('json');
      if (dryRun) {
        const found = await replays.count(supplierId, id, request);
        return found === undefined ? c.json(noWebhook, 404) : c.json({ dryRun: true as const, found }, 200);
      }
      const begun = await replays.begin(supplierId, id, request);
      switch (begun.kind) {
        case 'begun':
          return c.json(begun.replay, 201);
        case 'missing':
          return c.json(noWebhook, 404);
        case 'busy':
          return c.json(busy, 422);
      }
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/replays',
      request: {
        query: z.strictObject({
          webhook: z.string().max(100).optional().openapi({ description: 'Only those of this webhook.' }),
          before: z.string().max(100).optional().openapi({ description: 'The last replay of the page before.' }),
          limit,
        }),
      },
      responses: { 200: json(z.object({ replays: z.array(replay) }), 'Replays, newest first.'), ...refused },
    }),
    async (c) => {
      const { webhook, before, limit } = c.req.valid('query');
      const page = { supplierId: c.var.supplierId, webhookId: webhook, before, limit };
      return c.json({ replays: await replays.list(page) }, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/replays/{id}',
      request: byId,
      responses: { 200: json(replay, 'A replay, and what came of it so far.'), ...notFound },
    }),
    async (c) => {
      const found = await replays.one(c.var.supplierId, c.req.valid('param').id);
      return found === undefined ? c.json(noReplay, 404) : c.json(found, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/replays/{id}/cancel',
      description:
        'Opens nothing more. What was opened and is not under way is delivered again as it was, or cancelled where it had not arrived.',
      request: byId,
      responses: { 200: json(replay, 'The replay as it is now; one that has ended stays so.'), ...notFound },
    }),
    async (c) => {
      const found = await replays.cancel(c.var.supplierId, c.req.valid('param').id);
      return found === undefined ? c.json(noReplay, 404) : c.json(found, 200);
    },
  );
}
