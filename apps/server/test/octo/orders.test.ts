import { randomUUID } from 'node:crypto';
import { type OrderDocument, view } from '@carillon/contract';
import { expect, test } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { guest, minuteMs, ok, openStage, refused, type Stage } from './stage.ts';

const cart = { 'octo-capabilities': 'cart' };

/** An order of two holds. */
async function order(stage: Stage): Promise<{ orderId: string; uuids: string[] }> {
  const first = await ok(stage.octo.website('POST', '/bookings', stage.cruise(), cart));
  const second = { ...stage.rowing(), orderId: first.orderId };
  const { uuid } = await ok(stage.octo.website('POST', '/bookings', second, cart));
  return { orderId: first.orderId, uuids: [first.uuid, uuid] };
}

onEachEngine('orders over OCTO', (open) => {
  test('a booking joins the order that it names, and only the first is primary', async () => {
    const stage = await openStage(await open());
    const { orderId, uuids } = await order(stage);
    const shown = await ok(stage.octo.website('GET', `/orders/${orderId}`));
    expect(shown).toMatchObject({ id: orderId, status: 'ON_HOLD', confirmable: true });
    expect(shown.bookings.map((booking: { uuid: string }) => booking.uuid)).toEqual(uuids);
    expect(shown.bookings.map((booking: { primary: boolean }) => booking.primary)).toEqual([true, false]);
  });

  test('an order has octo/cart without asking, under /orders and /order, with or without a slash at the end', async () => {
    const stage = await openStage(await open());
    const { orderId } = await order(stage);
    const answer = await stage.octo.website('GET', `/orders/${orderId}`, undefined, { 'octo-capabilities': 'pricing' });
    expect(answer.headers.get('octo-capabilities')).toBe('pricing, octo/cart');
    expect(answer.body.bookings[0]).toMatchObject({ orderId });
    for (const path of [`/order/${orderId}`, `/orders/${orderId.toUpperCase()}`, `/orders/${orderId}/`]) {
      const same = await ok(stage.octo.website('GET', path, undefined, { 'octo-capabilities': 'pricing' }));
      expect(same).toEqual(answer.body);
    }
  });

  test('what GET shows is byte for byte what an event shows to a webhook with the same capabilities and language', async () => {
    const stage = await openStage(await open());
    const { orderId } = await order(stage);
    const [event] = (await stage.events()).filter(({ type }) => type === 'order_update').slice(-1);
    const headers = { authorization: 'Bearer key-of-the-website', 'accept-language': 'es' };
    const response = await stage.request(`/octo/orders/${orderId}`, { headers });
    const audience = { capabilities: new Set(['octo/cart'] as const), language: 'es', fallback: 'en' };
    const shown = view('order_update', event!.after as OrderDocument, audience, stage.clock.now);
    expect(await response.text()).toBe(JSON.stringify(shown));
  });

  test('an order is extended, confirmed and cancelled with every booking in it', async () => {
    const stage = await openStage(await open());
    const { orderId, uuids } = await order(stage);
    const statuses = async () => {
      const bookings = uuids.map((uuid) => ok(stage.octo.website('GET', `/bookings/${uuid}`)));
      return (await Promise.all(bookings)).map((booking) => booking.status);
    };
    const post = (call: string, body: object) => ok(stage.octo.website('POST', `/orders/${orderId}/${call}`, body));
    const extended = await post('extend', { expirationMinutes: 90 });
    expect(Date.parse(extended.utcExpiresAt)).toBe(stage.clock.now + 90 * minuteMs);
    expect(await post('confirm', { contact: guest })).toMatchObject({ status: 'CONFIRMED', utcExpiresAt: null });
    expect(await statuses()).toEqual(['CONFIRMED', 'CONFIRMED']);
    expect(await post('cancel', { reason: 'rain' })).toMatchObject({ status: 'CANCELLED' });
    expect(await statuses()).toEqual(['CANCELLED', 'CANCELLED']);
    await refused(stage.octo.website('POST', `/orders/${orderId}/extend`), 'UNPROCESSABLE_ENTITY');
  });

  test('DELETE cancels an order', async () => {
    const stage = await openStage(await open());
    const { orderId } = await order(stage);
    expect(await ok(stage.octo.website('DELETE', `/order/${orderId}`))).toMatchObject({ status: 'CANCELLED' });
  });

  test('an order whose holds are past their time is not confirmed, not even in part', async () => {
    const stage = await openStage(await open());
    const { orderId, uuids } = await order(stage);
    await ok(stage.octo.website('POST', `/bookings/${uuids[0]}/extend`, { expirationMinutes: 600 }));
    stage.clock.now += 31 * minuteMs;
    const confirm = stage.octo.website('POST', `/orders/${orderId}/confirm`, { contact: guest });
    expect(await refused(confirm, 'INVALID_ORDER_ID')).toMatchObject({ orderId });
    expect(await ok(stage.octo.website('GET', `/bookings/${uuids[0]}`))).toMatchObject({ status: 'ON_HOLD' });
  });

  test.each(['nothing', '%00', randomUUID()])('the id %s is nobody’s: INVALID_ORDER_ID', async (id) => {
    const { octo } = await openStage(await open());
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/confirm'],
      ['POST', '/extend'],
      ['POST', '/cancel'],
    ] as const) {
      await refused(octo.website(method, `/orders/${id}${path}`), 'INVALID_ORDER_ID');
    }
  });
});
