import {
  zAvailabilityCalendarPricing,
  zAvailabilityContent,
  zAvailabilityPricing,
  zBookingPricing,
  zOptionContent,
  zOptionPricing,
  zProductContent,
  zProductPricing,
  zSupplierContent,
  zUnitContent,
  zUnitItemPricing,
  zUnitPricing,
} from '@octocloud/types';
import { expect, test } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { errorSchemas, expectOcto } from './octo-schemas.ts';
import { guest, ok, openStage, refused, type Stage } from './stage.ts';

const bare = ['pricing', 'content', 'cart'] as const;
type Bare = (typeof bare)[number];

/** Every set of the capabilities that govern fields. */
const sets = Array.from({ length: 2 ** bare.length }, (_, bits) => {
  const capabilities = bare.filter((_id, bit) => bits & (2 ** bit));
  return [capabilities.join(' and ') || 'nothing', capabilities] as const;
});

const june = { localDateStart: '2026-06-10', localDateEnd: '2026-06-12' };

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape are looked into
type Shown = any;

/** Everything that OCTO shows of the sample data and of bookings in every state, to a caller with these capabilities. */
async function everything(stage: Stage, capabilities: readonly Bare[]) {
  const headers = { 'octo-capabilities': capabilities.map((id) => `octo/${id}`).join(', ') };
  const call = (method: string, path: string, body?: object): Promise<Shown> =>
    ok(stage.octo.website(method, path, body, headers));
  const products: Shown[] = await call('GET', '/products');
  const slots: Shown[] = [];
  const days: Shown[] = [];
  for (const { productId, optionId, units } of Object.values(stage.sample.products)) {
    products.push(await call('GET', `/products/${productId}`));
    const asked = { productId, optionId, units: [{ id: units.ADULT, quantity: 2 }] };
    for (const request of [{ productId, optionId }, asked]) {
      slots.push(...(await call('POST', '/availability', { ...request, ...june })));
      days.push(...(await call('POST', '/availability/calendar', { ...request, ...june })));
    }
    slots.push(...(await call('POST', '/availability', { productId, optionId, availabilityIds: [slots.at(-1).id] })));
  }
  const bookings: Shown[] = [];
  const { museum } = stage.sample.products;
  const tickets = {
    ...stage.cruise(),
    ...museum,
    units: undefined,
    availabilityId: '2026-06-10T00:00:00+02:00',
    unitItems: [{ unitId: museum.units.ADULT }, { unitId: museum.units.SENIOR, contact: guest }],
  };
  for (const request of [stage.cruise({ notes: 'window' }), stage.rowing({ date: '2026-06-12' }), tickets]) {
    const { uuid, ...hold } = await call('POST', '/bookings', { ...request, resellerReference: 'R-1' });
    bookings.push({ uuid, ...hold });
    bookings.push(await call('PATCH', `/bookings/${uuid}`, { contact: guest }));
    bookings.push(await call('POST', `/bookings/${uuid}/extend`, { expirationMinutes: 60 }));
    bookings.push(await call('POST', `/bookings/${uuid}/confirm`, { contact: guest }));
    bookings.push(await call('GET', `/bookings/${uuid}`));
    bookings.push(...(await call('GET', '/bookings?resellerReference=R-1')));
    bookings.push(await call('POST', `/bookings/${uuid}/cancel`, { reason: 'rain' }));
  }
  const supplier: Shown = await call('GET', '/supplier');
  return { supplier, products, slots, days, bookings };
}

/** The keys of an object that a schema names. */
const among = (object: object, { shape }: { readonly shape: object }) =>
  Object.keys(object).filter((key) => key in shape);

onEachEngine('what OCTO answers', (open) => {
  test.each(sets)('parses with OCTO’s own schemas, to whoever asks for %s', async (_names, capabilities) => {
    const { supplier, products, slots, days, bookings } = await everything(await openStage(await open()), capabilities);
    expectOcto('supplier', [supplier], capabilities);
    expectOcto('product', products, capabilities);
    expectOcto('availability', slots, capabilities);
    expectOcto('day', days, capabilities);
    expectOcto('booking', bookings, capabilities);
  });

  test('has the fields of octo/content that OCTO names, all of them with it and none without', async () => {
    const stage = await openStage(await open());
    for (const content of [true, false]) {
      const shown = await everything(stage, content ? ['content'] : ['pricing', 'cart']);
      // Short descriptions of units and slots may not be null: they are left out where there is none.
      const check = (
        objects: readonly object[],
        schema: { readonly shape: object },
        optional: readonly string[] = [],
      ) => {
        const all = Object.keys(schema.shape).filter((key) => !optional.includes(key));
        for (const object of objects) {
          if (content) expect(Object.keys(object)).toEqual(expect.arrayContaining(all));
          else expect(among(object, schema)).toEqual([]);
        }
      };
      const products = [...shown.products, ...shown.bookings.map(({ product }) => product)];
      const options = [
        ...products.flatMap((product) => product.options),
        ...shown.bookings.map(({ option }) => option),
      ];
      check([shown.supplier], zSupplierContent);
      check(products, zProductContent);
      check(options, zOptionContent);
      check(
        [
          ...options.flatMap((option) => option.units),
          ...shown.bookings.flatMap(({ unitItems }) => unitItems.map(({ unit }: Shown) => unit)),
        ],
        zUnitContent,
        ['shortDescription'],
      );
      const slots = [...shown.slots, ...shown.bookings.map(({ availability }) => availability)];
      check(slots, zAvailabilityContent, ['shortDescription']);
    }
  });

  test('has the fields of octo/pricing that OCTO names, where it names them, and none without', async () => {
    const stage = await openStage(await open());
    const without = await everything(stage, ['content', 'cart']);
    const bookedWithout = without.bookings.flatMap(({ unitItems }) => unitItems);
    for (const [objects, schema] of [
      [without.products, zProductPricing],
      [without.products.flatMap(({ options }) => options), zOptionPricing],
      [without.products.flatMap(({ options }) => options.flatMap(({ units }: Shown) => units)), zUnitPricing],
      [without.slots, zAvailabilityPricing],
      [without.days, zAvailabilityCalendarPricing],
      [without.bookings, zBookingPricing],
      [without.bookings.map(({ option }) => option), zOptionPricing],
      [bookedWithout, zUnitItemPricing],
      [bookedWithout.map(({ unit }) => unit), zUnitPricing],
    ] as const) {
      for (const object of objects) expect(among(object, schema)).toEqual([]);
    }

    const shown = await everything(stage, ['pricing']);
    for (const product of shown.products) {
      expect(among(product, zProductPricing).toSorted()).toEqual(Object.keys(zProductPricing.shape).toSorted());
      // Prices stand at the units, or where the product is priced per booking at the option.
      const priced =
        product.pricingPer === 'UNIT' ? product.options.flatMap(({ units }: Shown) => units) : product.options;
      for (const each of priced) expect(among(each, zUnitPricing)).toEqual(['pricingFrom']);
    }
    for (const slot of shown.slots) expect(among(slot, zAvailabilityPricing)).toHaveLength(1);
    for (const day of shown.days) expect(among(day, zAvailabilityCalendarPricing)).toHaveLength(1);
    for (const booking of shown.bookings) {
      expect(among(booking, zBookingPricing)).toEqual(['pricing']);
      const perUnit = booking.product.pricingPer === 'UNIT';
      // In a booking it is the price, no longer one that prices begin from.
      for (const item of booking.unitItems) {
        expect(among(item, zUnitItemPricing)).toEqual(perUnit ? ['pricing'] : []);
        expect(among(item.unit, zUnitPricing)).toEqual(perUnit ? ['pricing'] : []);
      }
      expect(among(booking.option, zOptionPricing)).toEqual(perUnit ? [] : ['pricing']);
    }
  });

  test('prices add up, and are whole numbers that are no more than the original', async () => {
    const stage = await openStage(await open());
    const { products, slots, bookings } = await everything(stage, ['pricing']);
    const prices: Shown[] = [
      ...products.flatMap(({ options }) =>
        options.flatMap((option: Shown) => [option, ...option.units].flatMap(({ pricingFrom }) => pricingFrom ?? [])),
      ),
      ...slots.flatMap(({ unitPricing, pricing }) => unitPricing ?? [pricing]),
      ...bookings.flatMap(({ pricing, unitItems }) => [
        pricing,
        ...unitItems.flatMap((item: Shown) => item.pricing ?? []),
      ]),
    ];
    for (const price of prices) {
      expect(price.original).toBeGreaterThanOrEqual(price.retail);
      for (const tax of price.includedTaxes) expect(tax.retail).toBeLessThanOrEqual(price.retail);
    }
    for (const { product, option, pricing, unitItems } of bookings) {
      const parts = product.pricingPer === 'UNIT' ? unitItems.map((item: Shown) => item.pricing) : option.pricing;
      for (const key of ['original', 'retail', 'net'] as const) {
        expect(pricing[key]).toBe(parts.reduce((total: number, part: Shown) => total + part[key], 0));
      }
    }
  });

  test('declares capabilities that parse, and of which each is known to OCTO or documented by it', async () => {
    const { octo } = await openStage(await open());
    const declared: Shown[] = await ok(octo.website('GET', '/capabilities'));
    // An official capability that the enumeration of OCTO's core lacks.
    const [notifications, core] = [true, false].map((own) =>
      declared.filter(({ id }) => (id === 'octo/notifications') === own),
    );
    expectOcto('capability', core!);
    for (const each of notifications!) expectOcto('capability', [{ ...each, id: 'octo/webhooks' }]);
  });

  test('names the offender in each of its errors, as OCTO’s schemas want it', async () => {
    const stage = await openStage(await open());
    const { octo, sample } = stage;
    const { productId, optionId } = sample.products.cruise;
    const { unitItems, ...rest } = stage.cruise();
    const cases: Readonly<Record<string, Promise<Shown>[]>> = {
      INVALID_PRODUCT_ID: [octo.website('GET', '/products/x'), octo.website('POST', '/bookings', { unitItems })],
      INVALID_OPTION_ID: [octo.website('POST', '/availability/calendar', { productId, optionId: 'x', ...june })],
      INVALID_UNIT_ID: [octo.website('POST', '/bookings', { ...rest, unitItems: [{ unitId: 'x' }] })],
      INVALID_AVAILABILITY_ID: [
        octo.website('POST', '/availability', { productId, optionId, availabilityIds: ['x'] }),
        octo.website('POST', '/bookings', { ...rest, unitItems, availabilityId: null }),
      ],
      INVALID_BOOKING_UUID: [octo.website('GET', '/bookings/invalidUUID'), octo.website('POST', '/bookings/x/cancel')],
      BAD_REQUEST: [octo.website('GET', '/bookings'), octo.website('POST', '/availability', { productId, optionId })],
      UNPROCESSABLE_ENTITY: [octo.website('POST', '/bookings', rest)],
    };
    expect(Object.keys(cases).toSorted()).toEqual(Object.keys(errorSchemas).toSorted());
    for (const [code, answers] of Object.entries(cases)) {
      for (const answer of answers) {
        const result = errorSchemas[code]!.safeParse(await refused(answer, code));
        expect(result.success ? [] : result.error.issues).toEqual([]);
      }
    }
  });
});
