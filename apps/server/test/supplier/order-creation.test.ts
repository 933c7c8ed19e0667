import { randomUUID } from 'node:crypto';
import { orderClock } from '@carillon/contract';
import { expect, it } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { accepted, guest, minuteMs, monday, openStage, refusalOf, type Stage } from './stage.ts';

const read = async (stage: Stage, id: string) => accepted(await stage.supplier.order(stage.website, id));

onEachEngine('an order that is made with bookings', (open) => {
  it('holds all of them, as one change', async () => {
    const stage = await openStage(await open());
    const bookings = [stage.cruise(), stage.rowing(), stage.cruise({ date: '2026-06-11' })];
    const request = { bookings, testMode: false, expirationMinutes: 10, emailReceipt: true, contact: guest };
    const order = accepted(await stage.supplier.createOrder(stage.website, request));
    expect(order).toMatchObject({
      status: 'ON_HOLD',
      emailReceipt: true,
      contact: { lastName: 'Byron' },
      requiredContactFields: ['firstName', 'lastName', 'emailAddress'],
      utcExpiresAt: new Date(monday + 10 * minuteMs).toISOString(),
    });
    expect(order.visibleContactFields).toEqual(order.requiredContactFields);
    expect(order.bookings.map(({ primary, emailReceipt }) => [primary, emailReceipt])).toEqual([
      [true, true],
      [false, true],
      [false, true],
    ]);
    const numbers = order.bookings.map(({ supplierReference }) => supplierReference);
    expect(numbers).toEqual([1, 2, 3].map((number) => `${order.supplierReference}-${number}`));
    expect(order).toEqual(await read(stage, order.id));
    const events = (await stage.events()).filter(({ type }) => type === 'order_update');
    expect(events).toMatchObject([{ before: null, after: { id: order.id } }]);
    expect((await stage.slot(stage.rowing())).vacancies).toBe(8);
  });

  it('is not made when one of them cannot be', async () => {
    const stage = await openStage(await open());
    const recorded = (await stage.events()).length;
    for (const wrong of [
      stage.rowing({ adults: 11 }),
      { ...stage.rowing(), productId: 'nothing' },
      { ...stage.rowing(), unitItems: [{ unitId: 'nothing' }] },
      stage.rowing({ currency: 'XXX' }),
    ]) {
      const made = await stage.supplier.createOrder(stage.website, {
        bookings: [stage.cruise(), wrong],
        testMode: false,
      });
      expect(made.ok).toBe(false);
    }
    expect(await stage.events()).toHaveLength(recorded);
    expect(await stage.db.all('select id from orders')).toEqual([]);
    expect(accepted(await stage.supplier.bookings(stage.website, {}))).toEqual([]);
  });

  it('is not made when together they are more than a slot has room for', async () => {
    const stage = await openStage(await open());
    const bookings = [stage.rowing({ adults: 6 }), stage.rowing({ adults: 5 })];
    const made = await stage.supplier.createOrder(stage.website, { bookings, testMode: false });
    expect(refusalOf(made).kind).toBe('unprocessable');
    expect((await stage.slot(stage.rowing())).vacancies).toBe(10);
    const fits = { bookings: [stage.rowing({ adults: 6 }), stage.rowing({ adults: 4 })], testMode: false };
    expect(accepted(await stage.supplier.createOrder(stage.website, fits)).bookings).toHaveLength(2);
    expect((await stage.slot(stage.rowing())).vacancies).toBe(0);
  });

  it('is made once, however often it is sent with the same uuids, also at once', async () => {
    const stage = await openStage(await open());
    const bookings = [stage.cruise({ uuid: randomUUID() }), stage.rowing({ adults: 6, uuid: randomUUID() })];
    const send = (request = {}) => stage.supplier.createOrder(stage.website, { bookings, testMode: false, ...request });
    const made = (await Promise.all([send(), send(), send()])).map(accepted);
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(accepted(await send())).toEqual(made[0]);
    expect(refusalOf(await send({ emailReceipt: true }))).toMatchObject({ kind: 'booking' });
    expect(refusalOf(await send({ bookings: [bookings[1]!] }))).toMatchObject({ kind: 'booking' });
    expect(await stage.db.all('select id from orders')).toHaveLength(1);
    const twice = [stage.cruise({ uuid: randomUUID() })];
    expect(refusalOf(await send({ bookings: [...twice, ...twice] }))).toMatchObject({ kind: 'booking' });
  });

  it('completes with its own contact what its bookings lack, when they are confirmed', async () => {
    const stage = await openStage(await open());
    const notes = stage.rowing({ contact: { firstName: 'Mary', lastName: 'Somerville' } });
    const request = { bookings: [stage.cruise(), notes], contact: guest, testMode: false };
    const { id } = accepted(await stage.supplier.createOrder(stage.website, request));
    const order = accepted(await stage.supplier.confirmOrder(stage.website, id, {}));
    expect(order.bookings.map(({ contact }) => [contact.fullName, contact.emailAddress])).toEqual([
      ['Ada Byron', 'ada@example.com'],
      ['Mary Somerville', 'ada@example.com'],
    ]);
    expect(order.contact).toMatchObject({ fullName: 'Ada Byron' });
  });
});

onEachEngine('an order without bookings', (open) => {
  const empty = async (request = {}) => {
    const stage = await openStage(await open());
    const order = accepted(await stage.supplier.createOrder(stage.website, { testMode: false, ...request }));
    return { stage, order };
  };

  it('is ON_HOLD, costs nothing, and waits for bookings', async () => {
    const { stage, order } = await empty({ contact: guest, emailReceipt: true });
    expect(order).toMatchObject({
      status: 'ON_HOLD',
      utcExpiresAt: null,
      bookings: [],
      voucher: null,
      transactions: [],
      pricing: { retail: 0, currency: 'EUR' },
      cancellable: true,
      updatable: true,
      confirmable: false,
    });
    expect(refusalOf(await stage.supplier.confirmOrder(stage.website, order.id, {})).kind).toBe('unprocessable');
    const { id: orderId } = order;
    const booking = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ orderId })));
    expect(booking).toMatchObject({ primary: true, emailReceipt: true, orderId });
    const confirmed = accepted(await stage.supplier.confirmOrder(stage.website, orderId, {}));
    expect(confirmed).toMatchObject({ status: 'CONFIRMED', contact: { lastName: 'Byron' } });
  });

  it('is in the currency of the first product that is still sold', async () => {
    const { stage, order } = await empty({});
    await stage.db.run(
      `update products set definition = replace(definition, '"defaultCurrency":"EUR"', '"defaultCurrency":"USD"') where id = $1`,
      [stage.sample.products.cruise.productId],
    );
    const currency = async () => {
      const made = accepted(await stage.supplier.createOrder(stage.website, { testMode: false, bookings: [] }));
      return made.pricing.currency;
    };
    expect([order.pricing.currency, await currency()]).toEqual(['EUR', 'USD']);
    accepted(await stage.supplier.deleteProduct(stage.sample.supplierId, stage.sample.products.cruise.productId));
    expect(await currency()).toBe('EUR');
  });

  it('takes bookings in its own currency alone', async () => {
    const { stage, order } = await empty({ currency: 'USD' });
    expect(order.pricing.currency).toBe('USD');
    const refused = await stage.supplier.reserve(stage.website, stage.rowing({ orderId: order.id, currency: 'EUR' }));
    expect(refusalOf(refused)).toMatchObject({ kind: 'unprocessable' });
  });

  it('can be changed and cancelled, and then takes no bookings', async () => {
    const { stage, order } = await empty();
    const contact = { emailAddress: 'ada@example.com' };
    expect(accepted(await stage.supplier.updateOrder(stage.website, order.id, { contact })).contact).toMatchObject(
      contact,
    );
    const cancelled = accepted(await stage.supplier.cancelOrder(stage.website, order.id, {}));
    expect(cancelled).toMatchObject({ status: 'CANCELLED', contact });
    expect(orderClock(cancelled, stage.clock.now)).toEqual({
      cancellable: false,
      updatable: false,
      confirmable: false,
    });
    expect(accepted(await stage.supplier.cancelOrder(stage.website, order.id, {}))).toEqual(cancelled);
    const late = await stage.supplier.reserve(stage.website, stage.cruise({ orderId: order.id }));
    expect(refusalOf(late).kind).toBe('unprocessable');
  });
});

onEachEngine('an order that is updated', (open) => {
  it('says to all its bookings whether e-mails are sent and how long they are held', async () => {
    const stage = await openStage(await open());
    const request = { bookings: [stage.cruise({ contact: guest }), stage.rowing()], testMode: false };
    const { id, bookings } = accepted(await stage.supplier.createOrder(stage.website, request));
    accepted(await stage.supplier.confirm(stage.website, bookings[0]!.uuid, {}));
    const change = { emailReceipt: true, expirationMinutes: 90 };
    const order = accepted(await stage.supplier.updateOrder(stage.website, id, change));
    const until = new Date(monday + 90 * minuteMs).toISOString();
    expect(order).toMatchObject({ emailReceipt: true, utcExpiresAt: until });
    expect(order.bookings.map((each) => [each.status, each.utcExpiresAt, each.emailReceipt])).toEqual([
      ['CONFIRMED', null, true],
      ['ON_HOLD', until, true],
    ]);
    const joined = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ orderId: id })));
    expect(joined.emailReceipt).toBe(true);
  });

  it('is unknown to others', async () => {
    const stage = await openStage(await open());
    const { id } = accepted(await stage.supplier.createOrder(stage.website, { testMode: false }));
    const refused = await stage.supplier.updateOrder(stage.reseller, id, { contact: guest });
    expect(refusalOf(refused)).toEqual({ kind: 'order', orderId: id });
  });
});

onEachEngine('a list of orders', (open) => {
  it('is found by contact, by reference and by time, and is of one connection', async () => {
    const stage = await openStage(await open());
    const make = async (contact: object, party = stage.website) => {
      const request = { bookings: [stage.cruise({ contact })], testMode: false };
      const order = accepted(await stage.supplier.createOrder(party, request));
      stage.clock.now += minuteMs;
      return order;
    };
    const ada = await make({ ...guest, phoneNumber: '+49 40 5550-147' });
    const mary = await make({ lastName: 'Somerville', emailAddress: 'mary@example.com' });
    const theirs = await make(guest, stage.reseller);
    const found = async (filter: object, party = stage.website) =>
      accepted(await stage.supplier.orders(party, filter)).map(({ id }) => id);
    expect(await found({ contactEmailAddress: ' ADA@example.com' })).toEqual([ada.id]);
    expect(await found({ contactEmailAddress: 'ada@example.com' }, stage.reseller)).toEqual([theirs.id]);
    expect(await found({ contactLastName: 'somerville' })).toEqual([mary.id]);
    expect(await found({ contactPhoneNumber: '+49405550147' })).toEqual([ada.id]);
    expect(await found({ supplierReference: mary.supplierReference })).toEqual([mary.id]);
    expect(await found({ supplierReference: theirs.supplierReference })).toEqual([]);
    expect(await found({ utcCreatedAtStart: monday, utcCreatedAtEnd: monday + 10 * minuteMs })).toEqual([
      mary.id,
      ada.id,
    ]);
    expect(await found({ utcCreatedAtStart: monday + 1 })).toEqual([mary.id]);
    expect(await found({ utcUpdatedAtEnd: monday, contactLastName: 'Byron' })).toEqual([ada.id]);
    expect(await found({ contactLastName: '' })).toEqual([]);

    const contact = { emailAddress: 'countess@example.com' };
    accepted(await stage.supplier.updateOrder(stage.website, ada.id, { contact }));
    expect(await found({ contactEmailAddress: 'ada@example.com' })).toEqual([]);
    expect(await found({ contactEmailAddress: 'countess@example.com' })).toEqual([ada.id]);
    expect(await found({ utcUpdatedAtStart: monday + 2 * minuteMs })).toEqual([ada.id]);
    const [listed] = accepted(await stage.supplier.orders(stage.website, { contactLastName: 'Byron' }));
    expect(listed).toEqual(await read(stage, ada.id));
  });
});
