import { describe, expect, test } from 'vitest';
import { availability, booking, option, order, product, supplier, unit } from '../test/documents.ts';
import {
  type CapabilityId,
  canonicalCapability,
  capabilityIds,
  type Shape,
  shapes,
  supplierShape,
} from './capabilities.ts';
import { viewBy } from './view.ts';

const content = [
  'title',
  'shortDescription',
  'description',
  'features',
  'faqs',
  'media',
  'locations',
  'categoryLabels',
  'durationMinutesFrom',
  'durationMinutesTo',
  'commentary',
];

/** What each capability adds to an object, and what stands beside it. */
type Added = Partial<Record<Exclude<CapabilityId, 'octo/webhooks'> | 'beside', readonly string[]>>;

const productShape = shapes.booking_update.get('product')?.shape as Shape;
const optionShape = shapes.booking_update.get('option')?.shape as Shape;
const unitShape = optionShape.get('units')?.shape as Shape;
const itemShape = shapes.booking_update.get('unitItems')?.shape as Shape;
const slotShape = shapes.booking_update.get('availability')?.shape as Shape;
const slotFields = { 'octo/content': ['title', 'shortDescription'], 'octo/pricing': ['unitPricing', 'pricing'] };

const objects: readonly (readonly [string, Shape, object | null | undefined, Added])[] = [
  ['a supplier', supplierShape, supplier, { 'octo/content': ['shortDescription', 'media'] }],
  [
    'a product',
    productShape,
    product,
    { 'octo/content': content, 'octo/pricing': ['defaultCurrency', 'availableCurrencies', 'pricingPer'] },
  ],
  [
    'an option',
    optionShape,
    option,
    { 'octo/content': content, 'octo/pricing': ['cancellationPolicy', 'pricingFrom', 'pricing'] },
  ],
  [
    'a unit',
    unitShape,
    unit,
    { 'octo/content': ['title', 'shortDescription', 'features'], 'octo/pricing': ['pricingFrom', 'pricing'] },
  ],
  [
    'the restrictions of a unit',
    unitShape.get('restrictions')?.shape as Shape,
    unit.restrictions,
    { 'octo/content': ['minHeight', 'maxHeight', 'heightUnit', 'minWeight', 'maxWeight', 'weightUnit'] },
  ],
  ['an availability', shapes.availability_update, availability, { ...slotFields, beside: ['productId', 'optionId'] }],
  ['the availability of a booking', slotShape, booking.availability, slotFields],
  ['a unit item', itemShape, booking.unitItems[0], { 'octo/pricing': ['pricing'] }],
  [
    'a booking',
    shapes.booking_update,
    booking,
    { 'octo/cart': ['orderId', 'orderReference', 'primary'], 'octo/pricing': ['pricing'] },
  ],
  ['an order', shapes.order_update, order, { 'octo/cart': ['transactions'], 'octo/pricing': ['pricing', 'balance'] }],
];

describe.each(objects)('%s', (_, shape, node, added) => {
  const whole = Object.keys(node ?? {});
  const keysWith = (...capabilities: CapabilityId[]) =>
    Object.keys(viewBy(shape, node ?? {}, { capabilities: new Set(capabilities), language: 'en', fallback: 'en' }));
  const governed = new Set(Object.values(added).flat());

  test('shows without capabilities what none of them governs, in the order of the document', () => {
    expect(keysWith()).toEqual(whole.filter((key) => !governed.has(key)));
  });

  test.each(capabilityIds)('shows with %s what it adds, and nothing else', (id) => {
    const more = id === 'octo/webhooks' ? [] : (added[id] ?? []);
    expect(keysWith(id)).toEqual(whole.filter((key) => !governed.has(key) || more.includes(key)));
  });
});

test('an id is known in the form of OCTO and in that of its documentation, whatever its case', () => {
  expect(canonicalCapability('octo/pricing')).toBe('octo/pricing');
  expect(canonicalCapability(' Pricing ')).toBe('octo/pricing');
  expect(canonicalCapability('octo/rentals')).toBeUndefined();
  expect(canonicalCapability('ventrata/content')).toBeUndefined();
  expect(canonicalCapability('')).toBeUndefined();
});
