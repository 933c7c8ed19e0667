import { type EventType, triggerRequest, uuid } from '@carillon/contract';
import { tokenBuckets } from '../platform/http/index.ts';
import type { Party, Refused, Result, Supplier } from '../supplier/index.ts';
import { send, sendError, sendWait } from './answer.ts';
import type { OctoApp, OctoDeps } from './deps.ts';
import { errorOfRefusal, invalid, tooManyTests } from './error.ts';
import { withBody } from './request.ts';
import type { CurrentDocument } from './webhook-api.ts';

type Named = ReturnType<(typeof triggerRequest)['parse']>;

const refuse = (refusal: Refused['refusal']): Refused => ({ ok: false, refusal });

/** What a webhook of an event type is to be tested with: the document that the request names, as the caller may see it. */
async function named(
  supplier: Supplier,
  by: Party,
  event: EventType,
  request: Named,
): Promise<Result<CurrentDocument>> {
  switch (event) {
    case 'booking_update': {
      const given = request.uuid ?? request.bookingUuid;
      if (given === undefined) return missing('uuid', event);
      const id = uuid.safeParse(given);
      return id.success
        ? current(event, await supplier.booking(by, id.data))
        : refuse({ kind: 'booking', uuid: given });
    }
    case 'order_update': {
      const given = request.orderId;
      if (given === undefined) return missing('orderId', event);
      const id = uuid.safeParse(given);
      return id.success ? current(event, await supplier.order(by, id.data)) : refuse({ kind: 'order', orderId: given });
    }
    case 'product_update':
      if (request.productId === undefined) return missing('productId', event);
      return current(event, await supplier.product(by.supplierId, request.productId));
    case 'availability_update': {
      const { productId, optionId, availabilityId = request.availabilityIds?.[0] } = request;
      if (productId === undefined) return missing('productId', event);
      if (optionId === undefined) return missing('optionId', event);
      if (availabilityId === undefined) return missing('availabilityId', event);
      const query = { productId, optionId, availabilityIds: [availabilityId] };
      const slots = await supplier.availability(by.supplierId, query);
      if (!slots.ok) return slots;
      const [slot] = slots.value;
      return slot === undefined
        ? refuse({ kind: 'availability', availabilityId })
        : { ok: true, value: { type: event, document: slot } };
    }
  }
}

function missing(field: string, event: EventType): Refused {
  return refuse({ kind: 'bad_request', message: `${field} is required: the webhook is told of ${event}` });
}

function current<T extends EventType>(
  type: T,
  found: Result<Extract<CurrentDocument, { type: T }>['document']>,
): Result<CurrentDocument> {
  return found.ok ? { ok: true, value: { type, document: found.value } as CurrentDocument } : found;
}

/** How long to wait when too many tests are under way, ms: they take seconds. */
const busyMs = 5_000;

/**
 * POST /webhooks/{id}/trigger (Ventrata): sends a test, and answers with what came of it. So many of a webhook and of a connection
 * as the limits say, so that nobody makes us send to somebody else as fast as they can ask.
 */
export function triggerRoutes(octo: OctoApp, { supplier, webhooks, triggers, limits, now }: OctoDeps): void {
  const ofWebhook = tokenBuckets(limits.tests.webhook, now);
  const ofConnection = tokenBuckets(limits.tests.connection, now);
  octo.post('/webhooks/:id/trigger', (c) =>
    withBody(c, limits, triggerRequest, async (request) => {
      const { connection } = c.var.caller;
      const given = c.req.param('id');
      const id = uuid.safeParse(given);
      const webhook = id.success ? await webhooks.get(connection, id.data) : undefined;
      if (webhook === undefined) return sendError(c, invalid.webhook(given));
      const found = await named(supplier, connection, webhook.event, request);
      if (!found.ok) return sendError(c, errorOfRefusal(found.refusal));
      // Of the webhook first: what is refused because of one webhook must use up nothing of the others.
      const one = ofWebhook.take(webhook.id);
      if (!one.allowed) return sendWait(c, tooManyTests.webhook, one.waitMs);
      const inAll = ofConnection.take(connection.connectionId);
      if (!inAll.allowed) return sendWait(c, tooManyTests.connection, inAll.waitMs);
      const result = await triggers.trigger(connection, webhook.id, found.value);
      if (result === 'busy') return sendWait(c, tooManyTests.underWay, busyMs);
      // It was deleted or changed meanwhile.
      return result === undefined ? sendError(c, invalid.webhook(given)) : send(c, result);
    }),
  );
}
