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
      'octo/notifications',
    ]);
    const usual = { revision: 1, required: false, dependencies: [] };
    const docs = 'https://docs.octo.travel/getting-started/endpoints-and-capabilities';
    expect(declared[0]).toEqual({ ...usual, id: 'octo/pricing', docs });
    expect(declared[2]).toEqual({ ...usual, id: 'octo/cart', docs: null });
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

  test('a product that is priced per booking has its price at the option, and so has everything that is made of it', async () => {
    const { octo, sample } = await openStage(await open());
    const { productId, optionId, units } = sample.products.riddle;
    const product = await ok(octo.website('GET', `/products/${productId}`, undefined, priced));
    expect(product).toMatchObject({ pricingPer: 'BOOKING', availableCurrencies: ['EUR', 'GBP', 'USD'] });
    expect(
      product.options[0].pricingFrom.map((each: { currency: string; retail: number }) => [each.currency, each.retail]),
    ).toEqual([
      ['EUR', 5_900],
      ['GBP', 4_900],
      ['USD', 6_500],
    ]);
    expect(product.options[0].units[0]).not.toHaveProperty('pricingFrom');
    const query = { productId, optionId, localDate: '2026-06-10' };
    const [slot] = await ok(octo.website('POST', '/availability', query, priced));
    expect(slot).toMatchObject({ pricing: { retail: 5_900, currency: 'EUR', currencyPrecision: 2 } });
    expect(slot).not.toHaveProperty('unitPricing');
    const asked = { ...query, currency: 'USD', units: [{ id: units.ADULT, quantity: 3 }] };
    const [total] = await ok(octo.website('POST', '/availability', asked, priced));
    expect(total.pricing).toMatchObject({ retail: 6_500, currency: 'USD' });
    const [day] = await ok(
      octo.website('POST', '/availability/calendar', { productId, optionId, ...june, currency: 'GBP' }, priced),
    );
    expect(day.pricingFrom).toMatchObject({ retail: 4_900, currency: 'GBP' });
    expect(day).not.toHaveProperty('unitPricingFrom');

    const unitItems = [{ unitId: units.ADULT }, { unitId: units.ADULT }, { unitId: units.CHILD }];
    const reservation = { productId, optionId, availabilityId: slot.id, unitItems, currency: 'USD' };
    const booking = await ok(octo.website('POST', '/bookings', reservation, priced));
    expect(booking.pricing).toEqual(total.pricing);
    expect(booking.option.pricing).toEqual([total.pricing]);
    expect(booking.option).not.toHaveProperty('pricingFrom');
    expect(booking.unitItems[0]).not.toHaveProperty('pricing');
    expect(booking.unitItems[0].unit).not.toHaveProperty('pricing');
    const one = { unitItems: [{ unitId: units.ADULT }] };
    const updated = await ok(octo.website('PATCH', `/bookings/${booking.uuid}`, one, priced));
    expect(updated).toMatchObject({ pricing: total.pricing, unitItems: [{ unitId: units.ADULT }] });
    expect(updated.unitItems).toHaveLength(1);
  });

  test('prices are in the currency that is asked for, in all of them without one, and include their taxes', async () => {
    const { octo, sample, definition, supplier } = await openStage(await open());
    const { productId, optionId, units } = sample.products.cruise;
    const cruise = await definition('cruise');
    const [option] = cruise.options;
    const prices = [
      { currency: 'EUR', original: 1_190, retail: 1_190, net: 952 },
      { currency: 'JPY', original: 200, retail: 119, net: null },
    ];
    const edited = {
      ...cruise,
      availableCurrencies: ['EUR', 'JPY'],
      options: [{ ...option!, units: option!.units.map((unit) => ({ ...unit, prices })) }],
    };
    expect(await supplier.saveProduct(sample.supplierId, edited)).toMatchObject({ ok: true });
    const query = { productId, optionId, localDate: '2026-06-10' };
    const [both] = await ok(octo.website('POST', '/availability', query, priced));
    expect(both.unitPricing.map((each: { currency: string }) => each.currency)).toEqual(['EUR', 'JPY', 'EUR', 'JPY']);
    const yen = { ...query, currency: 'JPY' };
    const [one] = await ok(octo.website('POST', '/availability', yen, priced));
    expect(one.unitPricing[0]).toEqual({
      unitId: units.ADULT,
      original: 200,
      retail: 119,
      net: null,
      currency: 'JPY',
      currencyPrecision: 0,
      includedTaxes: [{ name: 'VAT', original: 32, retail: 19, net: null }],
    });
    const asked = {
      ...yen,
      units: [
        { id: units.ADULT, quantity: 2 },
        { id: units.CHILD, quantity: 1 },
      ],
    };
    const [total] = await ok(octo.website('POST', '/availability', asked, priced));
    expect(total.pricing).toMatchObject({ original: 600, retail: 357, net: null, includedTaxes: [{ retail: 57 }] });
    await refused(octo.website('POST', '/availability', { ...query, currency: 'CHF' }, priced), 'UNPROCESSABLE_ENTITY');
  });

  test('content comes in the language that is asked for, and says which and what others there are', async () => {
    const { octo, sample } = await openStage(await open());
    const shown = (language: string) =>
      octo.website('GET', `/products/${sample.products.cruise.productId}`, undefined, {
        'octo-capabilities': 'octo/content',
        'accept-language': language,
      });
    const german = await shown('de-AT, en;q=0.5');
    expect(german.body).toMatchObject({ title: 'Große Hafenrundfahrt', options: [{ title: 'Salonschiff' }] });
    expect(german.body.options[0].units[0]).toMatchObject({ title: 'Erwachsene', shortDescription: 'Ab 15 Jahren' });
    expect(german.body.locations[0].place.postalAddress).toMatchObject({ postalCode: '20359', addressCountry: 'DE' });
    expect(german.headers.get('content-language')).toBe('de');
    for (const name of ['available-languages', 'octo-available-languages']) {
      expect(german.headers.get(name)).toBe('en, de, es');
    }
    const unknown = await shown('fi');
    expect([unknown.body.title, unknown.headers.get('content-language')]).toEqual(['Great Harbour Cruise', 'en']);
    const { productId, optionId } = sample.products.riddle;
    const query = { productId, optionId, localDate: '2026-06-10' };
    const asked = { 'octo-capabilities': 'octo/content', 'accept-language': 'es' };
    const [slot] = await ok(octo.website('POST', '/availability', query, asked));
    expect(slot).toMatchObject({ title: null, shortDescription: 'Devuelva el cofre tres horas después.' });
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
