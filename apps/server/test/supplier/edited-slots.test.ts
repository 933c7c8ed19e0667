import { randomUUID } from 'node:crypto';
import type { AvailabilityDocument, ProductDocument } from '@carillon/contract';
import { expect, it } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { edits, ofDay, priced, retail, save, shown, timesOf, updates, withOption } from './edits.ts';
import { accepted, guest, openStage, refusalOf } from './stage.ts';

onEachEngine('the slots of a product that was edited', (open) => {
  it('are told each of what changed of it, whether somebody reserved it or not, and no others are', async () => {
    const stage = await openStage(await open());
    accepted(await stage.supplier.reserve(stage.website, stage.cruise()));
    const definition = await stage.definition('cruise');
    const before = await shown(stage, definition, '2026-06-09', '2026-06-10');
    await save(stage, withOption(definition, { closures: [{ from: '2026-06-09', to: '2026-06-10' }] }));
    expect(await updates(stage)).toHaveLength(1);
    await stage.tellOfEdits();
    const told = (await updates(stage)).slice(1);
    const after = await shown(stage, definition, '2026-06-09', '2026-06-10');
    const byId = (documents: readonly AvailabilityDocument[]) => documents.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(byId(told.map((event) => event.before))).toEqual(before);
    expect(byId(told.map((event) => event.after))).toEqual(after);
    expect(after.every(({ status }) => status === 'CLOSED')).toBe(true);
    expect(told.map(({ position }) => position).sort()).toEqual([1, 1, 1, 1, 1, 1, 1, 2]);
    // The product itself looks as it did.
    expect((await stage.events()).filter((event) => event.type === 'product_update')).toEqual([]);
    expect(await edits(stage)).toEqual([]);
    await save(stage, definition);
    await stage.tellOfEdits();
    expect((await updates(stage)).slice(9).map((event) => event.after.status)).toEqual(Array(8).fill('AVAILABLE'));
  });

  it('are not told of what none of them shows', async () => {
    const stage = await openStage(await open());
    accepted(await stage.supplier.reserve(stage.website, stage.cruise()));
    await save(stage, { ...(await stage.definition('cruise')), reference: 'OTHER' });
    expect(await edits(stage)).toEqual([]);
  });

  it('are told as far ahead as a calendar can see, and beyond where somebody reserved one', async () => {
    const stage = await openStage(await open());
    const far = { ...stage.cruise(), availabilityId: '2028-06-10T14:00:00+02:00' };
    accepted(await stage.supplier.reserve(stage.website, far));
    const definition = await stage.definition('cruise');
    await save(stage, priced(definition, 3_100));
    await stage.tellOfEdits();
    const told = (await updates(stage)).slice(1);
    // From yesterday to 366 days ahead, four a day.
    expect(told).toHaveLength(4 * 368 + 1);
    expect(new Set(told.map(({ subjectId }) => subjectId)).size).toBe(told.length);
    const days = [...new Set(told.map(({ after }) => after.id.slice(0, 10)))].sort();
    expect([days.at(0), days.at(-2), days.at(-1)]).toEqual(['2026-05-31', '2027-06-02', '2028-06-10']);
    expect(new Set(told.map(({ before, after }) => `${retail(before)} ${retail(after)}`))).toEqual(
      new Set(['2900 3100']),
    );
    expect(ofDay(told, '2028-06-10')[0]!.after).toEqual(await stage.slot(far));
  });

  it('are CLOSED where they are no longer scheduled, and come from there where they are new', async () => {
    const stage = await openStage(await open());
    const definition = await stage.definition('cruise');
    const [gone] = await shown(stage, definition, '2026-06-10', '2026-06-10');
    await save(stage, timesOf(definition, ['11:00', '12:00', '14:00', '16:00']));
    await stage.tellOfEdits();
    const told = ofDay(await updates(stage), '2026-06-10').sort((a, b) => (a.after.id < b.after.id ? -1 : 1));
    const [made] = await shown(stage, definition, '2026-06-10', '2026-06-10');
    const closed = { status: 'CLOSED', available: false };
    expect(told.map(({ before, after }) => [before, after])).toEqual([
      [gone, { ...gone, ...closed }],
      [{ ...made, ...closed }, made],
    ]);
    expect(told.map(({ after }) => after.id.slice(11, 16))).toEqual(['10:00', '11:00']);
    // What was told of once is told of again, though neither edit names it.
    await save(stage, definition);
    await stage.tellOfEdits();
    const again = ofDay(await updates(stage), '2026-06-10').slice(2);
    expect(again.map(({ after }) => [after.id.slice(11, 16), after.status]).sort()).toEqual([
      ['10:00', 'AVAILABLE'],
      ['11:00', 'CLOSED'],
    ]);
  });

  it('show a capacity that changes with the schedule', async () => {
    const stage = await openStage(await open());
    accepted(await stage.supplier.reserve(stage.website, stage.rowing({ adults: 4 })));
    const definition = await stage.definition('rowing');
    const capacities = [{ weekdays: [3], startTimes: ['20:00'], season: { from: null, to: null }, capacity: 6 }];
    await save(stage, withOption(definition, { capacities }));
    await stage.tellOfEdits();
    const told = ofDay((await updates(stage)).slice(1), '2026-06-10');
    expect(told.map(({ after }) => [after.status, after.capacity, after.vacancies])).toEqual([['LIMITED', 6, 2]]);
  });

  it('of a product that is deleted are CLOSED, and there again when it is; the product has no options meanwhile', async () => {
    const stage = await openStage(await open());
    const { supplier, sample } = stage;
    const booking = accepted(await supplier.reserve(stage.website, stage.cruise({ contact: guest })));
    const definition = await stage.definition('cruise');
    const { id } = definition;
    const product = accepted(await supplier.product(sample.supplierId, id));
    stage.clock.now += 1;
    expect(await supplier.deleteProduct(sample.supplierId, id)).toEqual({ ok: true, value: true });
    await stage.tellOfEdits();
    const unknown = { kind: 'product', productId: id };
    expect(refusalOf(await supplier.product(sample.supplierId, id))).toEqual(unknown);
    expect(refusalOf(await supplier.deleteProduct(sample.supplierId, id))).toEqual(unknown);
    expect(refusalOf(await supplier.reserve(stage.website, stage.cruise()))).toEqual(unknown);
    expect((await supplier.products(sample.supplierId)).map((one) => one.id)).not.toContain(id);
    const gone = (await updates(stage)).slice(1);
    expect(gone).toHaveLength(4 * 368);
    for (const { after } of gone) expect(after).toMatchObject({ status: 'CLOSED', available: false });
    stage.clock.now += 1;
    expect(accepted(await supplier.confirm(stage.website, booking.uuid, {})).status).toBe('CONFIRMED');
    accepted(await supplier.cancel(stage.website, booking.uuid, {}));
    await save(stage, definition);
    await stage.tellOfEdits();
    expect(await stage.slot(stage.cruise())).toMatchObject({ status: 'AVAILABLE', vacancies: 2_000 });
    const back = (await updates(stage)).slice(1 + gone.length);
    expect(back).toHaveLength(gone.length);
    for (const { before, after } of back) expect([before.status, after.status]).toEqual(['CLOSED', 'AVAILABLE']);
    const products = (await stage.events()).filter((event) => event.type === 'product_update');
    expect(products.map(({ before, after }) => [before, after])).toEqual([
      [product, { ...product, options: [] }],
      [{ ...product, options: [] }, product],
    ]);
    expect((products.at(-1)!.after as ProductDocument).options).toHaveLength(1);
  }, 20_000);

  it('of a new product are told of nothing, for nobody knows them', async () => {
    const stage = await openStage(await open());
    await save(stage, { ...(await stage.definition('cruise')), id: randomUUID() });
    expect(await edits(stage)).toEqual([]);
  });
});
