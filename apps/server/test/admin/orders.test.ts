import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { booked, recordingFrom } from './booked.ts';
import { answered, openStage } from './stage.ts';

const everything = { 'octo-capabilities': 'octo/pricing, octo/content, octo/cart' };

onEachEngine('orders over /api', (open) => {
  it('are shown whichever connection they are of, as OCTO shows them with every capability', async () => {
    const stage = await openStage(await open());
    for (const [call, party] of [
      [stage.octo.website, stage.website],
      [stage.octo.reseller, stage.reseller],
    ] as const) {
      const { orderId } = await booked(stage, party);
      const shown = (await call('GET', `/orders/${orderId}`, undefined, everything)).body;
      const { connectionId } = party;
      expect(await answered(200, stage.api('GET', `/orders/${orderId}`))).toEqual({ connectionId, ...shown });
    }
  });

  it('take payments and refunds told by hand, each an event of the order alone', async () => {
    const stage = await openStage(await open());
    const booking = await booked(stage);
    const path = `/orders/${booking.orderId}`;
    const { retail } = booking.pricing;
    const recorded = await recordingFrom(stage);
    const told = { amount: 1_000, method: 'CASH', reference: 'R-7', bookingUuid: booking.uuid.toUpperCase() };
    const paid = await answered(201, stage.api('POST', `${path}/payments`, told));
    expect(paid.transactions).toMatchObject([
      { type: 'PAYMENT', amount: 1_000, method: 'CASH', reference: 'R-7', bookingId: booking.id },
    ]);
    expect(paid).toMatchObject({
      connectionId: stage.reseller.connectionId,
      balance: { paid: 1_000, refunded: 0, outstanding: retail - 1_000 },
    });
    expect(await answered(200, stage.api('GET', path))).toEqual(paid);
    const refunded = await answered(201, stage.api('POST', `${path}/refunds`, { amount: 400, reference: null }));
    expect(refunded.transactions[1]).toMatchObject({ type: 'REFUND', amount: 400, reference: null, bookingId: null });
    expect(refunded.balance).toMatchObject({ paid: 1_000, refunded: 400, outstanding: retail - 600 });
    const change = ['order_update', booking.orderId, 'CONFIRMED'];
    expect(await recorded()).toEqual([change, change]);
    const shown = await stage.octo.reseller('GET', path, undefined, everything);
    expect(shown.body.transactions).toEqual(refunded.transactions);
  });

  it('take no more than is outstanding, give back no more than was paid, and know their bookings', async () => {
    const stage = await openStage(await open());
    const booking = await booked(stage);
    const other = await booked(stage);
    const path = `/orders/${booking.orderId}`;
    const recorded = await recordingFrom(stage);
    const refusal = async (call: string, body: object) =>
      (await answered(422, stage.api('POST', `${path}/${call}`, body))).message;
    const { retail } = booking.pricing;
    expect(await refusal('payments', { amount: retail + 1 })).toContain(`amount: at most ${retail}`);
    expect(await refusal('refunds', { amount: 1 })).toContain('amount: at most 0');
    for (const bookingUuid of [other.uuid, randomUUID()]) {
      expect(await refusal('payments', { amount: 1, bookingUuid })).toContain('bookingUuid');
    }
    expect(await recorded()).toEqual([]);
    expect(await answered(200, stage.api('GET', path))).toMatchObject({ transactions: [] });
  });

  it('are not there when they are nobody’s, or their id is none', async () => {
    const stage = await openStage(await open());
    for (const id of [randomUUID(), 'none', '%00']) {
      expect((await answered(404, stage.api('GET', `/orders/${id}`))).message).toContain('order');
      await answered(404, stage.api('POST', `/orders/${id}/payments`, { amount: 1 }));
      await answered(404, stage.api('POST', `/orders/${id}/refunds`, { amount: 1 }));
    }
  });

  it.each([
    [{}, 'amount'],
    [{ amount: 0 }, 'amount'],
    [{ amount: -5 }, 'amount'],
    [{ amount: 1.5 }, 'amount'],
    [{ amount: 1e20 }, 'amount'],
    [{ amount: '10' }, 'amount'],
    [{ amount: 1, reference: 7 }, 'reference'],
    [{ amount: 1, reference: 'a\0b' }, 'reference'],
    [{ amount: 1, reference: '' }, 'reference'],
    [{ amount: 1, bookingUuid: 'first' }, 'bookingUuid'],
    [{ amount: 1, currency: 'EUR' }, 'currency'],
  ])('take no payment and no refund of %j, which is told by its field', async (body, field) => {
    const stage = await openStage(await open());
    const { orderId } = await booked(stage);
    const recorded = await recordingFrom(stage);
    for (const call of ['payments', 'refunds']) {
      const { error, message } = await answered(400, stage.api('POST', `/orders/${orderId}/${call}`, body));
      expect([error, message]).toEqual(['bad_request', expect.stringContaining(field)]);
    }
    expect(await recorded()).toEqual([]);
  });

  it.each([
    ['payments', { amount: 1, method: '' }],
    ['payments', { amount: 1, method: 'A\nB' }],
    ['refunds', { amount: 1, method: 'CASH' }],
  ])('take no %s with %j: the method is that of a payment, in one line', async (call, body) => {
    const stage = await openStage(await open());
    const { orderId } = await booked(stage);
    expect((await answered(400, stage.api('POST', `/orders/${orderId}/${call}`, body))).message).toContain('method');
  });

  it('are described in OpenAPI by the schemas that check what is told of them', async () => {
    const stage = await openStage(await open());
    const { paths, components } = await answered(200, stage.api('GET', '/openapi.json'));
    const bodyOf = (path: string) => paths[path].post.requestBody;
    const schemaOf = (path: string) => bodyOf(path).content['application/json'].schema;
    const payment = schemaOf('/orders/{id}/payments');
    expect(payment).toMatchObject({ required: ['amount'], additionalProperties: false });
    expect(payment.properties.amount).toMatchObject({ type: 'integer', minimum: 1 });
    expect(Object.keys(payment.properties).sort()).toEqual(['amount', 'bookingUuid', 'method', 'reference']);
    expect(schemaOf('/orders/{id}/refunds').properties).not.toHaveProperty('method');
    expect(bodyOf('/bookings/{uuid}/reject').required).toBe(false);
    expect(components.schemas.Order.properties.transactions.items).toEqual({
      $ref: '#/components/schemas/Transaction',
    });
    expect(components.schemas.Booking.required).toContain('connectionId');
  });
});
