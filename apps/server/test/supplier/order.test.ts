import { expect, it } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { accepted, guest, minuteMs, monday, openStage, refusalOf, type Stage } from './stage.ts';

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

onEachEngine('a hold whose time is past', (open) => {
  it('expires, gives its places back, and cannot be confirmed', async () => {
    const stage = await openStage(await open());
    const { uuid, orderId } = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ contact: guest })));
    const later = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ expirationMinutes: 45 })));
    expect(await stage.supplier.expireHolds(10)).toEqual({ expired: 0, nextAt: monday + 30 * minuteMs });
    stage.clock.now = monday + 30 * minuteMs;
    // Already before it is swept.
    expect(refusalOf(await stage.supplier.confirm(stage.website, uuid, {}))).toEqual({ kind: 'booking', uuid });
    expect(refusalOf(await stage.supplier.extend(stage.website, uuid, {})).kind).toBe('unprocessable');
    expect(await stage.supplier.expireHolds(10)).toEqual({ expired: 1, nextAt: Date.parse(later.utcExpiresAt!) });
    const expired = accepted(await stage.supplier.booking(stage.website, uuid));
    expect(expired).toMatchObject({ status: 'EXPIRED', cancellation: { refund: 'NONE', reason: null } });
    expect(accepted(await stage.supplier.order(stage.website, orderId)).status).toBe('EXPIRED');
    expect(refusalOf(await stage.supplier.confirm(stage.website, uuid, {}))).toEqual({ kind: 'booking', uuid });
    expect((await stage.slot(stage.cruise())).vacancies).toBe(498);
    expect(await stage.supplier.expireHolds(10)).toEqual({ expired: 0, nextAt: Date.parse(later.utcExpiresAt!) });
  });

  it('takes the other due holds of its order with it, as one change of the order', async () => {
    const stage = await openStage(await open());
    const { orderId } = accepted(await stage.supplier.reserve(stage.website, stage.cruise()));
    accepted(await stage.supplier.reserve(stage.website, stage.rowing({ orderId })));
    const recorded = (await stage.events()).filter((event) => event.type === 'order_update').length;
    stage.clock.now += 31 * minuteMs;
    expect(await stage.supplier.expireHolds(1)).toEqual({ expired: 2, nextAt: null });
    const changes = (await stage.events()).filter((event) => event.type === 'order_update');
    expect(changes).toHaveLength(recorded + 1);
  });

  it('leaves what is confirmed', async () => {
    const stage = await openStage(await open());
    const { uuid } = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ contact: guest })));
    const confirmed = accepted(await stage.supplier.confirm(stage.website, uuid, {}));
    stage.clock.now += 31 * minuteMs;
    expect(await stage.supplier.expireHolds(10)).toEqual({ expired: 0, nextAt: null });
    expect(accepted(await stage.supplier.booking(stage.website, uuid))).toEqual(confirmed);
  });
});
