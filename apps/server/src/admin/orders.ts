import { type OrderDocument, opaqueId, uuid } from '@carillon/contract';
import { createRoute, z } from '@hono/zod-openapi';
import type { Party, Result, Supplier } from '../supplier/index.ts';
import { type AdminApp, byId, json, jsonBody, notFound, refused, sendRefusal, unprocessable } from './route.ts';
import { order } from './schema.ts';
import { shownToOperator } from './shown.ts';

/** What the routes of orders need. `now` gives ms UTC. */
export interface OrderDeps {
  readonly supplier: Pick<Supplier, 'ownerOfOrder' | 'profile' | 'order' | 'pay' | 'refund'>;
  readonly now: () => number;
}

type Wire = z.infer<typeof order>;

const refundTold = z.strictObject({
  amount: z.int().min(1).openapi({ description: 'In the smallest part of the order’s currency: cents of a euro.' }),
  reference: opaqueId.min(1).nullable().optional(),
  bookingUuid: uuid.optional(),
});
const paymentTold = refundTold.extend({ method: opaqueId.min(1).optional() });

const failures = { ...refused, ...notFound, ...unprocessable };

/** `/orders/{id}`: an order of any connection of the supplier, and its transactions told by hand; each is an `order_update`. */
export function orderRoutes(app: AdminApp, { supplier, now }: OrderDeps): void {
  /** Acts in the name of the connection that the order is of; what is no UUID names none. */
  async function acted(
    supplierId: string,
    given: string,
    act: (by: Party, id: string) => Promise<Result<OrderDocument>>,
  ): Promise<Result<Wire>> {
    const named = uuid.safeParse(given);
    if (!named.success) return { ok: false, refusal: { kind: 'order', orderId: given } };
    const owner = await supplier.ownerOfOrder(supplierId, named.data);
    if (!owner.ok) return owner;
    const result = await act(owner.value, named.data);
    if (!result.ok) return bookingOfBody(result);
    const { language } = await supplier.profile(supplierId);
    const { connectionId } = owner.value;
    const value = shownToOperator('order_update', result.value, { connectionId, language }, now()) as Wire;
    return { ok: true, value };
  }

  app.openapi(
    createRoute({
      method: 'get',
      path: '/orders/{id}',
      request: byId,
      responses: { 200: json(order, 'The order, in the supplier’s language.'), ...failures },
    }),
    async (c) => {
      const found = await acted(c.var.supplierId, c.req.valid('param').id, supplier.order);
      return found.ok ? c.json(found.value, 200) : sendRefusal(c, found.refusal);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/orders/{id}/payments',
      request: { ...byId, ...jsonBody(paymentTold) },
      responses: {
        201: json(
          order,
          'The order with the payment, of at most what is outstanding; its settlement method unless told.',
        ),
        ...failures,
      },
    }),
    async (c) => {
      const told = c.req.valid('json');
      const paid = await acted(c.var.supplierId, c.req.valid('param').id, (by, id) => supplier.pay(by, id, told));
      return paid.ok ? c.json(paid.value, 201) : sendRefusal(c, paid.refusal);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/orders/{id}/refunds',
      request: { ...byId, ...jsonBody(refundTold) },
      responses: {
        201: json(order, 'The order with the refund, of at most what was paid and not given back.'),
        ...failures,
      },
    }),
    async (c) => {
      const told = c.req.valid('json');
      const given = await acted(c.var.supplierId, c.req.valid('param').id, (by, id) => supplier.refund(by, id, told));
      return given.ok ? c.json(given.value, 201) : sendRefusal(c, given.refusal);
    },
  );
}

/** What the path names is there: a booking that is not is a fault of the body. */
function bookingOfBody(result: Exclude<Result<OrderDocument>, { readonly ok: true }>): Result<never> {
  if (result.refusal.kind !== 'booking') return result;
  return { ok: false, refusal: { kind: 'unprocessable', message: 'bookingUuid: the order has no such booking.' } };
}
