import { type EventType, eventTypes, objectKeys } from '@carillon/contract';
import { Webhook } from 'standardwebhooks';
import { expect, it, vi } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { type Json, serverOpenings } from '../webhooks/server.ts';
import { waiting } from '../webhooks/stage.ts';
import { guest } from './stage.ts';

const hour = 3_600_000;
const wishes = (language: string) => ({
  'octo-capabilities': 'octo/content,octo/pricing',
  'accept-language': language,
});

onEachEngine('a test of a webhook', (open) => {
  const { opened: openedWith } = serverOpenings(open);

  async function opened(answer?: Parameters<typeof openedWith>[0]) {
    const stage = await openedWith(answer);
    const { call, sample } = stage.server;
    const { productId, optionId, units } = sample.products.cruise;
    const slot = { productId, optionId, availabilityId: '2026-06-10T14:00:00+02:00' };
    const reservation = { ...slot, unitItems: [{ unitId: units.ADULT }] };
    const cart = { 'octo-capabilities': 'octo/cart' };
    const reserve = () => call('POST', '/bookings', reservation, cart);
    const subscribe = (event: EventType, url = stage.receiver.url): Promise<Json> =>
      call('POST', '/webhooks', { event, url }, { 'octo-capabilities': 'octo/content,octo/pricing' });
    const deliveries = () =>
      stage.db.all(
        'select id, state, reason, step, test, event_id, is_head, lane from deliveries order by created_at, id',
      );
    return { ...stage, slot, reservation, reserve, subscribe, deliveries };
  }

  it('sends the object as it is now, with an empty diff and signed, and answers with what came of it', async () => {
    const { server, receiver, db, slot, reserve, subscribe } = await opened(() => ({ status: 202, body: 'thanks' }));
    const { call, text } = server;
    const { uuid, orderId } = await reserve();
    const contact = { ...guest, locales: ['de'] };
    await call('POST', `/bookings/${uuid}/confirm`, { contact });
    const { productId, optionId, availabilityId } = slot;
    const asked = { productId, optionId, availabilityIds: [availabilityId] };
    const subjects: Record<EventType, { body: object; language: string; get: () => Promise<string>; lane: string }> = {
      booking_update: {
        body: { uuid },
        language: 'de',
        get: () => text('GET', `/bookings/${uuid}`, undefined, wishes('de')),
        lane: `booking_update/${uuid}`,
      },
      order_update: {
        body: { orderId },
        language: 'de',
        get: () => text('GET', `/orders/${orderId}`, undefined, wishes('de')),
        lane: `order_update/${orderId}`,
      },
      product_update: {
        body: { productId },
        language: 'en',
        get: () => text('GET', `/products/${productId}`, undefined, wishes('en')),
        lane: `product_update/${productId}`,
      },
      availability_update: {
        body: asked,
        language: 'en',
        get: async () => (await text('POST', '/availability', asked, wishes('en'))).slice(1, -1),
        lane: `availability_update/${productId}/${optionId}/${availabilityId}`,
      },
    };
    for (const event of eventTypes) {
      const { id: webhookId, signingSecret } = await subscribe(event);
      const { body, language, get, lane } = subjects[event];
      const result = await call('POST', `/webhooks/${webhookId}/trigger`, body);
      expect(result).toEqual({
        id: expect.any(String),
        webhookId,
        event,
        test: true,
        state: 'delivered',
        status: 202,
        durationMs: expect.any(Number),
        response: 'thanks',
        reason: null,
        detail: null,
      });
      const [request, ...others] = receiver.received.splice(0);
      expect(others).toEqual([]);
      expect(request?.headers).toMatchObject({
        'carillon-test': 'true',
        'webhook-id': result.id,
        'content-language': language,
      });
      expect(request?.body).toContain(`"${objectKeys[event]}":${await get()},"diff":[]}`);
      vi.useFakeTimers({ toFake: ['Date'], now: server.clock.now });
      try {
        const headers = request?.headers as Record<string, string>;
        expect(new Webhook(signingSecret).verify(request?.body ?? '', headers)).toMatchObject({ event });
      } finally {
        vi.useRealTimers();
      }
      const attempts = 'select delivery_id, outcome, status, response from attempts where delivery_id = $1';
      expect(await db.all(attempts, [result.id])).toEqual([
        { delivery_id: result.id, outcome: 'accepted', status: 202, response: 'thanks' },
      ]);
      const stored = 'select state, test, event_id, lane from deliveries where id = $1';
      expect(await db.all(stored, [result.id])).toEqual([{ state: 'delivered', test: 1, event_id: null, lane }]);
    }
  });

  it('is one attempt: a failure is answered at once, never retried, and changes nothing of the webhook', async () => {
    const { server, receiver, reserve, subscribe, deliveries } = await opened(() => ({ status: 410, body: 'gone' }));
    const { uuid } = await reserve();
    const { id } = await subscribe('booking_update');
    const result = await server.call('POST', `/webhooks/${id}/trigger`, { uuid });
    const failure = { state: 'gave_up', status: 410, response: 'gone', detail: 'the receiver answered 410' };
    expect(result).toMatchObject(failure);
    server.clock.now += 200 * hour;
    await server.call('POST', `/webhooks/${id}/trigger`, { bookingUuid: uuid });
    expect(receiver.received).toHaveLength(2);
    expect(await deliveries()).toMatchObject([1, 2].map(() => ({ state: 'gave_up', step: 1, test: 1, is_head: 0 })));
    expect(await server.app.subscriptions.all(server.sample.supplierId)).toMatchObject([{ id, state: 'active' }]);
  });

  it('is on record before it is sent, as one that was cut short', async () => {
    const underWay: unknown[] = [];
    const stage = await opened(async () => {
      underWay.push(...(await stage.deliveries()));
      return 204;
    });
    const { uuid } = await stage.reserve();
    const { id } = await stage.subscribe('booking_update');
    const result = await stage.server.call('POST', `/webhooks/${id}/trigger`, { uuid });
    expect(underWay).toMatchObject([{ id: result.id, state: 'gave_up', reason: 'the test was cut short', step: 0 }]);
    expect(await stage.deliveries()).toMatchObject([{ id: result.id, state: 'delivered', reason: null, step: 1 }]);
  });

  it.each([
    ['http://127.0.0.1:9/hook', 'refused'],
    ['http://10.1.2.3/hook', 'forbidden_address'],
    ['http://169.254.169.254/latest/meta-data', 'forbidden_address'],
  ])('to %s fails, as a delivery would: %s', async (url, reason) => {
    const { server, reserve, subscribe, deliveries } = await opened();
    const { uuid } = await reserve();
    const { id } = await subscribe('booking_update', url);
    const result = await server.call('POST', `/webhooks/${id}/trigger`, { uuid });
    expect(result).toMatchObject({
      state: 'gave_up',
      status: null,
      response: null,
      reason,
      detail: expect.stringMatching(/./),
    });
    expect(await deliveries()).toMatchObject([{ state: 'gave_up', reason: result.detail }]);
  });

  it('goes past a lane that is stuck, and takes no place in it', async () => {
    const fails = { real: true };
    const { server, receiver, reserve, subscribe, deliveries } = await opened(({ headers }) =>
      fails.real && headers['carillon-test'] === undefined ? 500 : 204,
    );
    const { call, clock } = server;
    const { uuid } = await reserve();
    const { id } = await subscribe('booking_update');
    await call('POST', `/bookings/${uuid}/confirm`, { contact: guest });
    await vi.waitFor(async () => expect(await deliveries()).toMatchObject([{ state: 'pending', step: 1 }]), waiting);
    await call('POST', `/webhooks/${id}/trigger`, { uuid });
    await call('PATCH', `/bookings/${uuid}`, { notes: 'by the window' });
    await call('POST', `/webhooks/${id}/trigger`, { uuid });
    const isTest = (one: (typeof receiver.received)[number]) => one.headers['carillon-test'] === 'true';
    expect(receiver.received.map(isTest)).toEqual([false, true, true]);
    fails.real = false;
    clock.now += hour;
    await vi.waitFor(
      async () => expect((await deliveries()).map((one: Json) => one.state)).toEqual(Array(4).fill('delivered')),
      waiting,
    );
    const told = receiver.received.slice(3).map((one) => JSON.parse(one.body).diff.map(({ path }: Json) => path));
    expect(told).toEqual([expect.arrayContaining(['/status']), expect.arrayContaining(['/notes'])]);
  });

  it('is of a webhook and of objects of the same connection', async () => {
    const { server, receiver, reserve, subscribe } = await opened();
    const { call, reseller, sample } = server;
    const { uuid, orderId } = await reserve();
    const { id } = await subscribe('booking_update');
    const others = async (event: EventType) =>
      (await reseller.call('POST', '/webhooks', { event, url: receiver.url })).id;
    const { productId } = sample.products.cruise;
    await expect(reseller.call('POST', `/webhooks/${id}/trigger`, { uuid })).rejects.toThrow('INVALID_WEBHOOK_ID');
    await expect(call('POST', '/webhooks/nothing/trigger', { uuid })).rejects.toThrow('INVALID_WEBHOOK_ID');
    for (const [event, body, error] of [
      ['booking_update', { uuid }, 'INVALID_BOOKING_UUID'],
      ['booking_update', { uuid: 'nothing' }, 'INVALID_BOOKING_UUID'],
      ['order_update', { orderId }, 'INVALID_ORDER_ID'],
      ['order_update', { orderId: 'nothing' }, 'INVALID_ORDER_ID'],
      ['product_update', { productId: 'nothing' }, 'INVALID_PRODUCT_ID'],
      ['availability_update', { productId, optionId: 'nothing', availabilityId: 'x' }, 'INVALID_OPTION_ID'],
      ['booking_update', { orderId }, 'uuid is required: the webhook is told of booking_update'],
      ['order_update', {}, 'orderId is required'],
      ['product_update', {}, 'productId is required'],
      ['availability_update', { productId }, 'optionId is required'],
    ] as const) {
      const path = `/webhooks/${await others(event)}/trigger`;
      await expect(reseller.call('POST', path, body)).rejects.toThrow(error);
    }
    expect(receiver.received).toEqual([]);
  });
});
