import { randomUUID } from 'node:crypto';
import type { AvailabilityDocument, ProductDocument } from '@carillon/contract';
import { expect, it } from 'vitest';
import type { ProductDefinition } from '../../src/supplier/index.ts';
import { seedSample } from '../../src/supplier/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { accepted, guest, monday, openStage, refusalOf, type Stage } from './stage.ts';

const euros = (cents: number) => ({ currency: 'EUR', original: cents, retail: cents, net: null });

/** The definition with its first option changed. */
function withOption(
  definition: ProductDefinition,
  change: Partial<ProductDefinition['options'][number]>,
): ProductDefinition {
  const [option, ...others] = definition.options;
  return { ...definition, options: [{ ...option!, ...change }, ...others] };
}

const anyDay = { weekdays: [1, 2, 3, 4, 5, 6, 7], startTimes: null, season: { from: null, to: null } };

const availabilityUpdates = async (stage: Stage) =>
  (await stage.events()).filter((event) => event.type === 'availability_update');

onEachEngine('editing the catalogue', (open) => {
  it('records what changed of a product, and leaves bookings as they were made', async () => {
    const stage = await openStage(await open());
    const booking = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ contact: guest })));
    const definition = await stage.definition('cruise');
    const before = accepted(await stage.supplier.product(stage.sample.supplierId, definition.id));
    const title = { $text: { ...definition.title.$text, en: 'Greater Harbour Cruise' } };
    const after = accepted(await stage.supplier.saveProduct(stage.sample.supplierId, { ...definition, title }));
    expect(after).toEqual({ ...before, title });
    expect(accepted(await stage.supplier.product(stage.sample.supplierId, definition.id))).toEqual(after);
    const change = (await stage.events()).find((event) => event.type === 'product_update');
    expect(change).toMatchObject({ subjectId: definition.id, connectionId: null, before, after });
    const confirmed = accepted(await stage.supplier.confirm(stage.website, booking.uuid, {}));
    expect(confirmed.product).toEqual(booking.product);
  });

  it('keeps the price that a booking was made at for the unit items that it keeps', async () => {
    const stage = await openStage(await open());
    const booking = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ adults: 1 })));
    const definition = await stage.definition('cruise');
    const [option] = definition.options;
    const prices = [{ currency: 'EUR', original: 5_000, retail: 5_000, net: null }];
    const units = option!.units.map((unit) => ({ ...unit, prices }));
    accepted(
      await stage.supplier.saveProduct(stage.sample.supplierId, { ...definition, options: [{ ...option!, units }] }),
    );
    const [kept] = booking.unitItems;
    const unitItems = [{ uuid: kept!.uuid, unitId: kept!.unitId }, { unitId: kept!.unitId }];
    const updated = accepted(await stage.supplier.update(stage.website, booking.uuid, { unitItems }));
    expect(updated.unitItems.map((item) => item.pricing?.retail)).toEqual([2_900, 5_000]);
    expect(updated.pricing).toMatchObject({ retail: 7_900, net: null });
  });

  it('records nothing when the document stays as it is, and refuses what cannot be sold', async () => {
    const stage = await openStage(await open());
    const definition = await stage.definition('cruise');
    accepted(await stage.supplier.saveProduct(stage.sample.supplierId, definition));
    const cannot = async (change: Partial<ProductDefinition>) =>
      refusalOf(await stage.supplier.saveProduct(stage.sample.supplierId, { ...definition, ...change }));
    for (const change of [
      { options: [] },
      { timeZone: 'Europe/Atlantis' },
      { availableCurrencies: ['EUR', 'USD'] },
      { defaultCurrency: 'USD' },
      { availabilityType: 'OPENING_HOURS' as const },
      { options: [definition.options[0]!, definition.options[0]!] },
      { options: [{ ...definition.options[0]!, default: false }] },
      { options: [{ ...definition.options[0]!, closures: [{ from: '2026-06-02', to: '2026-06-01' }] }] },
      { options: [{ ...definition.options[0]!, prices: [euros(1_000)] }] },
      { pricingPer: 'BOOKING' as const },
    ]) {
      expect(await cannot(change)).toMatchObject({ kind: 'bad_request' });
    }
    expect(await stage.events()).toEqual([]);
  });

  it('does not touch a product of another supplier, though it has the same id', async () => {
    const db = await open();
    const stage = await openStage(db);
    const { supplier, sample } = stage;
    const definition = await stage.definition('cruise');
    const other = randomUUID();
    await db.run(
      `insert into suppliers (id, document, language, languages, time_zone, hold_seconds, settling_ms, created_at)
       values ($1, '{}', 'en', '["en"]', 'Europe/Berlin', 60, 0, 0)`,
      [other],
    );
    const before = accepted(await supplier.product(sample.supplierId, definition.id));
    accepted(await supplier.reserve(stage.website, stage.cruise()));
    accepted(await supplier.saveProduct(other, { ...definition, internalName: 'Of somebody else' }));
    expect(accepted(await supplier.product(sample.supplierId, definition.id))).toEqual(before);
    const { productId, optionId, availabilityId } = stage.cruise();
    const slot = { productId, optionId, availabilityId: availabilityId! };
    expect(accepted(await supplier.editSlot(other, { ...slot, capacity: 1 }))).toMatchObject({ vacancies: 1 });
    expect(await stage.slot(slot)).toMatchObject({ capacity: 2_000, vacancies: 1_998 });
    expect(await supplier.products(other)).toMatchObject([{ internalName: 'Of somebody else' }]);
  });

  it('adds a new product as the last', async () => {
    const stage = await openStage(await open());
    const definition = { ...(await stage.definition('cruise')), id: randomUUID() };
    accepted(await stage.supplier.saveProduct(stage.sample.supplierId, definition));
    const products = await stage.supplier.products(stage.sample.supplierId);
    expect(products.map((product: ProductDocument) => product.reference)).toEqual([
      'CRUISE',
      'MUSEUM',
      'RIDDLE',
      'ROWING',
      'CRUISE',
    ]);
    const change = (await stage.events()).find((event) => event.type === 'product_update');
    expect(change).toMatchObject({ subjectId: definition.id, position: 1, before: null });
  });
});

onEachEngine('editing a schedule', (open) => {
  it('tells of each slot that somebody reserved and that looks different now, and of no other', async () => {
    const stage = await openStage(await open());
    const [first, second] = [stage.cruise(), stage.cruise({ date: '2026-06-12' })];
    for (const request of [first, second]) accepted(await stage.supplier.reserve(stage.website, request));
    const definition = await stage.definition('cruise');
    const before = await stage.slot(first);
    const closures = [{ from: '2026-06-09', to: '2026-06-10' }];
    stage.clock.now += 1;
    accepted(await stage.supplier.saveProduct(stage.sample.supplierId, withOption(definition, { closures })));
    const changes = (await availabilityUpdates(stage)).slice(2);
    expect(changes).toMatchObject([
      { before, after: { ...before, status: 'CLOSED', available: false }, connectionId: null, position: 2 },
    ]);
    expect(changes[0]!.after).toEqual(await stage.slot(first));
    expect(await stage.slot(second)).toMatchObject({ status: 'AVAILABLE' });
    expect(refusalOf(await stage.supplier.reserve(stage.website, stage.cruise())).kind).toBe('unprocessable');
    // The product itself looks as it did.
    expect((await stage.events()).filter((event) => event.type === 'product_update')).toEqual([]);
    stage.clock.now += 1;
    accepted(await stage.supplier.saveProduct(stage.sample.supplierId, definition));
    expect((await availabilityUpdates(stage)).at(-1)).toMatchObject({
      after: { status: 'AVAILABLE', available: true },
    });
  });

  it('shows a slot that is no longer scheduled as closed, and one whose capacity changes with it', async () => {
    const stage = await openStage(await open());
    accepted(await stage.supplier.reserve(stage.website, stage.rowing({ adults: 4 })));
    accepted(await stage.supplier.reserve(stage.website, stage.rowing({ adults: 2, date: '2026-06-12' })));
    const definition = await stage.definition('rowing');
    const [{ schedule }] = definition.options as [ProductDefinition['options'][number]];
    const capacities = [{ weekdays: [3], startTimes: ['20:00'], season: schedule.season, capacity: 6 }];
    stage.clock.now += 1;
    accepted(await stage.supplier.saveProduct(stage.sample.supplierId, withOption(definition, { capacities })));
    const cut = { ...schedule, startTimes: ['18:00'] } as typeof schedule;
    stage.clock.now += 1;
    accepted(await stage.supplier.saveProduct(stage.sample.supplierId, withOption(definition, { schedule: cut })));
    const seen = (await availabilityUpdates(stage)).map(({ subjectId, after }) => {
      const { status, capacity, vacancies } = after as AvailabilityDocument;
      return [subjectId.slice(-25, -15), status, capacity, vacancies];
    });
    expect(seen.slice(2).sort()).toEqual([
      ['2026-06-10', 'CLOSED', 6, 2],
      ['2026-06-10', 'LIMITED', 6, 2],
      ['2026-06-12', 'CLOSED', 10, 8],
    ]);
  });

  it('tells of the prices of a slot, which an audience with octo/pricing sees', async () => {
    const stage = await openStage(await open());
    accepted(await stage.supplier.reserve(stage.website, stage.cruise()));
    const definition = await stage.definition('cruise');
    const [option] = definition.options;
    const units = option!.units.map((unit) => ({ ...unit, prices: [euros(3_100)] }));
    stage.clock.now += 1;
    accepted(await stage.supplier.saveProduct(stage.sample.supplierId, withOption(definition, { units })));
    const changes = (await stage.events()).slice(-2);
    expect(changes.map((event) => event.type).sort()).toEqual(['availability_update', 'product_update']);
    const slot = changes.find((event) => event.type === 'availability_update')!;
    expect(slot.after).toMatchObject({ unitPricing: [{ retail: 3_100 }, { retail: 3_100 }] });
    expect(slot.after).toEqual(await stage.slot(stage.cruise()));
  });

  it('takes a product away, and puts it back', async () => {
    const stage = await openStage(await open());
    const { supplier, sample } = stage;
    const booking = accepted(await supplier.reserve(stage.website, stage.cruise({ contact: guest })));
    const definition = await stage.definition('cruise');
    const { id } = definition;
    stage.clock.now += 1;
    expect(await supplier.deleteProduct(sample.supplierId, id)).toEqual({ ok: true, value: true });
    const unknown = { kind: 'product', productId: id };
    expect(refusalOf(await supplier.product(sample.supplierId, id))).toEqual(unknown);
    expect(refusalOf(await supplier.deleteProduct(sample.supplierId, id))).toEqual(unknown);
    expect(refusalOf(await supplier.reserve(stage.website, stage.cruise()))).toEqual(unknown);
    expect((await supplier.products(sample.supplierId)).map((product) => product.id)).not.toContain(id);
    expect((await availabilityUpdates(stage)).at(-1)).toMatchObject({ after: { status: 'CLOSED', available: false } });
    stage.clock.now += 1;
    expect(accepted(await supplier.confirm(stage.website, booking.uuid, {})).status).toBe('CONFIRMED');
    accepted(await supplier.cancel(stage.website, booking.uuid, {}));
    stage.clock.now += 1;
    accepted(await supplier.saveProduct(sample.supplierId, definition));
    expect(await stage.slot(stage.cruise())).toMatchObject({ status: 'AVAILABLE', vacancies: 2_000 });
    expect((await availabilityUpdates(stage)).at(-1)).toMatchObject({
      after: { status: 'AVAILABLE', vacancies: 2_000 },
    });
  });

  it('while bookings are made leaves every slot as its last event says', async () => {
    const stage = await openStage(await open());
    const { supplier, sample } = stage;
    const definition = await stage.definition('cruise');
    const dates = ['2026-06-08', '2026-06-09', '2026-06-10', '2026-06-11'];
    const work = dates.flatMap((date, index) => [
      supplier.reserve(stage.website, stage.cruise({ date })),
      supplier.saveProduct(
        sample.supplierId,
        withOption(definition, { capacities: [{ ...anyDay, capacity: 100 + index }] }),
      ),
      supplier.reserve(stage.reseller, stage.cruise({ date })),
    ]);
    for (const result of await Promise.all(work)) accepted(result as Parameters<typeof accepted>[0]);
    const last = new Map((await availabilityUpdates(stage)).map((event) => [event.subjectId, event]));
    expect(last.size).toBe(dates.length);
    for (const date of dates) {
      const slot = await stage.slot(stage.cruise({ date }));
      expect(last.get(`${slot.productId}/${slot.optionId}/${slot.id}`)!.after).toEqual(slot);
      expect(slot.vacancies).toBe(slot.capacity! - 4);
    }
  });
});

onEachEngine('editing a slot', (open) => {
  it('records its capacity and closure as changes of its availability', async () => {
    const stage = await openStage(await open());
    const { productId, optionId, availabilityId } = stage.rowing();
    const slot = { productId, optionId, availabilityId: availabilityId! };
    const edit = (change: object) => stage.supplier.editSlot(stage.sample.supplierId, { ...slot, ...change });
    accepted(await stage.supplier.reserve(stage.website, stage.rowing({ adults: 4 })));
    expect(accepted(await edit({ capacity: 20 }))).toMatchObject({ capacity: 20, vacancies: 16, status: 'AVAILABLE' });
    expect(accepted(await edit({ closed: true }))).toMatchObject({ status: 'CLOSED', available: false, vacancies: 16 });
    expect(accepted(await edit({ closed: true }))).toMatchObject({ status: 'CLOSED' });
    expect(refusalOf(await edit({ capacity: 3 })).kind).toBe('unprocessable');
    expect(accepted(await edit({ closed: false, capacity: null }))).toMatchObject({ capacity: 10, vacancies: 6 });
    const changes = (await stage.events()).filter((event) => event.type === 'availability_update');
    expect(
      changes.map(({ after }) => [(after as AvailabilityDocument).status, (after as AvailabilityDocument).capacity]),
    ).toEqual([
      ['AVAILABLE', 10],
      ['AVAILABLE', 20],
      ['CLOSED', 20],
      ['AVAILABLE', 10],
    ]);
    expect(changes.at(-1)!.after).toEqual(await stage.slot(slot));
    expect(refusalOf(await edit({ availabilityId: 'x' }))).toEqual({ kind: 'availability', availabilityId: 'x' });
  });
});

onEachEngine('the sample data', (open) => {
  it('are there once, with four products, two connections and a departure that is sold out every week', async () => {
    const db = await open();
    const { supplier, sample, website, reseller } = await openStage(db);
    expect(sample.made).toBe(true);
    expect(website).toMatchObject({ kind: 'website', emails: true });
    expect(reseller).toMatchObject({ kind: 'reseller', emails: false });
    const again = await seedSample(db, { now: () => monday, newId: randomUUID, keyHashes: {} });
    expect(again).toEqual({ ...sample, made: false, connections: undefined });
    const products = await supplier.products(sample.supplierId);
    expect(products.map((product) => [product.availabilityType, Object.keys(product.title.$text)])).toEqual([
      ['START_TIME', ['en', 'de', 'es']],
      ['OPENING_HOURS', ['en', 'de', 'es']],
      ['START_TIME', ['en', 'de', 'es']],
      ['START_TIME', ['en', 'de', 'es']],
    ]);
    const profile = await supplier.profile(sample.supplierId);
    expect(profile).toMatchObject({ language: 'en', timeZone: 'Europe/Berlin', holdSeconds: 1_800 });
    const { productId, optionId } = sample.products.rowing;
    const slots = accepted(
      await supplier.availability(sample.supplierId, {
        productId,
        optionId,
        localDateStart: '2026-06-01',
        localDateEnd: '2026-07-01',
      }),
    );
    expect(slots.filter((slot) => slot.status === 'SOLD_OUT').map((slot) => slot.id)).toEqual([
      '2026-06-04T20:00:00+02:00',
      '2026-06-11T20:00:00+02:00',
      '2026-06-18T20:00:00+02:00',
      '2026-06-25T20:00:00+02:00',
    ]);
  });

  it('open with the keys that they are given later, and no more with the ones before', async () => {
    const db = await open();
    const { supplier, website, reseller } = await openStage(db);
    const key = 'c'.repeat(64);
    await seedSample(db, { now: () => monday, newId: randomUUID, keyHashes: { website: key } });
    expect(await supplier.connectionOf(key)).toEqual(website);
    expect(await supplier.connectionOf('a'.repeat(64))).toBeUndefined();
    expect(await supplier.connectionOf('b'.repeat(64))).toEqual(reseller);
  });
});
