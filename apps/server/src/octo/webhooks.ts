import { type EventType, uuid, webhookCreation, webhookDeletion, webhookPatch } from '@carillon/contract';
import { send, sendError, sendResult } from './answer.ts';
import { webhookCapabilities } from './capabilities.ts';
import type { OctoApp, OctoContext, OctoDeps } from './deps.ts';
import { badRequest, invalid } from './error.ts';
import { withBody, withQuery } from './request.ts';

/** The answer to a deletion, as Ventrata's documentation shows it. */
const deleted = { success: true, message: 'Deleted successfully.' };

/** POST, GET, DELETE /webhooks; GET, PATCH, DELETE /webhooks/{id} (Ventrata, octo/webhooks). */
export function webhookRoutes(octo: OctoApp, { webhooks, limits }: OctoDeps): void {
  /** Acts on the webhook that the path names and answers with what it gives, or that there is none. */
  const named = async <T>(
    c: OctoContext,
    act: (id: string) => Promise<T | undefined>,
    answer: (found: T) => Response = (found) => send(c, found),
  ): Promise<Response> => {
    const given = c.req.param('id') ?? '';
    const parsed = uuid.safeParse(given);
    const found = parsed.success ? await act(parsed.data) : undefined;
    return found === undefined ? sendError(c, invalid.webhook(given)) : answer(found);
  };
  const asItIs = <T>(value: T): T => value;

  octo.post('/webhooks', (c) =>
    withBody(c, limits, webhookCreation, async (request) => {
      const { connection, capabilities } = c.var.caller;
      const chosen = webhookCapabilities(request.event, capabilities.ids, request.capabilities);
      return sendResult(c, await webhooks.create(connection, { ...request, capabilities: chosen }), asItIs);
    }),
  );

  octo.get('/webhooks', async (c) => send(c, await webhooks.list(c.var.caller.connection)));

  octo.get('/webhooks/:id', (c) => named(c, (id) => webhooks.get(c.var.caller.connection, id)));

  octo.patch('/webhooks/:id', (c) =>
    withBody(c, limits, webhookPatch, (request) => {
      const { connection, capabilities } = c.var.caller;
      const patched = (id: string) =>
        webhooks.patch(connection, id, (current) => {
          // Worked out anew from each PATCH (Ventrata), unless it says nothing of capabilities.
          const told = capabilities.given || request.capabilities !== undefined;
          const wanted = told ? request.capabilities : current.capabilities;
          const chosen = webhookCapabilities(request.event ?? current.event, capabilities.ids, wanted);
          return { ...request, capabilities: chosen };
        });
      return named(c, patched, (result) => sendResult(c, result, asItIs));
    }),
  );

  octo.delete('/webhooks/:id', (c) =>
    named(c, async (id) => ((await webhooks.remove(c.var.caller.connection, id)) ? deleted : undefined)),
  );

  octo.delete('/webhooks', (c) => {
    const remove = async (target: { url: string; event?: EventType }) => {
      const count = await webhooks.removeByUrl(c.var.caller.connection, target);
      return count > 0 ? send(c, deleted) : sendError(c, badRequest('url is not that of a webhook of this connection'));
    };
    return c.req.query('url') === undefined
      ? withBody(c, limits, webhookDeletion, remove)
      : withQuery(c, webhookDeletion, remove);
  });
}
