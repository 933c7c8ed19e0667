import { eventTypes, uuid } from '@carillon/contract';
import * as z from 'zod';
import { send, sendError } from './answer.ts';
import type { OctoApp, OctoDeps } from './deps.ts';
import { badRequest, invalid, unprocessable } from './error.ts';
import { withBody, withQuery } from './request.ts';

const states = ['pending', 'held', 'delivered', 'gave_up', 'cancelled'] as const;
const ended = ['delivered', 'gave_up', 'cancelled'] as const;

const orNothing = (value: unknown): unknown => (value === '' ? undefined : value);
const listOf = <T extends readonly [string, ...string[]]>(values: T) =>
  z
    .string()
    .transform((text) => text.split(',').map((each) => each.trim()))
    .pipe(z.array(z.enum(values)));

const deliveriesQuery = z.object({
  states: z.preprocess(orNothing, listOf(states).optional()),
  after: z.preprocess(orNothing, z.string().max(100).optional()),
  limit: z.preprocess(orNothing, z.coerce.number().int().min(1).max(100).default(50)),
});

const time = z.iso.datetime({ offset: true, error: 'must be a time such as 2026-06-01T08:00:00Z' });

const replayRequest = z.strictObject({
  from: time,
  to: time.optional(),
  states: z.array(z.enum(ended)).min(1).optional(),
  events: z.array(z.enum(eventTypes)).min(1).optional(),
  perSecond: z.number().int().min(1).max(1000).optional(),
});

const busy = unprocessable('a replay of this webhook is under way');
const erased = unprocessable('it cannot be sent again: its body was erased');

/**
 * GET /webhooks/{id}/deliveries, POST /webhooks/{id}/deliveries/{deliveryId}/retry and /webhooks/{id}/replay (not OCTO's): what the
 * connection's own webhooks were sent, and sending it again.
 */
export function deliveryRoutes(octo: OctoApp, { deliveries, replays, limits }: OctoDeps): void {
  octo.get('/webhooks/:id/deliveries', (c) =>
    withQuery(c, deliveriesQuery, async ({ states: wanted, after, limit }) => {
      const given = c.req.param('id');
      const id = uuid.safeParse(given);
      if (!id.success) return sendError(c, invalid.webhook(given));
      const request = { states: wanted ?? null, before: after, limit };
      const found = await deliveries.list(c.var.caller.connection, id.data, request);
      if (found !== undefined) return send(c, found);
      const known =
        after !== undefined && (await deliveries.list(c.var.caller.connection, id.data, first)) !== undefined;
      return sendError(c, known ? badRequest('after must be the next of an answer before') : invalid.webhook(given));
    }),
  );

  octo.post('/webhooks/:id/deliveries/:deliveryId/retry', async (c) => {
    const { connection } = c.var.caller;
    const { id, deliveryId } = c.req.param();
    const found = await deliveries.one(connection, { webhookId: id, id: deliveryId });
    if (found === undefined) return sendError(c, invalid.delivery(deliveryId));
    if (found === 'erased') return sendError(c, erased);
    const retried = await replays.retry(connection.supplierId, deliveryId);
    if (retried === 'missing') return sendError(c, invalid.delivery(deliveryId));
    if (retried !== 'done') return sendError(c, unprocessable(`it cannot be sent again: ${retried.refused}`));
    return send(c, { success: true, message: 'It is sent again.' });
  });

  octo.post('/webhooks/:id/replay', (c) =>
    withBody(c, limits, replayRequest, async ({ from, to, ...request }) => {
      const { connection } = c.var.caller;
      const given = c.req.param('id');
      const own = uuid.safeParse(given).success && (await deliveries.list(connection, given, first)) !== undefined;
      if (!own) return sendError(c, invalid.webhook(given));
      const begun = await replays.begin(connection.supplierId, given, {
        ...request,
        from: Date.parse(from),
        to: to === undefined ? undefined : Date.parse(to),
      });
      if (begun.kind === 'missing') return sendError(c, invalid.webhook(given));
      if (begun.kind === 'busy') return sendError(c, busy);
      const { id, found, perSecond, state } = begun.replay;
      return send(c, { id, state, found, perSecond });
    }),
  );
}

const first = { states: null, before: undefined, limit: 1 } as const;
