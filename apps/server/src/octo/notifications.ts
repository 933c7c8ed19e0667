import { subscriptionCreation, subscriptionPatch } from '@carillon/contract';
import { send, sendResult } from './answer.ts';
import type { OctoApp, OctoDeps } from './deps.ts';
import { invalid } from './error.ts';
import { deleted, withNamed } from './named.ts';
import { withBody } from './request.ts';

/** The second is how OCTO's documentation spells the path of the creation. */
const roots = ['/notifications/subscriptions', '/notifications/subcriptions'] as const;

/**
 * POST, GET /notifications/subscriptions; GET, PATCH, DELETE /notifications/subscriptions/{id} (OCTO, octo/notifications). A list
 * is whole: a connection has at most a hundred.
 */
export function notificationRoutes(octo: OctoApp, { notifications, limits }: OctoDeps): void {
  const asItIs = <T>(value: T): T => value;
  for (const root of roots) {
    octo.post(root, (c) =>
      withBody(c, limits, subscriptionCreation, async (request) =>
        sendResult(c, await notifications.create(c.var.caller.connection, request), asItIs),
      ),
    );
    octo.get(root, async (c) => send(c, await notifications.list(c.var.caller.connection)));
    octo.get(`${root}/:id`, (c) =>
      withNamed(c, invalid.subscription, (id) => notifications.get(c.var.caller.connection, id)),
    );
    octo.patch(`${root}/:id`, (c) =>
      withBody(c, limits, subscriptionPatch, (request) =>
        withNamed(
          c,
          invalid.subscription,
          (id) => notifications.patch(c.var.caller.connection, id, request),
          (result) => sendResult(c, result, asItIs),
        ),
      ),
    );
    octo.delete(`${root}/:id`, (c) =>
      withNamed(c, invalid.subscription, async (id) =>
        (await notifications.remove(c.var.caller.connection, id)) ? deleted : undefined,
      ),
    );
  }
}
