import { expect, test } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { ok, openStage, refused } from './stage.ts';

const priced = { 'octo-capabilities': 'octo/pricing' };
const june = { localDateStart: '2026-06-10', localDateEnd: '2026-06-12' };

onEachEngine('what a supplier offers, over OCTO', (open) => {
  test('the supplier names itself and its endpoint, and shows its content to whoever asks for it', async () => {
    const { octo } = await openStage(await open());
    const plain = await ok(octo.website('GET', '/supplier'));
    expect(Object.keys(plain)).toEqual(['id', 'name', 'endpoint', 'contact']);
    expect(plain.endpoint).toBe('https://carillon.example/octo');
    expect(Object.keys(plain.contact)).toEqual(['website', 'email', 'telephone', 'address']);
    const content = await ok(octo.website('GET', '/supplier', undefined, { 'octo-capabilities': 'content' }));
    expect(content.shortDescription).toEqual(expect.any(String));
    expect(content.media).toEqual(expect.any(Array));
  });

  test('the capabilities are those whose fields and flows stand', async () => {
    const { octo } = await openStage(await open());
    const declared = await ok(octo.website('GET', '/capabilities'));
    expect(declared.map((capability: { id: string }) => capability.id)).toEqual([
      'octo/pricing',
      'octo/content',
      'octo/cart',
      'octo/webhooks',
    ]);
    expect(declared[0]).toEqual({ id: 'octo/pricing', revision: 1, required: false, dependencies: [], docs: null });
  });

  test('products have the fields of their capabilities and no others', async () => {
    const { octo } = await openStage(await open());
    const shown = async (capabilities: string) =>
      (await ok(octo.website('GET', '/products', undefined, { 'octo-capabilities': capabilities })))[0];
    const [core, pricing, content] = [await shown(''), await shown('pricing'), await shown('content')];
    expect(core).not.toHaveProperty('title');
    expect(core).not.toHaveProperty('defaultCurrency');
    expect(core.options[0].units[0]).not.toHaveProperty('pricingFrom');
    expect(pricing).toMatchObject({ defaultCurrency: 'EUR', pricingPer: 'UNIT' });
    expect(pricing.options[0].units[0].pricingFrom[0]).toMatchObject({ retail: 2_900, currency: 'EUR' });
    expect(pricing).not.toHaveProperty('title');
    expect(content.options[0].units[0].title).toEqual(expect.any(String));
    expect(content).not.toHaveProperty('defaultCurrency');
    expect(JSON.stringify([core, pricing, content])).not.toContain('$text');
  });

  test('a product is found by its id; an unknown one is INVALID_PRODUCT_ID with the id', async () => {
    const { octo, sample } = await openStage(await open());
    const { productId } = sample.products.museum;
    expect(await ok(octo.website('GET', `/products/${productId}`))).toMatchObject({ id: productId });
    for (const id of ['nothing', `${productId}\0`, '👩', 'x'.repeat(5_000), "' or 1=1 --"]) {
      const error = await refused(octo.website('GET', `/products/${encodeURIComponent(id)}`), 'INVALID_PRODUCT_ID');
      expect(error.productId).toBe(id);
    }
  });

  test('availability of a range, of a day and by id is the same slots', async () => {
    const { octo, sample } = await openStage(await open());
    const { productId, optionId } = sample.products.cruise;
    const check = (query: object) => ok(octo.website('POST', '/availability', { productId, optionId, ...query }));
    const range = await check(june);
    expect(range).toHaveLength(12);
    const day = await check({ localDate: '2026-06-10' });
    expect(day).toEqual(range.slice(0, 4));
    expect(await check({ availabilityIds: [range[5].id] })).toEqual([range[5]]);
  });

  test('a slot has every key that may be null, a cut-off to the second, and prices only with octo/pricing', async () => {
    const { octo, sample } = await openStage(await open());
    const { productId, optionId, units } = sample.products.cruise;
    const query = { productId, optionId, localDate: '2026-06-10' };
    const [slot] = await ok(octo.website('POST', '/availability', query));
    expect(Object.keys(slot)).toEqual([
      'id',
      'localDateTimeStart',
      'localDateTimeEnd',
      'utcCutoffAt',
      'allDay',
      'available',
      'status',
      'vacancies',
      'capacity',
      'maxUnits',
      'openingHours',
    ]);
    expect(slot.utcCutoffAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const [each] = await ok(octo.website('POST', '/availability', query, priced));
    expect(each.unitPricing.map((price: { retail: number }) => price.retail)).toEqual([2_900, 1_500]);
    expect(each).not.toHaveProperty('pricing');
    const asked = { ...query, units: [{ id: units.ADULT, quantity: 2 }] };
    const [total] = await ok(octo.website('POST', '/availability', asked, priced));
    expect(total.pricing).toMatchObject({ retail: 5_800 });
    expect(total).not.toHaveProperty('unitPricing');
  });

  test('a slot without room for the units that are asked for is shown as sold out', async () => {
    const { octo, sample } = await openStage(await open());
    const { productId, optionId, units } = sample.products.rowing;
    const query = { productId, optionId, localDate: '2026-06-10', units: [{ id: units.ADULT, quantity: 11 }] };
    const slots = await ok(octo.website('POST', '/availability', query));
    expect(slots[0]).toMatchObject({ available: false, status: 'SOLD_OUT' });
  });

  test('a calendar has one entry a day, with prices only with octo/pricing', async () => {
    const { octo, sample } = await openStage(await open());
    const { productId, optionId, units } = sample.products.museum;
    const query = { productId, optionId, ...june };
    const days = await ok(octo.website('POST', '/availability/calendar', query));
    expect(days.map((day: { localDate: string }) => day.localDate)).toEqual(['2026-06-10', '2026-06-11', '2026-06-12']);
    expect(Object.keys(days[0])).toEqual(['localDate', 'available', 'status', 'vacancies', 'capacity', 'openingHours']);
    const [each] = await ok(octo.website('POST', '/availability/calendar', query, priced));
    expect(each.unitPricingFrom.length).toBeGreaterThan(0);
    const asked = { ...query, units: [{ id: units.ADULT, quantity: 2 }] };
    const [total] = await ok(octo.website('POST', '/availability/calendar', asked, priced));
    expect(total.pricingFrom.retail).toBeGreaterThan(0);
    expect(total).not.toHaveProperty('unitPricingFrom');
  });

  test('ids that are missing or unknown have a code of their own, with the id', async () => {
    const { octo, sample } = await openStage(await open());
    const { productId, optionId } = sample.products.cruise;
    const check = (query: object, error: string) => refused(octo.website('POST', '/availability', query), error);
    expect(await check({ optionId, ...june }, 'INVALID_PRODUCT_ID')).toMatchObject({ productId: '' });
    expect(await check({ productId: 'x', optionId, ...june }, 'INVALID_PRODUCT_ID')).toMatchObject({ productId: 'x' });
    expect(await check({ productId, ...june }, 'INVALID_OPTION_ID')).toMatchObject({ optionId: '' });
    expect(await check({ productId, optionId: 'x', ...june }, 'INVALID_OPTION_ID')).toMatchObject({ optionId: 'x' });
    const unknown = { productId, optionId, availabilityIds: ['x'] };
    expect(await check(unknown, 'INVALID_AVAILABILITY_ID')).toMatchObject({ availabilityId: 'x' });
    const units = [{ id: 'x', quantity: 1 }];
    expect(await check({ productId, optionId, ...june, units }, 'INVALID_UNIT_ID')).toMatchObject({ unitId: 'x' });
  });

  test.each([
    [{}],
    [{ localDateStart: '2026-06-10' }],
    [{ localDateStart: '2026-02-30', localDateEnd: '2026-03-01' }],
    [{ localDateStart: '2026-06-12', localDateEnd: '2026-06-10' }],
    [{ localDateStart: '2026-06-10', localDateEnd: '2027-06-12' }],
    [{ ...june, availabilityIds: ['x'] }],
    [{ localDate: '2026-06-10', availabilityIds: ['x'] }],
    [{ ...june, units: [{ id: 'x', quantity: -1 }] }],
  ])('a check with %j is a BAD_REQUEST', async (query) => {
    const { octo, sample } = await openStage(await open());
    const { productId, optionId } = sample.products.cruise;
    await refused(octo.website('POST', '/availability', { productId, optionId, ...query }), 'BAD_REQUEST');
  });
});
