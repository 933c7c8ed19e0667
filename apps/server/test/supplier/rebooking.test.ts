import type { BookingDocument } from '@carillon/contract';
import { expect, it } from 'vitest';
import type { Update } from '../../src/supplier/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { accepted, guest, openStage, refusalOf, type Stage } from './stage.ts';

onEachEngine('what a booking becomes when it is changed', (open) => {
  const booked = async (stage: Stage, adults = 2): Promise<BookingDocument> => {
    const { uuid } = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ adults, contact: guest })));
    return accepted(await stage.supplier.confirm(stage.website, uuid, {}));
  };
  /** The operator gives up the departure of 14:00, and everything costs more. */
  const newSeason = async (stage: Stage) => {
    const definition = await stage.definition('cruise');
    const prices = [{ currency: 'EUR', original: 5_000, retail: 5_000, net: null }];
    const options = definition.options.map((option) => {
      if (option.schedule.type !== 'START_TIME') throw new Error('The cruise has start times');
      const startTimes = option.schedule.startTimes.filter((time) => time !== '14:00');
      const units = option.units.map((unit) => ({ ...unit, prices }));
      return { ...option, units, schedule: { ...option.schedule, startTimes } };
    });
    accepted(await stage.supplier.saveProduct(stage.sample.supplierId, { ...definition, options }));
  };

  it('loses or swaps units as it was sold, also when its departure is no longer scheduled', async () => {
    const stage = await openStage(await open());
    const before = await booked(stage, 3);
    await newSeason(stage);
    const [first, second] = before.unitItems;
    const child = stage.sample.products.cruise.units.CHILD!;
    const unitItems = [
      { uuid: first!.uuid, unitId: first!.unitId },
      { uuid: second!.uuid, unitId: child },
    ];
    const after = accepted(await stage.supplier.update(stage.website, before.uuid, { unitItems }));
    expect(after.unitItems.map((item) => item.pricing?.retail)).toEqual([2_900, 1_500]);
    expect(after.unitItems[1]!.unit).toMatchObject({ id: child, pricing: [{ retail: 1_500 }] });
    const { product, option, availability } = before;
    expect(after).toMatchObject({ product, option, availability, pricing: { retail: 4_400 } });
    const [row] = await stage.db.all<{ booked: number }>('select booked from slots where id = $1', [
      before.availabilityId,
    ]);
    expect(row!.booked).toBe(2);
  });

  it('gets more units only where the departure is still scheduled', async () => {
    const stage = await openStage(await open());
    const { uuid, unitItems, availabilityId } = await booked(stage);
    await newSeason(stage);
    const kept = unitItems.map((item) => ({ uuid: item.uuid, unitId: item.unitId }));
    const more = [...kept, { unitId: kept[0]!.unitId }];
    const refused = await stage.supplier.update(stage.website, uuid, { unitItems: more });
    expect(refusalOf(refused)).toEqual({ kind: 'availability', availabilityId });
    const moved = accepted(
      await stage.supplier.update(stage.website, uuid, {
        unitItems: more,
        availabilityId: '2026-06-10T16:00:00+02:00',
      }),
    );
    expect(moved.unitItems.map((item) => item.pricing?.retail)).toEqual([2_900, 2_900, 5_000]);
    expect(moved.product).toEqual(accepted(await stage.supplier.product(stage.sample.supplierId, moved.productId)));
  });

  it('is rescheduled within a product that its supplier confirms by hand, once it is accepted', async () => {
    const stage = await openStage(await open());
    const definition = { ...(await stage.definition('cruise')), instantConfirmation: false };
    accepted(await stage.supplier.saveProduct(stage.sample.supplierId, definition));
    const { uuid } = await booked(stage);
    accepted(await stage.supplier.accept(stage.website, uuid));
    const availabilityId = '2026-06-10T16:00:00+02:00';
    const moved = accepted(await stage.supplier.update(stage.website, uuid, { availabilityId }));
    expect(moved).toMatchObject({ status: 'CONFIRMED', availabilityId });
  });

  it('keeps its voucher in another slot, and gets another one with another product or option, in its formats', async () => {
    const stage = await openStage(await open());
    const { supplier, website, sample } = stage;
    const rowing = { ...(await stage.definition('rowing')), deliveryFormats: ['CODE128', 'PDF_URL'] as const };
    const cruise = await stage.definition('cruise');
    const [option] = cruise.options;
    const other = { ...option!, id: 'other', default: false };
    accepted(await supplier.saveProduct(sample.supplierId, rowing));
    accepted(await supplier.saveProduct(sample.supplierId, { ...cruise, options: [option!, other] }));
    const codes = ({ voucher }: BookingDocument) =>
      voucher!.deliveryOptions.map(({ deliveryFormat, deliveryValue }) => [deliveryFormat, deliveryValue]);
    const before = await booked(stage);
    const [[, code] = []] = codes(before);
    expect(code).toMatch(/./);
    const change = async (request: Update) => accepted(await supplier.update(website, before.uuid, request));
    const moved = await change({ availabilityId: '2026-06-10T16:00:00+02:00' });
    expect(codes(moved)).toEqual(codes(before));
    const another = await change({ optionId: 'other' });
    expect(codes(another).map(([format]) => format)).toEqual(codes(before).map(([format]) => format));
    expect(codes(another).flat()).not.toContain(code);
    const { productId, optionId, availabilityId, unitItems } = stage.rowing();
    const exchanged = await change({ productId, optionId, availabilityId, unitItems });
    expect(codes(exchanged)).toEqual([['CODE128', expect.stringMatching(/^[0-9A-Z]{26}$/)]]);
    expect(codes(exchanged).flat()).not.toContain(codes(another)[0]![1]);
    const order = accepted(await supplier.order(website, before.orderId));
    expect(order.voucher!.deliveryOptions).toEqual(exchanged.voucher!.deliveryOptions);
  });

  it('does not become CONFIRMED for what its supplier confirms by hand', async () => {
    const stage = await openStage(await open());
    const before = await booked(stage);
    const definition = { ...(await stage.definition('rowing')), instantConfirmation: false };
    accepted(await stage.supplier.saveProduct(stage.sample.supplierId, definition));
    const { units } = stage.sample.products.rowing;
    const change = { ...stage.rowing(), unitItems: [{ unitId: units.ADULT! }] };
    const { productId, optionId, availabilityId, unitItems } = change;
    const request = { productId, optionId, availabilityId, unitItems };
    expect(refusalOf(await stage.supplier.update(stage.website, before.uuid, request)).kind).toBe('unprocessable');
    expect(accepted(await stage.supplier.booking(stage.website, before.uuid))).toEqual(before);
    const hold = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ contact: guest })));
    accepted(await stage.supplier.update(stage.website, hold.uuid, request));
    expect(accepted(await stage.supplier.confirm(stage.website, hold.uuid, {})).status).toBe('PENDING');
  });
});
