import type { BookingDocument } from '@carillon/contract';
import { expect, it } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { accepted, guest, openStage, refusalOf, type Stage } from './stage.ts';

onEachEngine('a booking that is out of the ordinary', (open) => {
  const confirmedCruise = async (stage: Stage, adults = 2) => {
    const { uuid } = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ adults, contact: guest })));
    return accepted(await stage.supplier.confirm(stage.website, uuid, {}));
  };

  it('records nothing when nothing changes', async () => {
    const stage = await openStage(await open());
    const booking = await confirmedCruise(stage);
    const recorded = (await stage.events()).length;
    const { uuid, unitItems } = booking;
    const same = unitItems.map((item) => ({ uuid: item.uuid, unitId: item.unitId }));
    const repeat = [
      await stage.supplier.confirm(stage.website, uuid, { notes: 'Not a change' }),
      await stage.supplier.update(stage.website, uuid, {}),
      await stage.supplier.update(stage.website, uuid, { unitItems: same, notes: null, contact: { firstName: 'Ada' } }),
      await stage.supplier.update(stage.website, uuid, { availabilityId: booking.availabilityId }),
    ];
    for (const result of repeat) expect(accepted(result)).toEqual(booking);
    accepted(await stage.supplier.confirmOrder(stage.website, booking.orderId, {}));
    expect(await stage.events()).toHaveLength(recorded);
    const cancelled = accepted(await stage.supplier.cancel(stage.website, uuid, {}));
    expect(accepted(await stage.supplier.cancel(stage.website, uuid, { reason: 'Again' }))).toEqual(cancelled);
  });

  it('waits for the supplier where its product is not confirmed instantly', async () => {
    const stage = await openStage(await open());
    const definition = { ...(await stage.definition('cruise')), instantConfirmation: false };
    accepted(await stage.supplier.saveProduct(stage.sample.supplierId, definition));
    const [one, other] = [await confirmedCruise(stage), await confirmedCruise(stage)];
    expect(one).toMatchObject({ status: 'PENDING', utcConfirmedAt: null, utcExpiresAt: null });
    expect(one.voucher!.deliveryOptions).toEqual([]);
    const agreed = accepted(await stage.supplier.accept(stage.website, one.uuid));
    expect(agreed.status).toBe('CONFIRMED');
    expect(agreed.voucher!.deliveryOptions).toHaveLength(1);
    const rejected = accepted(await stage.supplier.reject(stage.website, other.uuid, 'Low tide'));
    expect(rejected).toMatchObject({ status: 'REJECTED', rejection: { reason: 'Low tide' } });
    expect((await stage.slot(stage.cruise())).vacancies).toBe(1_998);
  });

  it('takes no place in test mode, and has a code that says so', async () => {
    const stage = await openStage(await open());
    const hold = accepted(
      await stage.supplier.reserve(stage.website, stage.cruise({ testMode: true, contact: guest })),
    );
    const booking = accepted(await stage.supplier.confirm(stage.website, hold.uuid, {}));
    expect(booking.testMode).toBe(true);
    expect(booking.voucher!.deliveryOptions[0]!.deliveryValue).toMatch(/^TEST-/);
    expect((await stage.slot(stage.cruise())).vacancies).toBe(2_000);
    const types = (await stage.events()).map((event) => event.type);
    expect(new Set(types)).toEqual(new Set(['booking_update', 'order_update']));
  });

  it('needs no slot where the product allows freesale', async () => {
    const stage = await openStage(await open());
    const withoutSlot = { ...stage.cruise({ contact: guest }), availabilityId: null };
    expect(refusalOf(await stage.supplier.reserve(stage.website, withoutSlot))).toEqual({
      kind: 'availability',
      availabilityId: '',
    });
    const definition = { ...(await stage.definition('cruise')), allowFreesale: true };
    accepted(await stage.supplier.saveProduct(stage.sample.supplierId, definition));
    const hold = accepted(await stage.supplier.reserve(stage.website, withoutSlot));
    expect(hold).toMatchObject({ freesale: true, availabilityId: null, availability: null });
    const booking: BookingDocument = accepted(await stage.supplier.confirm(stage.website, hold.uuid, {}));
    expect(booking).toMatchObject({ status: 'CONFIRMED', cancellable: true });
  });
});
