import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../../test/support/scale.ts';
import { createIds } from './ids.ts';

const timeOf = (id: string) => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

it('are UUIDs of version 7 that hold their time', () => {
  const now = Date.UTC(2026, 10, 23, 12);
  const newId = createIds({ now: () => now });
  for (let n = 0; n < 1000; n += 1) {
    const id = newId();
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(timeOf(id)).toBe(now);
  }
});

it('sort in the order they were made, whatever the clock does', () => {
  const clocks = fc.array(fc.integer({ min: 0, max: 2 ** 47 }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(clocks, (times) => {
      let n = 0;
      const newId = createIds({ now: () => times[n++ % times.length] ?? 0 });
      const ids = Array.from({ length: 200 }, newId);
      expect(ids.toSorted()).toEqual(ids);
      expect(new Set(ids).size).toBe(ids.length);
    }),
    { numRuns: runs(50) },
  );
});

it('sort also when a millisecond has more than its counter holds', () => {
  const newId = createIds({ now: () => 1000, random: (bytes) => new Uint8Array(bytes).fill(0xff) });
  const ids = Array.from({ length: 20_000 }, newId);
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(timeOf(ids.at(-1) ?? '')).toBeLessThan(1020);
});

it('are the same for the same clock and the same randomness', () => {
  const make = () => {
    let now = 0;
    const newId = createIds({
      now: () => now++,
      random: (bytes) => Uint8Array.from({ length: bytes }, (_, n) => n * 7),
    });
    return Array.from({ length: 1000 }, newId);
  };
  expect(make()).toEqual(make());
});

it('of two processes in the same millisecond differ', () => {
  const make = () => Array.from({ length: 10_000 }, createIds({ now: () => 1 }));
  expect(new Set([...make(), ...make()]).size).toBe(20_000);
});
