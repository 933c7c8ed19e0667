import { randomUUID } from 'node:crypto';
import type { AvailabilityDocument, ProductDocument } from '@carillon/contract';
import { expect, it } from 'vitest';
import type { ProductDefinition } from '../../src/supplier/index.ts';
import { seedSample } from '../../src/supplier/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { accepted, guest, monday, openStage, refusalOf } from './stage.ts';

const euros = (cents: number) => ({ currency: 'EUR', original: cents, retail: cents, net: null });

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

onEachEngine('a slot with more places than its schedule has', (open) => {
  it('keeps them while they are booked', async () => {
    const stage = await openStage(await open());
    const { productId, optionId, availabilityId } = stage.rowing();
    const slot = { productId, optionId, availabilityId: availabilityId! };
    const { supplierId } = stage.sample;
    accepted(await stage.supplier.editSlot(supplierId, { ...slot, capacity: 12 }));
    for (const adults of [6, 6]) accepted(await stage.supplier.reserve(stage.website, stage.rowing({ adults })));
    const back = await stage.supplier.editSlot(supplierId, { ...slot, capacity: null });
    expect(refusalOf(back)).toMatchObject({ kind: 'unprocessable', message: expect.stringContaining('10') });
    expect(accepted(await stage.supplier.editSlot(supplierId, { ...slot, closed: true }))).toMatchObject({
      capacity: 12,
    });
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
