import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { guest, minuteMs, ok, openStage, refused, type Stage } from './stage.ts';

/** A booking of a request body. */
function wanted(stage: Stage, product: 'cruise' | 'rowing', request: object = {}): object {
  const { testMode: _, ...booking } = stage[product](request);
  return booking;
}

onEachEngine('orders over OCTO, made as such', (open) => {
  test.each(['/orders', '/order', '/orders/'])('POST %s makes an order with all of its bookings', async (path) => {
    const stage = await openStage(await open());
    const bookings = [wanted(stage, 'cruise'), wanted(stage, 'rowing')];
    const body = { bookings, contact: guest, expirationMinutes: 15, emailReceipt: true };
    const answer = await stage.octo.website('POST', path, body, { 'octo-capabilities': 'pricing' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('octo-capabilities')).toBe('pricing, octo/cart');
    expect(answer.body).toMatchObject({
      status: 'ON_HOLD',
      testMode: false,
      settlementMethod: 'DIRECT',
      settlementMethods: ['DIRECT'],
      contact: { fullName: 'Ada Byron' },
      transactions: [],
      voucher: { deliveryOptions: [] },
      utcExpiresAt: new Date(stage.clock.now + 15 * minuteMs).toISOString(),
    });
    expect(answer.body.balance).toMatchObject({ outstanding: answer.body.pricing.retail });
    expect(await ok(stage.octo.website('GET', `/orders/${answer.body.id}`))).toMatchObject({ id: answer.body.id });
  });

  test('an empty body makes an empty order, which bookings join', async () => {
    const stage = await openStage(await open());
    const { id } = await ok(stage.octo.website('POST', '/orders', {}));
    expect(await ok(stage.octo.website('GET', `/orders/${id}`))).toMatchObject({ bookings: [], voucher: null });
    const joined = await ok(stage.octo.website('POST', '/bookings', { ...wanted(stage, 'cruise'), orderId: id }));
    expect(await ok(stage.octo.website('GET', `/order/${id}`))).toMatchObject({ bookings: [{ uuid: joined.uuid }] });
    await refused(stage.octo.reseller('GET', `/orders/${id}`), 'INVALID_ORDER_ID');
  });

  test('what is wrong with one booking is said as for a booking by itself, and nothing is made', async () => {
    const stage = await openStage(await open());
    const post = (...bookings: object[]) => stage.octo.website('POST', '/orders', { bookings });
    const good = wanted(stage, 'cruise');
    const nothing = randomUUID();
    const unknown = { ...good, productId: nothing };
    expect(await refused(post(good, unknown), 'INVALID_PRODUCT_ID')).toMatchObject({ productId: nothing });
    const { productId: _, ...without } = wanted(stage, 'cruise') as { productId?: string };
    expect(await refused(post(good, without), 'INVALID_PRODUCT_ID')).toMatchObject({ productId: '' });
    await refused(post({ ...good, unitItems: [] }), 'UNPROCESSABLE_ENTITY');
    await refused(post({ ...good, unitItems: [{}] }), 'INVALID_UNIT_ID');
    await refused(post(good, wanted(stage, 'rowing', { adults: 11 })), 'UNPROCESSABLE_ENTITY');
    await refused(stage.octo.website('POST', '/orders', { bookings: 'all' }), 'BAD_REQUEST');
    await refused(stage.octo.website('POST', '/orders', { bookings: Array(101).fill(good) }), 'BAD_REQUEST');
    expect(await stage.db.all('select id from orders')).toEqual([]);
    expect(stage.faults).toEqual([]);
  });

  test('Octo-Env: test makes an order whose codes are marked as not valid, and which takes no place', async () => {
    const stage = await openStage(await open());
    const env = { 'octo-env': 'test' };
    const bookings = [wanted(stage, 'rowing', { contact: guest })];
    const { id } = await ok(stage.octo.website('POST', '/orders', { bookings }, env));
    const order = await ok(stage.octo.website('POST', `/orders/${id}/confirm`, {}, env));
    expect(order.testMode).toBe(true);
    expect(order.voucher.deliveryOptions[0].deliveryValue).toMatch(/^TEST-NOT-VALID-/);
    expect((await stage.slot(stage.rowing())).vacancies).toBe(10);
  });

  test.each([
    ['PATCH /orders/{id}', (id: string) => `/orders/${id}`],
    ['PATCH /order/{id}/update', (id: string) => `/order/${id}/update`],
  ])('%s changes contact, receipt and expiry', async (_, path) => {
    const stage = await openStage(await open());
    const { id } = await ok(stage.octo.website('POST', '/orders', { bookings: [wanted(stage, 'cruise')] }));
    const contact = { firstName: 'Ada', lastName: 'Byron', emailAddress: 'ada@example.com' };
    const body = { contact, emailReceipt: true, expirationMinutes: 120 };
    const order = await ok(stage.octo.website('PATCH', path(id), body));
    expect(order).toMatchObject({ contact, emailReceipt: true, bookings: [{ emailReceipt: true }] });
    expect(Date.parse(order.utcExpiresAt)).toBe(stage.clock.now + 120 * minuteMs);
    expect(order.bookings[0].contact.emailAddress).toBeNull();
    await refused(stage.octo.website('PATCH', path(randomUUID()), {}), 'INVALID_ORDER_ID');
    await refused(stage.octo.reseller('PATCH', path(id), body), 'INVALID_ORDER_ID');
    await refused(stage.octo.website('PATCH', path(id), { expirationMinutes: 'long' }), 'BAD_REQUEST');
    const wrong = { contact: { emailAddress: 'nobody' } };
    await refused(stage.octo.website('PATCH', path(id), wrong), 'BAD_REQUEST');
  });

  test('transactions are shown without octo/pricing, the balance and prices with it', async () => {
    const stage = await openStage(await open());
    const bookings = [wanted(stage, 'cruise', { contact: guest })];
    const { id } = await ok(stage.octo.website('POST', '/orders', { bookings }));
    const confirmed = await ok(stage.octo.website('POST', `/orders/${id}/confirm`, {}));
    expect(confirmed.transactions).toMatchObject([{ type: 'PAYMENT', bookingId: confirmed.bookings[0].id }]);
    expect(confirmed).not.toHaveProperty('balance');
    expect(confirmed).not.toHaveProperty('pricing');
    const cancelled = await ok(
      stage.octo.website('DELETE', `/orders/${id}`, {}, { 'octo-capabilities': 'octo/pricing' }),
    );
    expect(cancelled.transactions.map(({ type }: { type: string }) => type)).toEqual(['PAYMENT', 'REFUND']);
    expect(cancelled.balance).toMatchObject({ outstanding: 0, retained: 0 });
  });
});

onEachEngine('a list of orders over OCTO', (open) => {
  test('has filters, of which one is needed', async () => {
    const stage = await openStage(await open());
    const make = (contact: object) => ok(stage.octo.website('POST', '/orders', { contact }));
    const [ada, mary] = [await make(guest), await make({ lastName: 'Somerville', phoneNumber: '+49 40 1' })];
    const list = async (query: string) =>
      (await ok(stage.octo.website('GET', `/orders?${query}`))).map(({ id }: { id: string }) => id);
    expect(await list('contactEmailAddress=ADA%40example.com')).toEqual([ada.id]);
    expect(await list('contactLastName=Somerville')).toEqual([mary.id]);
    expect(await list('contactPhoneNumber=%2B49401')).toEqual([mary.id]);
    expect(await list(`supplierReference=${ada.supplierReference}`)).toEqual([ada.id]);
    const now = new Date(stage.clock.now).toISOString();
    expect((await list(`utcCreatedAtStart=${now}&utcCreatedAtEnd=${now}`)).sort()).toEqual([ada.id, mary.id].sort());
    expect(await list('utcUpdatedAtEnd=2020-01-01T00:00:00%2B02:00')).toEqual([]);
    expect(await ok(stage.octo.reseller('GET', '/order?contactLastName=Byron'))).toEqual([]);
    const [listed] = await ok(stage.octo.website('GET', '/orders/?contactLastName=Byron'));
    expect(listed).toEqual(await ok(stage.octo.website('GET', `/orders/${ada.id}`)));
    for (const query of ['', 'contactLastName=', 'other=1', 'utcCreatedAtStart=today', 'utcUpdatedAtEnd=2026-06-01']) {
      await refused(stage.octo.website('GET', `/orders?${query}`), 'BAD_REQUEST');
    }
  });
});

onEachEngine('ticket changes over OCTO', (open) => {
  test('a cancelled booking leaves its order, and is still found by itself', async () => {
    const stage = await openStage(await open());
    const bookings = [wanted(stage, 'cruise', { contact: guest }), wanted(stage, 'rowing', { contact: guest })];
    const made = await ok(stage.octo.website('POST', '/orders', { bookings }));
    const { id } = made;
    await ok(stage.octo.website('POST', `/orders/${id}/confirm`, {}));
    const [{ uuid }, last] = made.bookings;
    await ok(stage.octo.website('POST', `/bookings/${uuid}/cancel`, { reason: 'Ill' }));
    const order = await ok(stage.octo.website('GET', `/orders/${id}`));
    expect(order).toMatchObject({ status: 'CONFIRMED', bookings: [{ uuid: last.uuid, primary: true }] });
    expect(order.voucher.deliveryOptions).toHaveLength(1);
    const cart = { 'octo-capabilities': 'octo/cart' };
    const found = await ok(stage.octo.website('GET', `/bookings/${uuid}`, undefined, cart));
    expect(found).toMatchObject({ status: 'CANCELLED', orderId: id, cancellation: { reason: 'Ill' } });
  });
});
