import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { type ApiCall, answered, openStage, type Stage } from './stage.ts';

/** What a supplier has, by the ids that its own token shows. */
interface Belongings {
  readonly supplierId: string;
  readonly connectionId: string;
  readonly productId: string;
  readonly optionId: string;
  readonly availabilityId: string;
  readonly orderId: string;
  readonly bookingUuid: string;
  readonly campaignId: string;
  readonly messageId: string;
  readonly webhookId: string;
  readonly deliveryId: string;
  readonly replayId: string;
  readonly userId: string;
  readonly tokenId: string;
  readonly emailProviderId: string;
  readonly suppressionId: string;
}

/** What somebody tries with the ids of another supplier, and the status of the answer; 404 unless told. */
interface Attempt {
  readonly path: string;
  readonly body?: unknown;
  readonly status?: number;
}

const settings = { name: 'Alpine Bells', language: 'de', languages: ['de'], timeZone: 'Europe/Vienna' };
const someone = { email: 'ada@example.com', name: 'Ada', role: 'owner' };
const onSupplier =
  (call = '', body?: object) =>
  ({ supplierId }: Belongings): Attempt => ({ path: `/suppliers/${supplierId}${call}`, body });
const onProduct =
  (body?: object, call = '') =>
  ({ productId }: Belongings): Attempt => ({ path: `/products/${productId}${call}`, body });
const onSlot =
  (body?: object) =>
  ({ productId, optionId, availabilityId }: Belongings): Attempt => ({
    path: `/products/${productId}/options/${optionId}/availability/${availabilityId}`,
    body,
  });
const onBooking =
  (call = '', body?: object) =>
  ({ bookingUuid }: Belongings): Attempt => ({ path: `/bookings/${bookingUuid}${call}`, body });
const onOrder =
  (call = '', body?: object) =>
  ({ orderId }: Belongings): Attempt => ({ path: `/orders/${orderId}${call}`, body });
const listed = (path: string) => (): Attempt => ({ path, status: 200 });

/** Every route of /api with what can be tried on it; a route that is not in it fails the test. */
const attempts: Readonly<Record<string, (theirs: Belongings, stage: Stage) => Attempt | Promise<Attempt>>> = {
  'GET /suppliers': listed('/suppliers'),
  'POST /suppliers': () => ({ path: '/suppliers', body: settings, status: 403 }),
  'GET /suppliers/{id}': onSupplier(),
  'PATCH /suppliers/{id}': onSupplier('', { name: 'Mine now' }),
  'DELETE /suppliers/{id}': onSupplier(),
  'POST /suppliers/{id}/suspend': onSupplier('/suspend'),
  'POST /suppliers/{id}/resume': onSupplier('/resume'),
  'POST /suppliers/{id}/tokens': onSupplier('/tokens', { name: 'mine', role: 'owner' }),
  'GET /users': listed('/users'),
  'POST /users': () => ({ path: '/users', body: someone, status: 201 }),
  'PATCH /users/{id}': ({ userId }) => ({ path: `/users/${userId}`, body: { role: 'viewer' } }),
  'DELETE /users/{id}': ({ userId }) => ({ path: `/users/${userId}` }),
  'GET /tokens': listed('/tokens'),
  'POST /tokens': ({ userId }) => ({ path: '/tokens', body: { name: 'mine', role: 'viewer', userId }, status: 422 }),
  'DELETE /tokens/{id}': ({ tokenId }) => ({ path: `/tokens/${tokenId}` }),
  'GET /connections': listed('/connections'),
  'POST /connections': () => ({
    path: '/connections',
    body: { name: 'Mine', kind: 'website', emails: false },
    status: 201,
  }),
  'PATCH /connections/{id}': ({ connectionId }) => ({
    path: `/connections/${connectionId}`,
    body: { name: 'Mine now' },
  }),
  'POST /connections/{id}/key/rotate': ({ connectionId }) => ({ path: `/connections/${connectionId}/key/rotate` }),
  'DELETE /connections/{id}': ({ connectionId }) => ({ path: `/connections/${connectionId}` }),
  'GET /products': listed('/products'),
  // Ids are unique within a supplier only: elsewhere the same one is free.
  'POST /products': async (_theirs, { api, sample }) => ({
    path: '/products',
    body: await answered(200, api('GET', `/products/${sample.products.rowing.productId}`)),
    status: 201,
  }),
  'GET /products/{id}': onProduct(),
  'PUT /products/{id}': async ({ productId }, { api }) => ({
    path: `/products/${productId}`,
    body: { ...(await answered(200, api('GET', `/products/${productId}`))), internalName: 'Mine now' },
    status: 200,
  }),
  'PATCH /products/{id}': onProduct({ internalName: 'Mine now' }),
  'DELETE /products/{id}': onProduct(),
  'PATCH /products/{id}/options/{optionId}': ({ productId, optionId }) => ({
    path: `/products/${productId}/options/${optionId}`,
    body: { internalName: 'Mine now' },
  }),
  'GET /slots': ({ productId, optionId }) => ({
    path: `/slots?productId=${productId}&optionId=${optionId}&from=2026-06-01&to=2026-06-30`,
  }),
  'GET /products/{id}/options/{optionId}/availability/{availabilityId}': onSlot(),
  'PATCH /products/{id}/options/{optionId}/availability/{availabilityId}': onSlot({ capacity: 0 }),
  'GET /bookings': ({ productId, connectionId }) => ({
    path: `/bookings?productId=${productId}&connectionId=${connectionId}`,
    status: 200,
  }),
  'GET /bookings/{uuid}': onBooking(),
  'POST /bookings/{uuid}/accept': onBooking('/accept'),
  'POST /bookings/{uuid}/reject': onBooking('/reject', { reason: 'Mine now' }),
  'POST /bookings/{uuid}/redeem': onBooking('/redeem'),
  'POST /bookings/{uuid}/no-show': onBooking('/no-show'),
  'GET /orders': ({ connectionId }) => ({ path: `/orders?connectionId=${connectionId}`, status: 200 }),
  'GET /orders/{id}': onOrder(),
  'POST /orders/{id}/payments': onOrder('/payments', { amount: 1 }),
  'POST /orders/{id}/refunds': onOrder('/refunds', { amount: 1 }),
  'GET /alerts': listed('/alerts'),
  'PATCH /alerts': () => ({ path: '/alerts', body: { emails: ['mine@example.com'] }, status: 200 }),
  'GET /notices': listed('/notices'),
  'GET /campaigns': listed('/campaigns'),
  'GET /erasures': listed('/erasures'),
  'POST /erasures': () => ({ path: '/erasures', body: { email: 'ada@example.com' }, status: 202 }),
  'GET /erasures/{id}': async (_theirs, { api }) => {
    const { id } = await answered(202, api('POST', '/erasures', { email: 'bob@example.com' }));
    return { path: `/erasures/${id}` };
  },
  'POST /campaigns': () => ({
    path: '/campaigns',
    body: { name: 'mine', occasions: ['paid'], template: 'confirmation' },
    status: 201,
  }),
  'DELETE /campaigns/{id}': ({ campaignId }) => ({ path: `/campaigns/${campaignId}` }),
  'GET /campaigns/{id}/recovered': ({ campaignId }) => ({ path: `/campaigns/${campaignId}/recovered` }),
  'POST /campaigns/{id}/simulate': ({ campaignId }) => ({ path: `/campaigns/${campaignId}/simulate`, body: {} }),
  'GET /orders/{id}/messages/why': onOrder('/messages/why'),
  'GET /messages/{id}': ({ messageId }) => ({ path: `/messages/${messageId}` }),
  'POST /messages/{id}/resend': ({ messageId }) => ({
    path: `/messages/${messageId}/resend`,
    body: { address: 'mine@example.com' },
  }),
  'PATCH /campaigns/{id}': ({ campaignId }) => ({ path: `/campaigns/${campaignId}`, body: { enabled: false } }),
  'GET /messages/{id}/attempts': ({ messageId }) => ({ path: `/messages/${messageId}/attempts` }),
  'GET /email-providers': listed('/email-providers'),
  'POST /email-providers': () => ({ path: '/email-providers', body: { kind: 'mailbox', name: 'Mine' }, status: 201 }),
  'PATCH /email-providers/{id}': ({ emailProviderId }) => ({
    path: `/email-providers/${emailProviderId}`,
    body: { name: 'Mine now' },
  }),
  'DELETE /email-providers/{id}': ({ emailProviderId }) => ({ path: `/email-providers/${emailProviderId}` }),
  'GET /suppressions': listed('/suppressions?address=suppressed@example.com'),
  'POST /suppressions': () => ({ path: '/suppressions', body: { address: 'mine@example.com' }, status: 201 }),
  'DELETE /suppressions/{id}': ({ suppressionId }) => ({ path: `/suppressions/${suppressionId}` }),
  'GET /webhooks': listed('/webhooks'),
  'GET /presets': listed('/presets'),
  'POST /webhooks': ({ connectionId }) => ({
    path: '/webhooks',
    body: { connectionId, event: 'booking_update', url: 'https://mine.example/' },
    status: 400,
  }),
  'GET /webhooks/{id}/settings': ({ webhookId }) => ({ path: `/webhooks/${webhookId}/settings` }),
  'PATCH /webhooks/{id}/settings': ({ webhookId }) => ({
    path: `/webhooks/${webhookId}/settings`,
    body: { payload: 'thin' },
  }),
  'POST /webhooks/{id}/transformation/preview': ({ webhookId }) => ({
    path: `/webhooks/${webhookId}/transformation/preview`,
    body: { transformation: { body: '{}' } },
  }),
  'POST /webhooks/{id}/transformation/render-again': ({ webhookId }) => ({
    path: `/webhooks/${webhookId}/transformation/render-again`,
  }),
  'PATCH /webhooks/{id}': ({ webhookId }) => ({ path: `/webhooks/${webhookId}`, body: { event: 'order_update' } }),
  'DELETE /webhooks/{id}': ({ webhookId }) => ({ path: `/webhooks/${webhookId}` }),
  'GET /webhooks/{id}/secret': ({ webhookId }) => ({ path: `/webhooks/${webhookId}/secret` }),
  'POST /webhooks/{id}/secret/rotate': ({ webhookId }) => ({ path: `/webhooks/${webhookId}/secret/rotate` }),
  'POST /webhooks/{id}/enable': ({ webhookId }) => ({ path: `/webhooks/${webhookId}/enable` }),
  'POST /webhooks/{id}/pause': ({ webhookId }) => ({ path: `/webhooks/${webhookId}/pause` }),
  'PATCH /webhooks/{id}/sending': ({ webhookId }) => ({
    path: `/webhooks/${webhookId}/sending`,
    body: { ordering: 'none' },
  }),
  'POST /webhooks/{id}/replays': ({ webhookId }) => ({
    path: `/webhooks/${webhookId}/replays`,
    body: { dryRun: true },
  }),
  'GET /replays': ({ webhookId }) => ({ path: `/replays?webhook=${webhookId}`, status: 200 }),
  'GET /replays/{id}': ({ replayId }) => ({ path: `/replays/${replayId}` }),
  'POST /replays/{id}/cancel': ({ replayId }) => ({ path: `/replays/${replayId}/cancel` }),
  'POST /deliveries/{id}/retry': ({ deliveryId }) => ({ path: `/deliveries/${deliveryId}/retry` }),
  'POST /deliveries/{id}/cancel': ({ deliveryId }) => ({ path: `/deliveries/${deliveryId}/cancel`, body: {} }),
  'GET /reconciliation': listed('/reconciliation?from=0'),
  'GET /reconciliation/undelivered': listed('/reconciliation/undelivered?from=0'),
  'GET /deliveries': ({ webhookId }) => ({ path: `/deliveries?webhook=${webhookId}`, status: 200 }),
  'GET /deliveries/{id}/attempts': ({ deliveryId }) => ({ path: `/deliveries/${deliveryId}/attempts` }),
  'GET /messages': ({ orderId }) => ({ path: `/messages?order=${orderId}`, status: 200 }),
};

/** The routes that the OpenAPI document names, such as `GET /suppliers/{id}`. */
async function routesOf({ api }: Stage): Promise<string[]> {
  const { paths } = await answered(200, api('GET', '/openapi.json'));
  return Object.entries<object>(paths).flatMap(([path, calls]) =>
    Object.keys(calls).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

/** Gives the sample's supplier a booking, a webhook, a delivery and a message. */
async function settleIn({ api, db, octo, sample, website, cruise }: Stage): Promise<Belongings> {
  const post = async (path: string, body: object) => (await octo.website('POST', path, body, cart)).body;
  const cart = { 'octo-capabilities': 'octo/cart' };
  const booking = await post('/bookings', cruise());
  const webhook = await post('/webhooks', { event: 'booking_update', url: 'https://crm.example/' });
  const delivery = await post(`/webhooks/${webhook.id}/trigger`, { uuid: booking.uuid });
  const replay = await answered(201, api('POST', `/webhooks/${webhook.id}/replays`, {}));
  const { productId, optionId } = sample.products.cruise;
  const { availabilityId, orderId } = booking;
  const { supplierId } = sample;
  const { connectionId } = website;
  const [{ id: campaignId }] = (await answered(200, api('GET', '/campaigns'))).campaigns;
  const messageId = randomUUID();
  await db.run(
    `insert into messages
       (id, supplier_id, campaign_id, order_id, recipient, state, due_at, attempts, lease_until, created_at)
     values ($1, $2, $3, $4, 'guest', 'settling', 0, 0, 0, 0)`,
    [messageId, supplierId, campaignId, orderId],
  );
  await answered(200, api('PATCH', '/alerts', { emails: ['theirs@example.com'], url: 'https://alerts.example/' }));
  const { id: userId } = await answered(201, api('POST', '/users', someone));
  const { id: tokenId } = await answered(201, api('POST', '/tokens', { name: 'CRM', role: 'viewer', userId }));
  const mailbox = { kind: 'mailbox', name: 'theirs@example.com' };
  const { id: emailProviderId } = await answered(201, api('POST', '/email-providers', mailbox));
  const address = 'suppressed@example.com';
  const { id: suppressionId } = await answered(201, api('POST', '/suppressions', { address }));
  return {
    ...{
      emailProviderId,
      suppressionId,
      supplierId,
      connectionId,
      userId,
      tokenId,
      productId,
      optionId,
      availabilityId,
      orderId,
      campaignId,
      messageId,
    },
    bookingUuid: booking.uuid,
    webhookId: webhook.id,
    deliveryId: delivery.id,
    replayId: replay.id,
  };
}

/** Everything of a supplier that its own token shows. */
function seenByOwner(call: ApiCall, own: Belongings): Promise<unknown[]> {
  const { productId, optionId, availabilityId } = own;
  const paths = [
    `/suppliers/${own.supplierId}`,
    '/users',
    '/tokens',
    '/connections',
    '/products',
    `/products/${productId}`,
    `/products/${productId}/options/${optionId}/availability/${availabilityId}`,
    `/slots?productId=${productId}&optionId=${optionId}&from=2026-06-01&to=2026-06-30`,
    '/bookings',
    `/bookings/${own.bookingUuid}`,
    '/orders',
    `/orders/${own.orderId}`,
    '/campaigns',
    `/messages/${own.messageId}/attempts`,
    '/email-providers',
    '/suppressions',
    '/webhooks',
    `/webhooks/${own.webhookId}/secret`,
    `/webhooks/${own.webhookId}/settings`,
    '/alerts',
    '/notices',
    '/deliveries',
    '/replays',
    `/replays/${own.replayId}`,
    '/reconciliation?from=0&to=1',
    `/deliveries/${own.deliveryId}/attempts`,
    '/messages',
  ];
  return Promise.all(paths.map((path) => answered(200, call('GET', path))));
}

onEachEngine('what is another supplier’s, over /api', (open) => {
  test('has a case for every route', async () => {
    expect(Object.keys(attempts).toSorted()).toEqual((await routesOf(await openStage(await open()))).toSorted());
  });

  test('can neither be seen nor changed with a token of one’s own', async () => {
    const stage = await openStage(await open());
    const theirs = await settleIn(stage);
    const { token } = await answered(201, stage.instance('POST', '/suppliers', settings));
    const before = await seenByOwner(stage.api, theirs);
    const { connectionId, orderId, bookingUuid, campaignId, messageId, webhookId, deliveryId, replayId, supplierId } =
      theirs;
    const { userId, tokenId, emailProviderId, suppressionId } = theirs;
    const ids = [
      connectionId,
      orderId,
      bookingUuid,
      campaignId,
      messageId,
      webhookId,
      deliveryId,
      replayId,
      supplierId,
      userId,
      tokenId,
      emailProviderId,
      suppressionId,
    ];
    const marks = [...ids, 'theirs@example.com', 'Elbe & Lantern', 'Own website'];
    // Last of all the call that makes a product with the id of theirs: after it the id names one's own.
    const routes = (await routesOf(stage)).toSorted(
      (a, b) => Number(a.startsWith('PUT ')) - Number(b.startsWith('PUT ')),
    );
    for (const route of routes) {
      const { path, body, status = 404 } = await attempts[route]!(theirs, stage);
      const answer = await stage.apiAs(token)(route.split(' ')[0]!, path, body);
      const shown = JSON.stringify(answer.body);
      expect(answer.status, `${route}: ${shown.slice(0, 200)}`).toBe(status);
      expect(
        marks.filter((mark) => shown.includes(mark) && !path.includes(mark)),
        route,
      ).toEqual([]);
      expect(await seenByOwner(stage.api, theirs), route).toEqual(before);
    }
  });

  test('is all there is for the token of the instance, which opens no supplier’s data itself', async () => {
    const stage = await openStage(await open());
    const theirs = await settleIn(stage);
    for (const route of await routesOf(stage)) {
      if (route.includes(' /suppliers')) continue;
      const { path, body } = await attempts[route]!(theirs, stage);
      expect([route, (await stage.instance(route.split(' ')[0]!, path, body)).status]).toEqual([route, 403]);
    }
  });
});
