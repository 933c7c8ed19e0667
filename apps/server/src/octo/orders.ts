import {
  cancellationRequest,
  extensionRequest,
  type OrderDocument,
  orderConfirmationRequest,
  orderCreationRequest,
  orderFilter,
  orderUpdateRequest,
  uuid,
} from '@carillon/contract';
import type { Result } from '../supplier/index.ts';
import { sendError, sendList, sendResult, shownAs } from './answer.ts';
import { answerHeaders, callerWithCart } from './caller.ts';
import type { OctoApp, OctoContext, OctoDeps } from './deps.ts';
import { invalid } from './error.ts';
import { withBody, withQuery } from './request.ts';

/**
 * POST, GET /orders; GET, PATCH, DELETE /orders/{id}; PATCH /orders/{id}/update; POST /orders/{id}/confirm, /extend, /cancel
 * (Ventrata, octo/cart); `/order` is the same.
 */
export function orderRoutes(octo: OctoApp, { supplier, limits, now }: OctoDeps): void {
  const answer = (c: OctoContext, result: Result<OrderDocument>) =>
    sendResult(c, result, shownAs(c, 'order_update', now()));

  /** Shows with octo/cart, without which an order cannot be shown. */
  const withCart = (c: OctoContext): void => {
    const caller = callerWithCart(c.var.caller);
    c.set('caller', caller);
    for (const [name, value] of Object.entries(answerHeaders(caller))) c.header(name, value);
  };

  /** Acts on the order that the path names. */
  const named = async (c: OctoContext, act: (id: string) => Promise<Response>): Promise<Response> => {
    withCart(c);
    const given = c.req.param('id') ?? '';
    const parsed = uuid.safeParse(given);
    return parsed.success ? act(parsed.data) : sendError(c, invalid.order(given));
  };

  const create = (c: OctoContext) => {
    withCart(c);
    return withBody(c, limits, orderCreationRequest, async (request) => {
      const { connection, testMode } = c.var.caller;
      return answer(c, await supplier.createOrder(connection, { ...request, testMode }));
    });
  };

  const list = (c: OctoContext) => {
    withCart(c);
    return withQuery(c, orderFilter, async (filter) => {
      const found = await supplier.orders(c.var.caller.connection, filter);
      return sendList(c, found, shownAs(c, 'order_update', now()));
    });
  };

  const get = (c: OctoContext) => named(c, async (id) => answer(c, await supplier.order(c.var.caller.connection, id)));

  const update = (c: OctoContext) =>
    named(c, (id) =>
      withBody(c, limits, orderUpdateRequest, async (request) =>
        answer(c, await supplier.updateOrder(c.var.caller.connection, id, request)),
      ),
    );

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
    octo.post(orders, create);
    octo.get(orders, list);
    octo.get(`${orders}/:id`, get);
    octo.patch(`${orders}/:id`, update);
    octo.patch(`${orders}/:id/update`, update);
    octo.post(`${orders}/:id/confirm`, confirm);
    octo.post(`${orders}/:id/extend`, extend);
    octo.post(`${orders}/:id/cancel`, cancel);
    octo.delete(`${orders}/:id`, cancel);
  }
}
