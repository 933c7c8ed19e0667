import { type OrderDocument, opaqueId, uuid } from '@carillon/contract';
import { createRoute, z } from '@hono/zod-openapi';
import type { Changes } from '../changes/index.ts';
import type { Db } from '../platform/db/index.ts';
import type { Once, Party, Result, Supplier } from '../supplier/index.ts';
import { next, page, pageOf } from './list.ts';
import { listedOrders, orderCursor } from './list-store.ts';
import { idempotencyKey, once } from './once.ts';
import { type AdminApp, byId, json, jsonBody, notFound, refused, sendRefusal, unprocessable } from './route.ts';
import { order } from './schema.ts';
import { shownToOperator } from './shown.ts';

/** What the routes of orders need. `now` gives ms UTC. */
export interface OrderDeps {
  readonly db: Db;
  readonly changes: Pick<Changes, 'currentById'>;
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

const listing = z.strictObject({
  connectionId: z.string().max(255).optional(),
  reference: z.string().max(255).optional(),
  contact: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .openapi({ description: 'The e-mail address, the last name or the phone number of its contact, whole.' }),
  ...page,
});

/** An order as its operator sees it, to be named or told something. */
interface Named {
  readonly owner: Party;
  readonly show: (order: OrderDocument) => Wire;
}

/**
 * `/orders`: the orders of all connections of the supplier, and transactions of one told by hand; each is an `order_update`.
 */
export function orderRoutes(app: AdminApp, { supplier, now, db, changes }: OrderDeps): void {
  /** Acts in the name of the connection that the order is of; what is no UUID names none. */
  async function acted(
    supplierId: string,
    given: string,
    act: (named: Named, id: string) => Promise<Result<Wire>>,
  ): Promise<Result<Wire>> {
    const named = uuid.safeParse(given);
    if (!named.success) return { ok: false, refusal: { kind: 'order', orderId: given } };
    const owner = await supplier.ownerOfOrder(supplierId, named.data);
    if (!owner.ok) return owner;
    const { connectionId } = owner.value;
    const { language } = await supplier.profile(supplierId);
    const show = (order: OrderDocument) =>
      shownToOperator('order_update', order, { connectionId, language }, now()) as Wire;
    const result = await act({ owner: owner.value, show }, named.data);
    return result.ok ? result : bookingOfBody(result);
  }

  app.openapi(
    createRoute({
      method: 'get',
      path: '/orders',
      request: { query: listing },
      responses: {
        200: json(z.object({ orders: z.array(order), next }), 'Orders, newest first, in the supplier’s language.'),
        ...refused,
      },
    }),
    async (c) => {
      const { supplierId } = c.var;
      const { before, limit, ...filter } = c.req.valid('query');
      const after = before === undefined ? undefined : await orderCursor(db.reader, supplierId, before);
      if (before !== undefined && after === undefined)
        return c.json({ error: 'bad_request', message: 'before is not the id of an order' }, 400);
      const { language } = await supplier.profile(supplierId);
      const found = await listedOrders(db.reader, { supplierId, after, limit: limit + 1 }, filter);
      const wanted = { type: 'order_update' as const, supplierId, language, limit, now: now() };
      const { shown, next } = await pageOf(db.reader, changes, found, wanted);
      return c.json({ orders: shown as Wire[], next }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/orders/{id}',
      request: byId,
      responses: { 200: json(order, 'The order, in the supplier’s language.'), ...failures },
    }),
    async (c) => {
      const found = await acted(c.var.supplierId, c.req.valid('param').id, async ({ owner, show }, id) => {
        const result = await supplier.order(owner, id);
        return result.ok ? { ok: true, value: show(result.value) } : result;
      });
      return found.ok ? c.json(found.value, 200) : sendRefusal(c, found.refusal);
    },
  );

  /** Tells an order something once for the key of the call. */
  function telling(
    call: { readonly supplierId: string; readonly id: string; readonly key: string | undefined },
    told: readonly ['pay' | 'refund', object],
    tell: (owner: Party, id: string, only: Once<Wire>) => Promise<Result<Wire>>,
  ): Promise<Result<Wire>> {
    const { supplierId, key } = call;
    return acted(supplierId, call.id, ({ owner, show }, id) =>
      tell(owner, id, once({ supplierId, key, asked: [...told, id], now: now() }, show)),
    );
  }

  app.openapi(
    createRoute({
      method: 'post',
      path: '/orders/{id}/payments',
      request: { ...byId, headers: idempotencyKey, ...jsonBody(paymentTold) },
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
      const key = c.req.valid('header')['idempotency-key'];
      const call = { supplierId: c.var.supplierId, id: c.req.valid('param').id, key };
      const paid = await telling(call, ['pay', told], (by, id, only) => supplier.pay(by, id, told, only));
      return paid.ok ? c.json(paid.value, 201) : sendRefusal(c, paid.refusal);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/orders/{id}/refunds',
      request: { ...byId, headers: idempotencyKey, ...jsonBody(refundTold) },
      responses: {
        201: json(order, 'The order with the refund, of at most what was paid and not given back.'),
        ...failures,
      },
    }),
    async (c) => {
      const told = c.req.valid('json');
      const key = c.req.valid('header')['idempotency-key'];
      const call = { supplierId: c.var.supplierId, id: c.req.valid('param').id, key };
      const given = await telling(call, ['refund', told], (by, id, only) => supplier.refund(by, id, told, only));
      return given.ok ? c.json(given.value, 201) : sendRefusal(c, given.refusal);
    },
  );
}

/** What the path names is there: a booking that is not is a fault of the body. */
function bookingOfBody(result: Exclude<Result<Wire>, { readonly ok: true }>): Result<never> {
  if (result.refusal.kind !== 'booking') return result;
  return { ok: false, refusal: { kind: 'unprocessable', message: 'bookingUuid: the order has no such booking.' } };
}
