import type { AvailabilityDocument } from '@carillon/contract';
import { expect, it } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { accepted, guest, minuteMs, monday, openStage, refusalOf, type Stage } from './stage.ts';

onEachEngine('a booking from hold to visit', (open) => {
  const confirmedCruise = async (stage: Stage, adults = 2) => {
    const { uuid } = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ adults, contact: guest })));
    return accepted(await stage.supplier.confirm(stage.website, uuid, {}));
  };

  it('is held in an order of its own, and takes its places', async () => {
    const stage = await openStage(await open());
    const request = stage.cruise({ adults: 3, contact: guest, notes: 'Window, please', resellerReference: 'R-1' });
    const hold = accepted(await stage.supplier.reserve(stage.website, request));
    expect(hold).toMatchObject({
      status: 'ON_HOLD',
      primary: true,
      utcExpiresAt: new Date(monday + 30 * minuteMs).toISOString(),
      utcConfirmedAt: null,
      cancellation: null,
      cancellable: true,
      confirmable: true,
      freesale: false,
      availability: { id: request.availabilityId, vacancies: null, capacity: null },
      contact: { fullName: 'Ada Byron', allowMarketing: false },
      notes: 'Window, please',
      resellerReference: 'R-1',
      voucher: { redemptionMethod: 'DIGITAL', deliveryOptions: [] },
      pricing: { retail: 8_700, currency: 'EUR' },
    });
    expect(hold.supplierReference).toBe(`${hold.orderReference}-1`);
    expect(hold.unitItems).toHaveLength(3);
    expect(hold.unitItems[0]).toMatchObject({
      status: 'ON_HOLD',
      ticket: null,
      unit: { pricing: [{ retail: 2_900 }] },
    });
    expect(hold.unitItems[0]!.unit).not.toHaveProperty('pricingFrom');
    expect(await stage.slot(request)).toMatchObject({ vacancies: 1_997, capacity: 2_000, status: 'AVAILABLE' });
    const order = accepted(await stage.supplier.order(stage.website, hold.orderId));
    expect(order).toMatchObject({
      status: 'ON_HOLD',
      settlementMethod: 'DIRECT',
      pricing: hold.pricing,
      bookings: [hold],
    });
    expect(accepted(await stage.supplier.booking(stage.website, hold.uuid))).toEqual(hold);
  });

  it('records its hold as a new booking, a new order and a slot that had all its places', async () => {
    const stage = await openStage(await open());
    const request = stage.cruise();
    const hold = accepted(await stage.supplier.reserve(stage.website, request));
    const events = await stage.events();
    expect(events.map(({ type, before }) => [type, before === null])).toEqual([
      ['availability_update', false],
      ['booking_update', true],
      ['order_update', true],
    ]);
    const [slot, booking, order] = events;
    expect(slot!.subjectId).toBe(`${hold.productId}/${hold.optionId}/${request.availabilityId}`);
    expect(slot!.connectionId).toBeNull();
    expect([slot!.before, slot!.after].map((each) => (each as AvailabilityDocument).vacancies)).toEqual([2_000, 1_998]);
    expect(slot!.after).toEqual(await stage.slot(request));
    expect(booking!.after).toEqual(hold);
    expect(order!.subjectId).toBe(hold.orderId);
  });

  it('gets its code when it is confirmed, and does not expire any more', async () => {
    const stage = await openStage(await open());
    const booking = await confirmedCruise(stage);
    expect(booking).toMatchObject({ status: 'CONFIRMED', utcExpiresAt: null, confirmable: false, cancellable: true });
    expect(booking.utcConfirmedAt).toBe(new Date(monday).toISOString());
    expect(booking.voucher!.deliveryOptions).toEqual([
      { deliveryFormat: 'QRCODE', deliveryValue: expect.stringMatching(/^[0-9A-Z]{26}$/) },
    ]);
    expect(booking.unitItems.map((item) => item.status)).toEqual(['CONFIRMED', 'CONFIRMED']);
    expect(accepted(await stage.supplier.order(stage.website, booking.orderId))).toMatchObject({
      status: 'CONFIRMED',
      utcConfirmedAt: booking.utcConfirmedAt,
      utcExpiresAt: null,
    });
  });

  it('cannot be confirmed without the contact details that its option requires', async () => {
    const stage = await openStage(await open());
    const hold = accepted(await stage.supplier.reserve(stage.website, stage.cruise()));
    const refused = await stage.supplier.confirm(stage.website, hold.uuid, { contact: { fullName: 'Ada Byron' } });
    expect(refusalOf(refused)).toEqual({
      kind: 'unprocessable',
      message: 'Required contact details are missing: contact.emailAddress.',
    });
    expect(accepted(await stage.supplier.booking(stage.website, hold.uuid))).toEqual(hold);
  });

  it('keeps the unit items that an update lists, and gives back the places of the others', async () => {
    const stage = await openStage(await open());
    const before = await confirmedCruise(stage, 3);
    const [first, , third] = before.unitItems;
    const child = stage.sample.products.cruise.units.CHILD!;
    const after = accepted(
      await stage.supplier.update(stage.website, before.uuid, {
        unitItems: [
          { uuid: third!.uuid, unitId: child },
          { uuid: first!.uuid, unitId: first!.unitId },
        ],
      }),
    );
    expect(after.unitItems.map((item) => [item.uuid, item.unitId])).toEqual([
      [third!.uuid, child],
      [first!.uuid, first!.unitId],
    ]);
    expect(after.uuid).toBe(before.uuid);
    expect(after.pricing.retail).toBe(1_500 + 2_900);
    expect(after.voucher).toEqual(before.voucher);
    expect((await stage.slot(stage.cruise())).vacancies).toBe(1_998);
  });

  it('moves to another slot with its places', async () => {
    const stage = await openStage(await open());
    const before = await confirmedCruise(stage);
    const target = stage.cruise({ date: '2026-06-11' });
    const { availabilityId } = target;
    const after = accepted(await stage.supplier.update(stage.website, before.uuid, { availabilityId }));
    expect(after).toMatchObject({ uuid: before.uuid, status: 'CONFIRMED', availability: { id: availabilityId } });
    expect(after.unitItems).toEqual(before.unitItems);
    expect((await stage.slot(stage.cruise())).vacancies).toBe(2_000);
    expect((await stage.slot(target)).vacancies).toBe(1_998);
    const slots = (await stage.events()).filter((event) => event.type === 'availability_update').slice(1);
    expect(slots.map(({ after }) => (after as AvailabilityDocument).vacancies)).toEqual([2_000, 1_998]);
  });

  it('stays where it is when the slot that it would move to is full', async () => {
    const stage = await openStage(await open());
    const full = stage.rowing({ adults: 9, date: '2026-06-12' });
    accepted(await stage.supplier.reserve(stage.website, full));
    const booking = accepted(await stage.supplier.reserve(stage.website, stage.rowing()));
    const recorded = (await stage.events()).length;
    const { availabilityId } = full;
    const refused = await stage.supplier.update(stage.website, booking.uuid, { availabilityId });
    expect(refusalOf(refused)).toMatchObject({
      kind: 'unprocessable',
      message: expect.stringContaining('1 places left'),
    });
    expect(accepted(await stage.supplier.booking(stage.website, booking.uuid))).toEqual(booking);
    expect((await stage.slot(full)).vacancies).toBe(1);
    expect((await stage.slot(stage.rowing())).vacancies).toBe(8);
    expect(await stage.events()).toHaveLength(recorded);
  });

  it('becomes a booking of another product, with its tickets', async () => {
    const stage = await openStage(await open());
    const before = await confirmedCruise(stage);
    const { productId, optionId, units } = stage.sample.products.museum;
    const after = accepted(
      await stage.supplier.update(stage.website, before.uuid, {
        productId,
        optionId,
        availabilityId: '2026-06-12T00:00:00+02:00',
        unitItems: [{ unitId: units.ADULT! }],
      }),
    );
    expect(after).toMatchObject({ uuid: before.uuid, productId, voucher: null, deliveryMethods: ['TICKET'] });
    expect(after.availability).toMatchObject({ allDay: true, openingHours: [{ from: '09:00', to: '18:00' }] });
    expect(after.unitItems[0]!.ticket!.deliveryOptions).toHaveLength(1);
    expect((await stage.slot(stage.cruise())).vacancies).toBe(2_000);
  });

  it('gives its places back when it is cancelled, with a full refund before the cut-off', async () => {
    const stage = await openStage(await open());
    const { uuid } = await confirmedCruise(stage);
    const cancelled = accepted(await stage.supplier.cancel(stage.website, uuid, { reason: 'Rain' }));
    expect(cancelled).toMatchObject({
      status: 'CANCELLED',
      cancellable: false,
      cancellation: { refund: 'FULL', reason: 'Rain', utcCancelledAt: new Date(monday).toISOString() },
    });
    expect((await stage.slot(stage.cruise())).vacancies).toBe(2_000);
    expect(accepted(await stage.supplier.order(stage.website, cancelled.orderId))).toMatchObject({
      status: 'CANCELLED',
      pricing: { retail: 0 },
    });
  });

  it('can be neither cancelled nor updated past its cut-off, except by force and without a refund', async () => {
    const stage = await openStage(await open());
    const { uuid } = await confirmedCruise(stage);
    stage.clock.now = Date.UTC(2026, 5, 10, 11, 0);
    expect(refusalOf(await stage.supplier.cancel(stage.website, uuid, {})).kind).toBe('unprocessable');
    expect(refusalOf(await stage.supplier.update(stage.website, uuid, { notes: 'Late' })).kind).toBe('unprocessable');
    const cancelled = accepted(await stage.supplier.cancel(stage.website, uuid, { force: true }));
    expect(cancelled.cancellation!.refund).toBe('NONE');
  });

  it('is CANCELLED when its hold is cancelled', async () => {
    const stage = await openStage(await open());
    const { uuid } = accepted(await stage.supplier.reserve(stage.website, stage.cruise()));
    expect(accepted(await stage.supplier.cancel(stage.website, uuid, {}))).toMatchObject({
      status: 'CANCELLED',
      utcExpiresAt: null,
    });
  });

  it('is held longer when it is extended, never shorter', async () => {
    const stage = await openStage(await open());
    const { uuid } = accepted(await stage.supplier.reserve(stage.website, stage.cruise()));
    stage.clock.now += 10 * minuteMs;
    const extended = accepted(await stage.supplier.extend(stage.website, uuid, {}));
    expect(extended.utcExpiresAt).toBe(new Date(monday + 40 * minuteMs).toISOString());
    expect(accepted(await stage.supplier.extend(stage.website, uuid, { expirationMinutes: 5 }))).toEqual(extended);
  });

  it('is redeemed with all its tickets, and stays so', async () => {
    const stage = await openStage(await open());
    const { uuid } = await confirmedCruise(stage);
    const redeemed = accepted(await stage.supplier.redeem(stage.website, uuid));
    const at = new Date(monday).toISOString();
    expect(redeemed).toMatchObject({ status: 'REDEEMED', utcRedeemedAt: at, voucher: { utcRedeemedAt: at } });
    expect(redeemed.unitItems[0]).toMatchObject({ status: 'REDEEMED', utcRedeemedAt: at });
    expect(refusalOf(await stage.supplier.cancel(stage.website, uuid, { force: true })).kind).toBe('unprocessable');
    expect((await stage.slot(stage.cruise())).vacancies).toBe(1_998);
  });

  it('is marked as a no-show', async () => {
    const stage = await openStage(await open());
    const { uuid } = await confirmedCruise(stage);
    const absent = accepted(await stage.supplier.noShow(stage.website, uuid));
    expect(absent).toMatchObject({ status: 'NOSHOW', utcNoshowedAt: new Date(monday).toISOString() });
  });
});
