import { orderClock } from '@carillon/contract';
import { expect, it } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { accepted, guest, minuteMs, monday, openStage, refusalOf, type Stage, unexpected } from './stage.ts';

onEachEngine('an order of several bookings', (open) => {
  const ofTwo = async (stage: Stage) => {
    const first = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ contact: guest })));
    const { orderId } = first;
    const second = accepted(
      await stage.supplier.reserve(stage.website, stage.rowing({ orderId, expirationMinutes: 10 })),
    );
    return { orderId, first, second };
  };

  it('is confirmed as a whole, as one change', async () => {
    const stage = await openStage(await open());
    const { orderId } = await ofTwo(stage);
    const recorded = (await stage.events()).length;
    const refused = await stage.supplier.confirmOrder(stage.website, orderId, {});
    expect(refusalOf(refused).kind).toBe('unprocessable');
    expect(await stage.events()).toHaveLength(recorded);
    const order = accepted(
      await stage.supplier.confirmOrder(stage.website, orderId, { contact: guest, emailReceipt: true }),
    );
    expect(order).toMatchObject({
      status: 'CONFIRMED',
      utcExpiresAt: null,
      emailReceipt: true,
      contact: { lastName: 'Byron' },
    });
    expect(order.bookings.map((booking) => booking.status)).toEqual(['CONFIRMED', 'CONFIRMED']);
    expect(order).toEqual(accepted(await stage.supplier.order(stage.website, orderId)));
    const types = (await stage.events()).map((event) => event.type);
    expect(types.filter((type) => type === 'order_update')).toHaveLength(3);
    expect(types.filter((type) => type === 'booking_update')).toHaveLength(4);
  });

  it('expires with the first of its holds, and then cannot be confirmed', async () => {
    const stage = await openStage(await open());
    const { orderId, first, second } = await ofTwo(stage);
    const order = accepted(await stage.supplier.order(stage.website, orderId));
    expect(order.utcExpiresAt).toBe(second.utcExpiresAt);
    stage.clock.now += 11 * minuteMs;
    const refused = await stage.supplier.confirmOrder(stage.website, orderId, { contact: guest });
    expect(refusalOf(refused)).toEqual({ kind: 'order', orderId });
    expect(accepted(await stage.supplier.booking(stage.website, first.uuid)).status).toBe('ON_HOLD');
  });

  it('is ON_HOLD until each of its bookings is confirmed', async () => {
    const stage = await openStage(await open());
    const { orderId, first, second } = await ofTwo(stage);
    accepted(await stage.supplier.confirm(stage.website, first.uuid, {}));
    expect(accepted(await stage.supplier.order(stage.website, orderId)).status).toBe('ON_HOLD');
    accepted(await stage.supplier.confirm(stage.website, second.uuid, { contact: guest }));
    expect(accepted(await stage.supplier.order(stage.website, orderId)).status).toBe('CONFIRMED');
  });

  it('costs what is still booked', async () => {
    const stage = await openStage(await open());
    const { orderId, first, second } = await ofTwo(stage);
    accepted(await stage.supplier.cancel(stage.website, first.uuid, {}));
    const order = accepted(await stage.supplier.order(stage.website, orderId));
    expect(order.status).toBe('ON_HOLD');
    expect(order.pricing).toEqual(second.pricing);
  });

  it('is extended and cancelled as a whole', async () => {
    const stage = await openStage(await open());
    const { orderId } = await ofTwo(stage);
    const extended = accepted(await stage.supplier.extendOrder(stage.website, orderId, { expirationMinutes: 60 }));
    expect(extended.utcExpiresAt).toBe(new Date(monday + 60 * minuteMs).toISOString());
    const cancelled = accepted(await stage.supplier.cancelOrder(stage.website, orderId, { reason: 'Storm' }));
    expect(cancelled.status).toBe('CANCELLED');
    expect(cancelled.bookings.map((booking) => booking.cancellation?.reason)).toEqual(['Storm', 'Storm']);
    expect(accepted(await stage.supplier.cancelOrder(stage.website, orderId, {}))).toEqual(cancelled);
    expect(refusalOf(await stage.supplier.confirmOrder(stage.website, orderId, {})).kind).toBe('unprocessable');
    expect((await stage.slot(stage.rowing())).vacancies).toBe(10);
  });
});

onEachEngine('a large order', (open) => {
  it('has at most 100 bookings', async () => {
    const stage = await openStage(await open());
    const { orderId } = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ adults: 1 })));
    const request = stage.cruise({ orderId, adults: 1 });
    const others = Array.from({ length: 100 }, () => stage.supplier.reserve(stage.website, request));
    const refused = (await Promise.all(others)).filter((result) => !result.ok);
    expect(refused.map(refusalOf)).toEqual([
      { kind: 'unprocessable', message: 'orderId: an order has at most 100 bookings.' },
    ]);
  });

  it('has at most 500 units, also when a booking in it grows', async () => {
    const stage = await openStage(await open());
    const definition = await stage.definition('cruise');
    const options = definition.options.map((option) => ({
      ...option,
      restrictions: { minUnits: 1, maxUnits: null },
      schedule: { ...option.schedule, capacity: null },
    }));
    accepted(await stage.supplier.saveProduct(stage.sample.supplierId, { ...definition, options }));
    const { orderId } = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ adults: 300 })));
    const { uuid } = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ orderId, adults: 200 })));
    const { unitItems } = stage.cruise({ adults: 201 });
    const tooMany = { kind: 'unprocessable', message: expect.stringContaining('at most 500 units') };
    expect(refusalOf(await stage.supplier.update(stage.website, uuid, { unitItems }))).toEqual(tooMany);
    const another = await stage.supplier.reserve(stage.website, stage.cruise({ orderId, adults: 1 }));
    expect(refusalOf(another)).toEqual(tooMany);
  });
});

onEachEngine('an order of which a hold has expired', (open) => {
  /** An order of a hold whose time is past and one that has time left. */
  const half = async (swept: boolean) => {
    const stage = await openStage(await open());
    const lasting = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ contact: guest })));
    const { orderId } = lasting;
    const short = stage.rowing({ orderId, expirationMinutes: 10 });
    const elapsed = accepted(await stage.supplier.reserve(stage.website, short));
    stage.clock.now += 11 * minuteMs;
    if (swept) expect(await stage.supplier.expireHolds(10, unexpected)).toMatchObject({ expired: 1 });
    return { stage, orderId, lasting, elapsed };
  };

  it.each([true, false])('is not confirmed as a whole, though its other holds can be (swept: %s)', async (swept) => {
    const { stage, orderId, lasting } = await half(swept);
    const refused = await stage.supplier.confirmOrder(stage.website, orderId, { contact: guest });
    expect(refusalOf(refused)).toEqual({ kind: 'order', orderId });
    const confirmed = accepted(await stage.supplier.confirm(stage.website, lasting.uuid, { contact: guest }));
    expect(confirmed.status).toBe('CONFIRMED');
    const order = accepted(await stage.supplier.confirmOrder(stage.website, orderId, {}));
    expect(order).toMatchObject({ status: 'CONFIRMED', bookings: [{ status: 'CONFIRMED' }, { status: 'EXPIRED' }] });
  });

  it.each([true, false])('is confirmed as a whole once a booking was added since (swept: %s)', async (swept) => {
    const { stage, orderId } = await half(swept);
    accepted(await stage.supplier.reserve(stage.website, stage.cruise({ orderId, contact: guest })));
    await stage.supplier.expireHolds(10, unexpected);
    const open = accepted(await stage.supplier.order(stage.website, orderId));
    expect(orderClock(open, stage.clock.now).confirmable).toBe(true);
    const order = accepted(await stage.supplier.confirmOrder(stage.website, orderId, { contact: guest }));
    expect(order.bookings.map(({ status }) => status)).toEqual(['CONFIRMED', 'EXPIRED', 'CONFIRMED']);
  });

  it('is confirmed as a whole once a hold that is left was changed since', async () => {
    const { stage, orderId } = await half(true);
    stage.clock.now += minuteMs;
    accepted(await stage.supplier.extendOrder(stage.website, orderId, { expirationMinutes: 60 }));
    const order = accepted(await stage.supplier.confirmOrder(stage.website, orderId, { contact: guest }));
    expect(order.bookings.map(({ status }) => status)).toEqual(['CONFIRMED', 'EXPIRED']);
  });

  it('is not confirmed as a whole because its primary booking passed on with the expiry', async () => {
    const stage = await openStage(await open());
    const short = stage.rowing({ contact: guest, expirationMinutes: 10 });
    const { orderId } = accepted(await stage.supplier.reserve(stage.website, short));
    accepted(await stage.supplier.reserve(stage.website, stage.cruise({ orderId, contact: guest })));
    stage.clock.now += 11 * minuteMs;
    await stage.supplier.expireHolds(10, unexpected);
    expect(refusalOf(await stage.supplier.confirmOrder(stage.website, orderId, {})).kind).toBe('order');
  });

  it.each([true, false])('is extended and cancelled without it (swept: %s)', async (swept) => {
    const { stage, orderId, lasting } = await half(swept);
    const extended = accepted(await stage.supplier.extendOrder(stage.website, orderId, { expirationMinutes: 60 }));
    expect(extended.utcExpiresAt).toBe(new Date(stage.clock.now + 60 * minuteMs).toISOString());
    expect(extended.bookings.map(({ status }) => status)).toEqual(['ON_HOLD', 'EXPIRED']);
    expect(extended.contact).toEqual(lasting.contact);
    const cancelled = accepted(await stage.supplier.cancelOrder(stage.website, orderId, {}));
    expect(cancelled.status).toBe('CANCELLED');
    expect(cancelled.bookings.map(({ status }) => status)).toEqual(['CANCELLED', 'EXPIRED']);
    expect((await stage.slot(stage.rowing())).vacancies).toBe(10);
  });

  it.each([true, false])(
    'takes further bookings while another counts, and none after that (swept: %s)',
    async (swept) => {
      const { stage, orderId, lasting } = await half(swept);
      accepted(await stage.supplier.reserve(stage.website, stage.cruise({ orderId, expirationMinutes: 1 })));
      accepted(await stage.supplier.cancel(stage.website, lasting.uuid, {}));
      stage.clock.now += minuteMs;
      if (swept) await stage.supplier.expireHolds(10, unexpected);
      const late = await stage.supplier.reserve(stage.website, stage.cruise({ orderId }));
      expect(refusalOf(late).kind).toBe('unprocessable');
    },
  );
});

onEachEngine('an order whose first booking has ended', (open) => {
  it('has the contact and the receipt of the first that counts', async () => {
    const stage = await openStage(await open());
    const first = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ contact: guest })));
    const { orderId } = first;
    const contact = { fullName: 'Mary Somerville', emailAddress: 'mary@example.com' };
    const second = accepted(
      await stage.supplier.reserve(stage.website, stage.rowing({ orderId, contact, emailReceipt: true })),
    );
    const read = async () => accepted(await stage.supplier.order(stage.website, orderId));
    expect(await read()).toMatchObject({ contact: first.contact, emailReceipt: false });
    accepted(await stage.supplier.cancel(stage.website, first.uuid, {}));
    expect(await read()).toMatchObject({ contact: second.contact, emailReceipt: true });
    accepted(await stage.supplier.cancel(stage.website, second.uuid, {}));
    expect(await read()).toMatchObject({ contact: second.contact, emailReceipt: true });
  });

  it('says that it can be cancelled when cancelling it would succeed', async () => {
    const stage = await openStage(await open());
    const today = stage.cruise({ date: '2026-06-01', contact: guest });
    const { uuid, orderId } = accepted(await stage.supplier.reserve(stage.website, today));
    accepted(await stage.supplier.reserve(stage.website, stage.rowing({ orderId, contact: guest })));
    accepted(await stage.supplier.confirmOrder(stage.website, orderId, {}));
    stage.clock.now = Date.UTC(2026, 5, 1, 11);
    const said = async () =>
      orderClock(accepted(await stage.supplier.order(stage.website, orderId)), stage.clock.now).cancellable;
    expect(await said()).toBe(false);
    expect(refusalOf(await stage.supplier.cancelOrder(stage.website, orderId, {})).kind).toBe('unprocessable');
    accepted(await stage.supplier.redeem(stage.website, uuid));
    expect(await said()).toBe(true);
    const order = accepted(await stage.supplier.cancelOrder(stage.website, orderId, {}));
    expect(order.bookings.map(({ status }) => status)).toEqual(['REDEEMED']);
  });
});

onEachEngine('a hold whose time is past', (open) => {
  it('expires, gives its places back, and cannot be confirmed', async () => {
    const stage = await openStage(await open());
    const { uuid, orderId } = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ contact: guest })));
    const later = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ expirationMinutes: 45 })));
    expect(await stage.supplier.expireHolds(10, unexpected)).toEqual({ expired: 0, nextAt: monday + 30 * minuteMs });
    stage.clock.now = monday + 30 * minuteMs;
    // Already before it is swept.
    expect(refusalOf(await stage.supplier.confirm(stage.website, uuid, {}))).toEqual({ kind: 'booking', uuid });
    expect(refusalOf(await stage.supplier.extend(stage.website, uuid, {})).kind).toBe('unprocessable');
    expect(await stage.supplier.expireHolds(10, unexpected)).toEqual({
      expired: 1,
      nextAt: Date.parse(later.utcExpiresAt!),
    });
    const expired = accepted(await stage.supplier.booking(stage.website, uuid));
    expect(expired).toMatchObject({ status: 'EXPIRED', cancellation: { refund: 'NONE', reason: null } });
    expect(accepted(await stage.supplier.order(stage.website, orderId)).status).toBe('EXPIRED');
    expect(refusalOf(await stage.supplier.confirm(stage.website, uuid, {}))).toEqual({ kind: 'booking', uuid });
    expect((await stage.slot(stage.cruise())).vacancies).toBe(1_998);
    expect(await stage.supplier.expireHolds(10, unexpected)).toEqual({
      expired: 0,
      nextAt: Date.parse(later.utcExpiresAt!),
    });
  });

  it('takes the other due holds of its order with it, as one change of the order', async () => {
    const stage = await openStage(await open());
    const { orderId } = accepted(await stage.supplier.reserve(stage.website, stage.cruise()));
    accepted(await stage.supplier.reserve(stage.website, stage.rowing({ orderId })));
    const recorded = (await stage.events()).filter((event) => event.type === 'order_update').length;
    stage.clock.now += 31 * minuteMs;
    expect(await stage.supplier.expireHolds(1, unexpected)).toEqual({ expired: 2, nextAt: null });
    const changes = (await stage.events()).filter((event) => event.type === 'order_update');
    expect(changes).toHaveLength(recorded + 1);
  });

  it('is not held up by one that cannot be expired', async () => {
    const stage = await openStage(await open());
    const broken = accepted(await stage.supplier.reserve(stage.website, stage.cruise()));
    stage.clock.now += minuteMs;
    const sound = accepted(await stage.supplier.reserve(stage.website, stage.cruise()));
    await stage.db.run(`delete from subjects where type = 'order_update' and id = $1`, [broken.orderId]);
    stage.clock.now += 31 * minuteMs;
    const failed: string[] = [];
    const expire = () => stage.supplier.expireHolds(1, (orderId) => failed.push(orderId));
    expect(await expire()).toEqual({ expired: 1, nextAt: null });
    expect(accepted(await stage.supplier.booking(stage.website, sound.uuid)).status).toBe('EXPIRED');
    expect(await expire()).toEqual({ expired: 0, nextAt: null });
    expect(failed).toEqual([broken.orderId, broken.orderId]);
  });

  it('leaves what is confirmed', async () => {
    const stage = await openStage(await open());
    const { uuid } = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ contact: guest })));
    const confirmed = accepted(await stage.supplier.confirm(stage.website, uuid, {}));
    stage.clock.now += 31 * minuteMs;
    expect(await stage.supplier.expireHolds(10, unexpected)).toEqual({ expired: 0, nextAt: null });
    expect(accepted(await stage.supplier.booking(stage.website, uuid))).toEqual(confirmed);
  });
});
