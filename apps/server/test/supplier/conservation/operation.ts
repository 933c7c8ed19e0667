import fc from 'fast-check';

/** What an operator makes of the rowing boat, in the place of what it was. */
export type CatalogueChange = 'as it was' | 'price' | 'capacity' | 'closure' | 'times' | 'season' | 'title';

/** Something that somebody does: `booking` and `order` are which of those made so far, orders those without bookings; `slot` which of the five. */
export type Operation =
  | {
      readonly kind: 'reserve';
      readonly slot: number;
      readonly adults: number;
      readonly test: boolean;
      readonly join: boolean;
      readonly reseller: boolean;
    }
  | { readonly kind: 'order'; readonly slots: readonly number[]; readonly adults: number; readonly reseller: boolean }
  | { readonly kind: 'emptyOrder'; readonly minutes: number | null; readonly reseller: boolean }
  | {
      readonly kind: 'waiting';
      readonly order: number;
      readonly act: 'extend' | 'update' | 'cancel' | 'reserve';
      readonly minutes: number;
      readonly slot: number;
    }
  | { readonly kind: 'pay' | 'refund'; readonly booking: number; readonly amount: number; readonly named: boolean }
  | {
      readonly kind: 'confirm' | 'cancel' | 'force' | 'extend' | 'redeem' | 'noShow' | 'notes' | 'accept' | 'reject';
      readonly booking: number;
    }
  | { readonly kind: 'exchange'; readonly booking: number }
  | { readonly kind: 'product'; readonly booking: number; readonly byHand: boolean }
  | { readonly kind: 'confirmOrder' | 'cancelOrder' | 'updateOrder'; readonly booking: number }
  | { readonly kind: 'move'; readonly booking: number; readonly slot: number }
  | { readonly kind: 'units'; readonly booking: number; readonly keep: number; readonly add: number }
  | { readonly kind: 'wait' | 'expire' | 'tell' | 'delete' }
  | { readonly kind: 'catalogue'; readonly change: CatalogueChange }
  | { readonly kind: 'edit'; readonly slot: number; readonly capacity: number | null; readonly closed: boolean };

const booking = fc.nat(1_000);
const slot = fc.nat(4);
/** Some end before the clock is read for the last time, some only after it. */
const minutes = fc.integer({ min: 1, max: 60 });
const reseller = fc.nat(3).map((die) => die === 0);
/** Any operation, the usual ones more often. */
export const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('reserve' as const),
      slot,
      adults: fc.integer({ min: 1, max: 4 }),
      test: fc.nat(4).map((die) => die === 0),
      join: fc.boolean(),
      reseller,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('order' as const),
      slots: fc.array(slot, { maxLength: 3 }),
      adults: fc.integer({ min: 1, max: 3 }),
      reseller,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('emptyOrder' as const),
      minutes: fc.option(minutes),
      reseller,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('waiting' as const),
      order: fc.nat(1_000),
      act: fc.constantFrom('extend' as const, 'update', 'extend', 'update', 'cancel', 'reserve'),
      minutes,
      slot,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('pay' as const, 'refund'),
      booking,
      amount: fc.integer({ min: 1, max: 9_000 }),
      named: fc.boolean(),
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        ...(['confirm', 'cancel', 'force', 'extend', 'redeem', 'noShow', 'notes', 'accept', 'reject'] as const),
      ),
      booking,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('exchange' as const), booking }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('product' as const), booking, byHand: fc.nat(2).map((die) => die > 0) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('confirmOrder' as const, 'cancelOrder', 'updateOrder'), booking }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('move' as const), booking, slot }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('units' as const), booking, keep: fc.nat(3), add: fc.nat(3) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('wait' as const, 'expire') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('tell' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('catalogue' as const),
      change: fc.constantFrom(...(['as it was', 'price', 'capacity', 'closure', 'times', 'season', 'title'] as const)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      slot,
      capacity: fc.option(fc.integer({ min: 5, max: 15 })),
      closed: fc.boolean(),
    }),
  },
);
