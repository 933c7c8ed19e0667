import { expect, it } from 'vitest';
import type { CalendarDay } from '../../src/supplier/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { accepted, openStage, refusalOf, type Stage } from './stage.ts';

onEachEngine('availability', (open) => {
  const cruiseOf = ({ sample }: Stage) => ({
    productId: sample.products.cruise.productId,
    optionId: sample.products.cruise.optionId,
  });

  it('lists the slots of a range with what is booked of them, in one query', async () => {
    const db = await open();
    const stage = await openStage(db);
    accepted(await stage.supplier.reserve(stage.website, stage.cruise()));
    const before = db.statements;
    const slots = accepted(
      await stage.supplier.availability(stage.sample.supplierId, {
        ...cruiseOf(stage),
        localDateStart: '2026-06-09',
        localDateEnd: '2026-06-10',
      }),
    );
    // The product and the slots together.
    expect(db.statements - before).toBe(1);
    expect(slots.map((slot) => [slot.id, slot.vacancies])).toEqual([
      ['2026-06-09T10:00:00+02:00', 2_000],
      ['2026-06-09T12:00:00+02:00', 2_000],
      ['2026-06-09T14:00:00+02:00', 2_000],
      ['2026-06-09T16:00:00+02:00', 2_000],
      ['2026-06-10T10:00:00+02:00', 2_000],
      ['2026-06-10T12:00:00+02:00', 2_000],
      ['2026-06-10T14:00:00+02:00', 1_998],
      ['2026-06-10T16:00:00+02:00', 2_000],
    ]);
    expect(slots[6]).toEqual({
      ...cruiseOf(stage),
      id: '2026-06-10T14:00:00+02:00',
      localDateTimeStart: '2026-06-10T14:00:00+02:00',
      localDateTimeEnd: '2026-06-10T15:30:00+02:00',
      utcCutoffAt: '2026-06-10T11:00:00Z',
      allDay: false,
      available: true,
      status: 'AVAILABLE',
      vacancies: 1_998,
      capacity: 2_000,
      maxUnits: 8,
      openingHours: [],
      title: null,
      unitPricing: [
        expect.objectContaining({ unitId: stage.sample.products.cruise.units.ADULT, retail: 2_900, currency: 'EUR' }),
        expect.objectContaining({ unitId: stage.sample.products.cruise.units.CHILD, retail: 1_500, currency: 'EUR' }),
      ],
    });
  });

  it('leaves out slots that are past their cut-off, and shows them by id as not available', async () => {
    const stage = await openStage(await open());
    // 10:00 in Hamburg: the cruise of 10:00 has left, that of 12:00 can be booked until 11:00.
    const range = { ...cruiseOf(stage), localDateStart: '2026-05-31', localDateEnd: '2026-06-01' };
    const slots = accepted(await stage.supplier.availability(stage.sample.supplierId, range));
    expect(slots.map((slot) => slot.id.slice(11, 16))).toEqual(['12:00', '14:00', '16:00']);
    const availabilityIds = ['2026-06-01T10:00:00+02:00'];
    const [left] = accepted(
      await stage.supplier.availability(stage.sample.supplierId, { ...cruiseOf(stage), availabilityIds }),
    );
    expect(left).toMatchObject({ available: false });
  });

  it('shows a slot as sold out to more than it has room for, with the price of all', async () => {
    const stage = await openStage(await open());
    const { productId, optionId, units } = stage.sample.products.rowing;
    accepted(await stage.supplier.reserve(stage.website, stage.rowing({ adults: 8 })));
    const ask = async (quantity: number) => {
      const [slot] = accepted(
        await stage.supplier.availability(stage.sample.supplierId, {
          productId,
          optionId,
          availabilityIds: [stage.rowing().availabilityId!],
          units: [{ id: units.ADULT!, quantity }],
        }),
      );
      return slot!;
    };
    expect(await ask(2)).toMatchObject({
      status: 'LIMITED',
      available: true,
      vacancies: 2,
      pricing: { retail: 9_000 },
    });
    expect(await ask(3)).toMatchObject({ status: 'SOLD_OUT', available: false, vacancies: 2 });
    expect(await ask(2)).not.toHaveProperty('unitPricing');
  });

  it('refuses what it does not know, and ranges that are none', async () => {
    const stage = await openStage(await open());
    const { productId, optionId } = cruiseOf(stage);
    const day = { localDateStart: '2026-06-10', localDateEnd: '2026-06-10' };
    const refused = async (query: object) =>
      refusalOf(await stage.supplier.availability(stage.sample.supplierId, { productId, optionId, ...day, ...query }));
    expect(await refused({ productId: 'x' })).toEqual({ kind: 'product', productId: 'x' });
    expect(await refused({ optionId: 'x' })).toEqual({ kind: 'option', optionId: 'x' });
    expect(await refused({ units: [{ id: 'x', quantity: 1 }] })).toEqual({ kind: 'unit', unitId: 'x' });
    expect(await refused({ availabilityIds: ['x'] })).toEqual({ kind: 'availability', availabilityId: 'x' });
    expect(await refused({ localDateStart: '2026-06-31' })).toMatchObject({ kind: 'bad_request' });
    expect(await refused({ localDateStart: '2026-06-11' })).toMatchObject({ kind: 'bad_request' });
    expect(await refused({ localDateEnd: '2027-06-11' })).toMatchObject({ kind: 'bad_request' });
    expect(await refused({ localDateEnd: undefined })).toMatchObject({ kind: 'bad_request' });
  });

  it('is another supplier’s business only for that supplier', async () => {
    const stage = await openStage(await open());
    const query = { ...cruiseOf(stage), localDateStart: '2026-06-10', localDateEnd: '2026-06-10' };
    const refused = await stage.supplier.availability('c0000000-0000-4000-8000-00000000ffff', query);
    expect(refusalOf(refused)).toEqual({ kind: 'product', productId: query.productId });
  });
});

onEachEngine('the calendar', (open) => {
  const ask = async (stage: Stage, product: 'cruise' | 'museum' | 'rowing', from: string, to: string, units?: []) => {
    const { productId, optionId } = stage.sample.products[product];
    const query = { productId, optionId, localDateStart: from, localDateEnd: to, units };
    return accepted(await stage.supplier.calendar(stage.sample.supplierId, query)) as CalendarDay[];
  };

  it('has every day of a year, for one statement', async () => {
    const db = await open();
    const stage = await openStage(db);
    accepted(await stage.supplier.reserve(stage.website, stage.cruise()));
    const before = db.statements;
    const days = await ask(stage, 'cruise', '2026-06-01', '2027-05-31');
    expect(db.statements - before).toBe(1);
    expect(days).toHaveLength(365);
    expect(days[0]).toMatchObject({ localDate: '2026-06-01', available: true, vacancies: 6_000, capacity: 6_000 });
    expect(days[9]).toMatchObject({ localDate: '2026-06-10', status: 'AVAILABLE', vacancies: 7_998, capacity: 8_000 });
    expect(days[9]!.unitPricingFrom).toHaveLength(2);
  });

  it('shows past days as closed, and a day with nothing left as sold out', async () => {
    const stage = await openStage(await open());
    const { productId, optionId } = stage.sample.products.rowing;
    const early = { productId, optionId, availabilityId: '2026-06-11T18:00:00+02:00' };
    accepted(await stage.supplier.editSlot(stage.sample.supplierId, { ...early, closed: true }));
    const days = await ask(stage, 'rowing', '2026-05-31', '2026-06-11');
    expect(days[0]).toMatchObject({ status: 'CLOSED', available: false, vacancies: 0, capacity: 0 });
    expect(days.at(-1)).toMatchObject({ localDate: '2026-06-11', status: 'SOLD_OUT', available: false, vacancies: 0 });
    expect(days[1]).toMatchObject({ status: 'AVAILABLE', vacancies: 20 });
  });

  it('has the opening hours of each day', async () => {
    const stage = await openStage(await open());
    const days = await ask(stage, 'museum', '2026-06-01', '2026-06-04');
    expect(days.map((day) => day.openingHours)).toEqual([
      [{ from: '09:00', to: '18:00' }],
      [{ from: '09:00', to: '18:00' }],
      [{ from: '09:00', to: '18:00' }],
      [{ from: '09:00', to: '21:00' }],
    ]);
    expect(days[3]).toMatchObject({ vacancies: 2_000, available: true });
  });

  it('prices the units that are asked about together', async () => {
    const stage = await openStage(await open());
    const { units } = stage.sample.products.rowing;
    const wanted = [
      { id: units.ADULT!, quantity: 2 },
      { id: units.CHILD!, quantity: 1 },
    ] as unknown as [];
    const [day] = await ask(stage, 'rowing', '2026-06-10', '2026-06-10', wanted);
    expect(day).toMatchObject({ pricingFrom: { retail: 11_500 }, available: true });
    expect(day).not.toHaveProperty('unitPricingFrom');
  });
});
