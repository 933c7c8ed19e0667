import { createHash, randomUUID } from 'node:crypto';
import type { Call, Stage } from './stage.ts';
import { guest, ok } from './stage.ts';

/** What a connection has, by what its owner knows it by. */
export interface Belongings {
  /** Stands in every text that the owner could choose. */
  readonly secret: string;
  readonly uuid: string;
  readonly itemUuid: string;
  readonly orderId: string;
  readonly supplierReference: string;
  /** Of a webhook that is told of bookings, and of one that is told of orders. */
  readonly webhookId: string;
  readonly orderWebhookId: string;
  readonly webhookUrl: string;
  readonly subscriptionId: string;
  /** Of a test of its webhook. */
  readonly deliveryId: string;
}

/**
 * Makes `stage.octo.stranger`, whose key is nobody's until then, a connection of another supplier. It sells the cruise and the
 * rowing boat under the very ids that the first supplier has, and no museum.
 */
export async function foundOtherSupplier({ db, supplier, sample, definition }: Stage): Promise<string> {
  const [row] = await db.all<{ document: string }>('select document from suppliers where id = $1', [sample.supplierId]);
  const supplierId = randomUUID();
  const document = { ...JSON.parse(row!.document), id: supplierId, name: 'Another supplier' };
  await db.run(
    `insert into suppliers
       (id, document, language, languages, time_zone, hold_seconds, settling_ms, checkout_url, created_at)
     values ($1, $2, 'en', '["en"]', 'Europe/Berlin', 1800, 5000, null, 0)`,
    [supplierId, JSON.stringify(document)],
  );
  await db.run(
    `insert into connections (id, supplier_id, name, kind, emails, key_hash, created_at)
     values ($1, $2, 'Another website', 'website', 1, $3, 0)`,
    [randomUUID(), supplierId, createHash('sha256').update('key-of-nobody').digest('hex')],
  );
  for (const product of ['cruise', 'rowing'] as const) {
    const saved = await supplier.saveProduct(supplierId, {
      ...(await definition(product)),
      internalName: 'Another tour',
    });
    if (!saved.ok) throw new Error(`The other supplier's ${product} is refused: ${JSON.stringify(saved.refusal)}`);
  }
  return supplierId;
}

/** Gives a connection a hold in an order, webhooks and a subscription to notifications, with its secret in every text. */
export async function settleIn(stage: Stage, call: Call, secret: string): Promise<Belongings> {
  const contact = { ...guest, lastName: secret, emailAddress: `${secret}@example.com` };
  const request = { ...stage.cruise(), resellerReference: secret, notes: secret, contact };
  const booking = await ok(call('POST', '/bookings', request, { 'octo-capabilities': 'cart' }));
  const webhookUrl = `https://crm.example/${secret}`;
  const [webhook, orderWebhook, subscription] = [
    await ok(call('POST', '/webhooks', { event: 'booking_update', url: webhookUrl })),
    await ok(call('POST', '/webhooks', { event: 'order_update', url: webhookUrl })),
    await ok(call('POST', '/notifications/subscriptions', { notificationTypes: ['BOOKING_UPDATE'], url: webhookUrl })),
  ];
  const test = await ok(call('POST', `/webhooks/${webhook.id}/trigger`, { uuid: booking.uuid }));
  return {
    secret,
    uuid: booking.uuid,
    itemUuid: booking.unitItems[0].uuid,
    orderId: booking.orderId,
    supplierReference: booking.supplierReference,
    webhookId: webhook.id,
    orderWebhookId: orderWebhook.id,
    webhookUrl,
    subscriptionId: subscription.id,
    deliveryId: test.id,
  };
}

/** Everything of its belongings that a connection can see. */
export async function seenByOwner(call: Call, own: Belongings): Promise<unknown[]> {
  const paths = [
    `/bookings/${own.uuid}`,
    `/bookings?supplierReference=${own.supplierReference}`,
    `/orders/${own.orderId}`,
    `/orders?contactLastName=${own.secret}`,
    '/webhooks',
    `/webhooks/${own.webhookId}/deliveries`,
    '/notifications/subscriptions',
    '/products',
  ];
  return Promise.all(paths.map((path) => ok(call('GET', path))));
}
