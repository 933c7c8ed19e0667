import type { AnyDocument } from '@carillon/contract';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../../test/support/scale.ts';
import { type Filter, type FilteredEvent, matches } from './filter.ts';

const product = fc.constantFrom('boat', 'tower', 'museum');
const status = fc.constantFrom('CONFIRMED' as const, 'CANCELLED' as const);
const booking = fc.record({ productId: product, status, testMode: fc.boolean() });
const paths = fc.constantFrom('/status', '/notes', '/contact/emailAddress');
const events = fc.record({ before: booking, after: booking, changed: fc.uniqueArray(paths) }).map(
  ({ before, after, changed }): FilteredEvent => ({
    type: 'booking_update',
    before: before as unknown as AnyDocument,
    after: after as unknown as AnyDocument,
    operations: changed.map((path) => ({ op: 'add', path, value: 1 })),
  }),
);
const filters = fc.record(
  {
    products: fc.uniqueArray(product, { minLength: 1 }),
    statuses: fc.uniqueArray(status, { minLength: 1 }),
    mode: fc.constantFrom('live' as const, 'test' as const),
    changes: fc.uniqueArray(paths, { minLength: 1 }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Filter>;

it('a filter lets an event through exactly when each of its conditions alone does, and an empty one lets all through', () => {
  fc.assert(
    fc.property(filters, events, (filter, event) => {
      expect(matches({}, event)).toBe(true);
      const alone = Object.entries(filter).map(([name, value]) => matches({ [name]: value }, event));
      expect(matches(filter, event)).toBe(alone.every(Boolean));
    }),
    { numRuns: runs(500) },
  );
});

it('each condition is about what it names', () => {
  fc.assert(
    fc.property(filters, events, ({ products, statuses, mode, changes }, event) => {
      const before = event.before as unknown as { productId: string };
      const after = event.after as unknown as { productId: string; status: string; testMode: boolean };
      if (products !== undefined) {
        const one = products.includes(before.productId) || products.includes(after.productId);
        expect(matches({ products }, event)).toBe(one);
      }
      if (statuses !== undefined) {
        expect(matches({ statuses }, event)).toBe(statuses.some((each) => each === after.status));
      }
      if (mode !== undefined) expect(matches({ mode }, event)).toBe((mode === 'test') === after.testMode);
      if (changes !== undefined) {
        expect(matches({ changes }, event)).toBe(event.operations.some(({ path }) => changes.includes(path)));
      }
    }),
    { numRuns: runs(500) },
  );
});

it('an order is of the products of all its bookings; a product has neither status nor mode, and no filter minds', () => {
  const order = { status: 'CONFIRMED', testMode: false, bookings: [{ productId: 'boat' }, { productId: 'tower' }] };
  const ofOrder = {
    type: 'order_update',
    before: null,
    after: order as unknown as AnyDocument,
    operations: [],
  } as const;
  expect(matches({ products: ['tower'] }, ofOrder)).toBe(true);
  expect(matches({ products: ['museum'] }, ofOrder)).toBe(false);
  const ofProduct = { ...ofOrder, type: 'product_update', after: { id: 'boat' } as unknown as AnyDocument } as const;
  expect(matches({ products: ['boat'], statuses: ['CANCELLED'], mode: 'test' }, ofProduct)).toBe(true);
});
