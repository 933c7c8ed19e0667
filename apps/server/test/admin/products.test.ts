import { expect, it } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { answered, openStage, type Stage } from './stage.ts';

const pathOf = (stage: Stage, product: keyof Stage['sample']['products'] = 'cruise') =>
  `/products/${stage.sample.products[product].productId}`;
const optionPath = (stage: Stage, product: keyof Stage['sample']['products'] = 'cruise') =>
  `${pathOf(stage, product)}/options/${stage.sample.products[product].optionId}`;

onEachEngine('the catalogue over /api', (open) => {
  it('gives definitions that can be put back as they are, which changes nothing', async () => {
    const stage = await openStage(await open());
    const { products } = await answered(200, stage.api('GET', '/products'));
    expect(products).toHaveLength(4);
    for (const product of products) {
      expect(await answered(200, stage.api('PUT', `/products/${product.id}`, product))).toEqual(product);
      expect(await answered(200, stage.api('GET', `/products/${product.id}`))).toEqual(product);
    }
    expect(await stage.events()).toEqual([]);
  });

  it('makes, changes and deletes products, and OCTO shows it', async () => {
    const stage = await openStage(await open());
    const { id: _, ...cruise } = await answered(200, stage.api('GET', pathOf(stage)));
    const made = await answered(201, stage.api('POST', '/products', { ...cruise, reference: 'SECOND' }));
    const shown = () => stage.octo.website('GET', `/products/${made.id}`);
    expect((await shown()).body).toMatchObject({ id: made.id, reference: 'SECOND' });
    expect((await answered(400, stage.api('POST', '/products', made))).message).toContain('id');
    const title = { $text: { en: 'Night Cruise', de: 'Nachtfahrt' } };
    const patched = await answered(200, stage.api('PATCH', `/products/${made.id}`, { title, reference: null }));
    expect(patched).toEqual({ ...made, title, reference: null });
    expect((await shown()).body.reference).toBeNull();
    const change = (await stage.events()).findLast((event) => event.type === 'product_update');
    expect(change).toMatchObject({ subjectId: made.id, after: { title } });
    await answered(200, stage.api('DELETE', `/products/${made.id}`));
    expect(await shown()).toMatchObject({ status: 400, body: { error: 'INVALID_PRODUCT_ID', productId: made.id } });
    await answered(404, stage.api('GET', `/products/${made.id}`));
    await answered(404, stage.api('PATCH', `/products/${made.id}`, { reference: 'x' }));
    await answered(404, stage.api('DELETE', `/products/${made.id}`));
  });

  it('changes an option: its schedule by season, its closures, its prices, its units', async () => {
    const stage = await openStage(await open());
    const { productId, optionId } = stage.sample.products.cruise;
    const { options } = await answered(200, stage.api('GET', pathOf(stage)));
    const [{ schedule }] = options;
    const summer = { ...schedule, startTimes: ['09:30'], season: { from: '2026-06-09', to: '2026-06-10' } };
    const closures = [{ from: '2026-06-11', to: '2026-06-11' }];
    await answered(200, stage.api('PATCH', optionPath(stage), { seasons: [summer], closures }));
    const range = { productId, optionId, localDateStart: '2026-06-08', localDateEnd: '2026-06-12' };
    const slots: { id: string; status: string }[] = (await stage.octo.website('POST', '/availability', range)).body;
    const times = (date: string) =>
      slots.filter((slot) => slot.id.startsWith(date)).map((slot) => slot.id.slice(11, 16));
    expect([times('2026-06-08'), times('2026-06-09'), times('2026-06-10')]).toEqual([
      ['10:00', '12:00', '14:00', '16:00'],
      ['09:30'],
      ['09:30'],
    ]);
    const closed = slots.filter((slot) => slot.status === 'CLOSED').map((slot) => slot.id.slice(0, 10));
    expect(closed).toEqual(Array.from({ length: 4 }, () => '2026-06-11'));
    const days = (await stage.octo.website('POST', '/availability/calendar', range)).body;
    expect(days.map((day: { status: string }) => day.status)).toEqual([
      'AVAILABLE',
      'AVAILABLE',
      'AVAILABLE',
      'CLOSED',
      'AVAILABLE',
    ]);
    const product = (await stage.octo.website('GET', pathOf(stage))).body;
    expect(product.options[0].availabilityLocalStartTimes).toEqual(['09:30', '10:00', '12:00', '14:00', '16:00']);
    await answered(404, stage.api('PATCH', `${pathOf(stage)}/options/none`, { closures: [] }));
  });

  it('edits one slot, and says what cannot be', async () => {
    const stage = await openStage(await open());
    const request = stage.rowing({ adults: 4 });
    expect(await stage.supplier.reserve(stage.website, request)).toMatchObject({ ok: true });
    const path = `${optionPath(stage, 'rowing')}/availability/${encodeURIComponent(request.availabilityId ?? '')}`;
    expect(await answered(200, stage.api('GET', path))).toMatchObject({ capacity: 10, vacancies: 6 });
    expect(await answered(200, stage.api('PATCH', path, { capacity: 20 }))).toMatchObject({
      capacity: 20,
      vacancies: 16,
    });
    expect(await answered(200, stage.api('PATCH', path, { closed: true }))).toMatchObject({ status: 'CLOSED' });
    expect((await answered(422, stage.api('PATCH', path, { capacity: 3 }))).message).toContain('capacity');
    expect((await answered(400, stage.api('PATCH', path, { capacity: 'many' }))).message).toContain('capacity');
    await answered(404, stage.api('PATCH', path.slice(0, -3), { closed: true }));
    const change = (await stage.events()).findLast((event) => event.type === 'availability_update');
    const { productId, optionId } = stage.sample.products.rowing;
    expect(change?.after).toMatchObject({ productId, optionId, id: request.availabilityId, status: 'CLOSED' });
  });

  it.each([
    [{ internalName: '' }, 'internalName'],
    [{ title: { $text: {} } }, 'title'],
    [{ title: { $text: { 'not a tag': 'x' } } }, 'title'],
    [{ timeZone: 'Europe/Atlantis' }, 'time zone'],
    [{ availabilityType: 'SOMETIMES' }, 'availabilityType'],
    [{ deliveryFormats: [] }, 'deliveryFormats'],
    [{ availableCurrencies: ['EUR', 'USD'] }, 'USD'],
    [{ taxes: [{ name: 'VAT', percent: -1 }] }, 'taxes[0].percent'],
    [{ options: [] }, 'options'],
    [{ nonsense: 1 }, 'nonsense'],
  ])('refuses a product with %j, naming the field, and changes nothing', async (patch, field) => {
    const stage = await openStage(await open());
    const before = await answered(200, stage.api('GET', pathOf(stage)));
    const { error, message } = await answered(400, stage.api('PATCH', pathOf(stage), patch));
    expect([error, message]).toEqual(['bad_request', expect.stringContaining(field)]);
    expect(await answered(200, stage.api('GET', pathOf(stage)))).toEqual(before);
    expect(await stage.events()).toEqual([]);
  });

  it.each([
    [{ closures: [{ from: '2026-02-30', to: '2026-03-01' }] }, 'closures[0].from'],
    [{ closures: [{ from: '2026-03-02', to: '2026-03-01' }] }, 'closure'],
    [{ restrictions: { minUnits: null, maxUnits: null } }, 'restrictions.minUnits'],
    [{ restrictions: { minUnits: 5, maxUnits: 2 } }, 'minUnits'],
    [{ bookingCutoffMinutes: -5 }, 'bookingCutoffMinutes'],
    [{ units: [] }, 'units'],
    [{ schedule: { type: 'START_TIME', startTimes: ['25:00'] } }, 'schedule.startTimes[0]'],
    [{ schedule: { type: 'NEVER' } }, 'schedule.type'],
  ])('refuses an option with %j, naming the field', async (patch, field) => {
    const stage = await openStage(await open());
    expect((await answered(400, stage.api('PATCH', optionPath(stage), patch))).message).toContain(field);
    expect(await stage.events()).toEqual([]);
  });

  it('is described in OpenAPI by the schemas that check it', async () => {
    const stage = await openStage(await open());
    const { paths, components } = await answered(200, stage.api('GET', '/openapi.json'));
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        '/suppliers',
        '/suppliers/{id}/suspend',
        '/connections/{id}/key/rotate',
        '/products/{id}/options/{optionId}',
        '/products/{id}/options/{optionId}/availability/{availabilityId}',
      ]),
    );
    const { properties, required } = components.schemas.Product;
    expect(properties.availabilityType.enum).toEqual(['START_TIME', 'OPENING_HOURS']);
    expect(properties.options.items.properties.closures.items.properties.from).toMatchObject({ type: 'string' });
    expect(required).toContain('options');
    expect(required).not.toContain('pricingPer');
  });

  it('refuses a body that is no JSON, and none at all', async () => {
    const stage = await openStage(await open());
    await answered(400, stage.api('POST', '/products'));
    await answered(400, stage.api('POST', '/products', 'text'));
  });
});
