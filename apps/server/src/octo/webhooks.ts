import { type EventType, webhookCreation, webhookDeletion, webhookPatch } from '@carillon/contract';
import { send, sendError, sendResult } from './answer.ts';
import { webhookCapabilities } from './capabilities.ts';
import type { OctoApp, OctoDeps } from './deps.ts';
import { badRequest, invalid } from './error.ts';
import { deleted, withNamed } from './named.ts';
import { withBody, withQuery } from './request.ts';

/** POST, GET, DELETE /webhooks; GET, PATCH, DELETE /webhooks/{id} (Ventrata, octo/webhooks). */
export function webhookRoutes(octo: OctoApp, { webhooks, limits }: OctoDeps): void {
  const asItIs = <T>(value: T): T => value;

  octo.post('/webhooks', (c) =>
    withBody(c, limits, webhookCreation, async (request) => {
      const { connection, capabilities } = c.var.caller;
      const chosen = webhookCapabilities(request.event, capabilities.ids, request.capabilities);
      return sendResult(c, await webhooks.create(connection, { ...request, capabilities: chosen }), asItIs);
    }),
  );

  octo.get('/webhooks', async (c) => send(c, await webhooks.list(c.var.caller.connection)));

  octo.get('/webhooks/:id', (c) => withNamed(c, invalid.webhook, (id) => webhooks.get(c.var.caller.connection, id)));

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
      return withNamed(c, invalid.webhook, patched, (result) => sendResult(c, result, asItIs));
    }),
  );

  octo.delete('/webhooks/:id', (c) =>
    withNamed(c, invalid.webhook, async (id) =>
      (await webhooks.remove(c.var.caller.connection, id)) ? deleted : undefined,
    ),
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
