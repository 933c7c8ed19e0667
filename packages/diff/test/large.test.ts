import { describe, expect, test } from 'vitest';
import { apply, diff, type Json } from '../src/index.ts';

const size = 10_000;

/** Elements that count how often they are read, so that work can be measured without a clock. */
function counted(make: (n: number) => Record<string, Json>): { elements: Json[]; reads: () => number } {
  let reads = 0;
  const elements = Array.from({ length: size }, (_, n) => {
    const element: Record<string, Json> = {};
    for (const [name, value] of Object.entries(make(n))) {
      const get = () => {
        reads += 1;
        return value;
      };
      Object.defineProperty(element, name, { get, enumerable: true });
    }
    return element;
  });
  return { elements, reads: () => reads };
}

const range = (offset = 0) => Array.from({ length: size }, (_, n) => n + offset);

describe('in arrays of ten thousand', () => {
  test.each([0, 5_000, 9_999])('one identified element removed at %i is one operation', (at) => {
    const before = counted((id) => ({ id, status: 'A', n: id }));
    const after = counted((id) => ({ id, status: 'A', n: id }));
    const rest = after.elements.toSpliced(at, 1);
    expect(diff(before.elements, rest)).toEqual([{ op: 'remove', was: before.elements[at], path: `/${at}` }]);
    expect(before.reads() + after.reads()).toBeLessThan(20 * size);
  });

  test.each([0, 5_000, 9_999])('one number removed at %i is one operation', (at) => {
    expect(diff(range(), range().toSpliced(at, 1))).toEqual([{ op: 'remove', was: at, path: `/${at}` }]);
  });

  test('one element without identity removed is one operation', () => {
    const before = counted((n) => ({ name: `n${n}`, n }));
    const after = counted((n) => ({ name: `n${n}`, n }));
    expect(diff(before.elements, after.elements.toSpliced(5_000, 1))).toHaveLength(1);
    expect(before.reads() + after.reads()).toBeLessThan(30 * size);
  });

  test('all identified elements reversed is work in proportion', () => {
    const before = counted((id) => ({ id }));
    const after = counted((id) => ({ id }));
    const operations = diff(before.elements, after.elements.toReversed());
    expect(operations).toHaveLength(2 * (size - 1));
    expect(before.reads() + after.reads()).toBeLessThan(10 * size);
  });

  test('numbers that are all different replace the array as a whole', () => {
    const [before, after] = [range(), range(size)];
    expect(diff({ numbers: before }, { numbers: after })).toEqual([
      { op: 'replace', was: before, path: '/numbers', value: after },
    ]);
  });

  test('elements that all differ, with or without identity, are bounded work and exact', () => {
    for (const name of ['id', 'name']) {
      const before = counted((n) => ({ [name]: n, x: 'before', y: n }));
      const after = counted((n) => ({ [name]: n + size, x: 'after', y: n + size }));
      const operations = diff(before.elements, after.elements);
      expect(operations.length).toBeLessThanOrEqual(2 * size);
      expect(before.reads() + after.reads()).toBeLessThan(60 * size);
      expect(JSON.stringify(apply(before.elements, operations))).toBe(JSON.stringify(after.elements));
    }
  });

  test('the same edit in every element without identity stays an edit in each', () => {
    const make = (vacancies: number) => range().map((n) => ({ from: `slot ${n}`, to: `end ${n}`, vacancies }));
    const operations = diff(make(1), make(2));
    expect(operations).toHaveLength(size);
    expect(operations[7]).toEqual({ op: 'replace', was: 1, path: '/7/vacancies', value: 2 });
  });
});

test('arrays nested in arrays cost no more than their depth times their size', () => {
  const nested = (depth: number, leaf: Json): Json =>
    depth === 0 ? leaf : [[1, 2], nested(depth - 1, leaf), { a: 1 }];
  const operations = diff(nested(100, 1), nested(100, 2), { ignore: () => false });
  expect(operations).toEqual([{ op: 'replace', was: 1, path: '/1'.repeat(100), value: 2 }]);
});
