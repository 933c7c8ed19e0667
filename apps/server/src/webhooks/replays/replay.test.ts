import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../../test/support/scale.ts';
import { type Candidate, endedStates, isWanted, nextAt, taken, type Wanted } from './replay.ts';

const types = ['booking_update', 'order_update'] as const;
const candidate: fc.Arbitrary<Candidate> = fc.record({
  id: fc.uuid(),
  state: fc.constantFrom('pending', 'held', ...endedStates),
  lane: fc.constantFrom(...types).map((type) => `${type}/a/b`),
  test: fc.constantFrom(0, 0, 1),
  createdAt: fc.nat(),
});
const wanted: fc.Arbitrary<Wanted> = fc.record({
  states: fc.subarray([...endedStates]),
  events: fc.option(fc.subarray([...types])),
});

it('a replay takes what ended as it wants, of the types that it wants, and no test', () => {
  const whole: Wanted = { states: ['gave_up'], events: ['booking_update'] };
  const fits: Candidate = { id: 'd', state: 'gave_up', lane: 'booking_update/b', test: 0, createdAt: 1 };
  expect(isWanted(whole, fits)).toBe(true);
  expect(isWanted({ ...whole, events: null }, { ...fits, lane: 'availability_update/p/o/2026' })).toBe(true);
  expect(isWanted(whole, { ...fits, lane: 'order_update/b' })).toBe(false);
  expect(isWanted(whole, { ...fits, state: 'delivered' })).toBe(false);
  expect(isWanted({ ...whole, states: endedStates }, { ...fits, state: 'pending' })).toBe(false);
  expect(isWanted(whole, { ...fits, test: 1 })).toBe(false);
});

it('a replay that goes on where it was takes everything that it wants once, however much it takes at a time', () => {
  fc.assert(
    fc.property(wanted, fc.array(candidate), fc.integer({ min: 1, max: 4 }), (wants, candidates, most) => {
      const found: string[] = [];
      for (let left = candidates; left.length > 0; ) {
        const { ids, seen } = taken(wants, left, most);
        expect(ids.length).toBeLessThanOrEqual(most);
        found.push(...ids);
        left = left.slice(left.findIndex(({ id }) => id === seen?.id) + 1);
      }
      expect(found).toEqual(candidates.filter((one) => isWanted(wants, one)).map(({ id }) => id));
    }),
    { numRuns: runs(100) },
  );
});

it('a replay opens no more in a second than it may', () => {
  expect(nextAt(50, 50, 1000)).toBe(2000);
  expect(nextAt(200, 1000, 1000)).toBe(1200);
  expect(nextAt(1, 3, 0)).toBe(334);
  expect(nextAt(0, 50, 1000)).toBe(1000);
});
