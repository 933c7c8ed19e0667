import { type EventType, eventTypes } from '@carillon/contract';
import * as z from 'zod';
import { sendError } from './answer.ts';
import { audienceOf } from './caller.ts';
import type { OctoApp, OctoDeps } from './deps.ts';
import { badRequest } from './error.ts';
import { withQuery } from './request.ts';

const orNothing = (value: unknown): unknown => (value === '' ? undefined : value);

const types = z
  .string()
  .transform((text) => text.split(',').map((type) => type.trim()))
  .pipe(z.array(z.enum(eventTypes)));

const eventsQuery = z.object({
  after: z.preprocess(orNothing, z.string().max(100).optional()),
  limit: z.preprocess(orNothing, z.coerce.number().int().min(1).max(500).default(100)),
  types: z.preprocess(orNothing, types.optional()),
  wait: z.preprocess(orNothing, z.coerce.number().min(0).max(30).default(0)),
});

const wrong = {
  unknown: badRequest('after must be the next of an answer before, or now'),
  pruned: badRequest('events after this one are kept no longer: begin anew, without after'),
};

/**
 * GET /events (not OCTO's): what webhooks of the connection would be told, for whoever cannot receive. In the order of the commits,
 * after a cursor, which passes no event; waits up to 30 seconds for there to be one.
 */
export function eventRoutes(octo: OctoApp, { pull }: Pick<OctoDeps, 'pull'>): void {
  octo.get('/events', (c) =>
    withQuery(c, eventsQuery, async ({ after, limit, types: wanted, wait }) => {
      const { caller } = c.var;
      const { capabilities, ...audience } = audienceOf(caller);
      const request = {
        after,
        limit,
        types: (wanted as readonly EventType[] | undefined) ?? null,
        waitMs: wait * 1000,
        signal: c.req.raw.signal,
      };
      const pulled = await pull(caller.connection, { ...audience, capabilities: [...capabilities] }, request);
      if (pulled.kind !== 'page') return sendError(c, wrong[pulled.kind]);
      const rest = JSON.stringify({ next: pulled.next, more: pulled.more });
      return c.body(`{"events":[${pulled.events.join(',')}],${rest.slice(1)}`, 200, {
        'Content-Type': 'application/json',
      });
    }),
  );
}
