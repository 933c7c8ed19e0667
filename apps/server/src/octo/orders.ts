import {
  cancellationRequest,
  extensionRequest,
  type OrderDocument,
  orderConfirmationRequest,
  uuid,
} from '@carillon/contract';
import type { Result } from '../supplier/index.ts';
import { sendError, sendResult, shownAs } from './answer.ts';
import { answerHeaders, callerWithCart } from './caller.ts';
import type { OctoApp, OctoContext, OctoDeps } from './deps.ts';
import { invalid } from './error.ts';
import { withBody } from './request.ts';

/** GET, DELETE /orders/{id}; POST /orders/{id}/confirm, /extend, /cancel (Ventrata, octo/cart); `/order` is the same. */
export function orderRoutes(octo: OctoApp, { supplier, limits, now }: OctoDeps): void {
  const answer = (c: OctoContext, result: Result<OrderDocument>) =>
    sendResult(c, result, shownAs(c, 'order_update', now()));

  /** Acts on the order that the path names, with octo/cart, without which an order cannot be shown. */
  const named = async (c: OctoContext, act: (id: string) => Promise<Response>): Promise<Response> => {
    const caller = callerWithCart(c.var.caller);
    c.set('caller', caller);
    for (const [name, value] of Object.entries(answerHeaders(caller))) c.header(name, value);
    const given = c.req.param('id') ?? '';
    const parsed = uuid.safeParse(given);
    return parsed.success ? act(parsed.data) : sendError(c, invalid.order(given));
  };

  const get = (c: OctoContext) => named(c, async (id) => answer(c, await supplier.order(c.var.caller.connection, id)));

  const confirm = (c: OctoContext) =>
    named(c, (id) =>
      withBody(c, limits, orderConfirmationRequest, async (request) =>
        answer(c, await supplier.confirmOrder(c.var.caller.connection, id, request)),
      ),
    );

  const extend = (c: OctoContext) =>
    named(c, (id) =>
      withBody(c, limits, extensionRequest, async (request) =>
        answer(c, await supplier.extendOrder(c.var.caller.connection, id, request)),
      ),
    );

  const cancel = (c: OctoContext) =>
    named(c, (id) =>
      withBody(c, limits, cancellationRequest, async (request) =>
        answer(c, await supplier.cancelOrder(c.var.caller.connection, id, request)),
      ),
    );

  for (const orders of ['/orders', '/order']) {
    octo.get(`${orders}/:id`, get);
    octo.post(`${orders}/:id/confirm`, confirm);
    octo.post(`${orders}/:id/extend`, extend);
    octo.post(`${orders}/:id/cancel`, cancel);
    octo.delete(`${orders}/:id`, cancel);
  }
}
