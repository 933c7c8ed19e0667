import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { booking } from '../../../bench/fixtures/booking.ts';
import { order } from '../../../bench/fixtures/order.ts';
import { apply, changed, type DiffOptions, diff, invert, type Json } from '../src/index.ts';
import { appliedElsewhere } from './independent.ts';
import { anyJson, canonical, frozen, parsed, runs, scale } from './json.ts';
import { mutationsOf } from './mutations.ts';

vi.setConfig({ testTimeout: 60_000 * Math.max(1, scale) });

/** Everything that is promised for any two documents; both are frozen, so an input that is changed throws. */
function expectExact(before: Json, after: Json, options?: DiffOptions): void {
  frozen(before);
  frozen(after);
  const operations = frozen(diff(before, after, options));
  expect(canonical(apply(before, operations))).toBe(canonical(after));
  expect(canonical(apply(after, frozen(invert(operations))))).toBe(canonical(before));
  expect(canonical(apply(parsed(before), parsed(operations)))).toBe(canonical(after));
  expect(operations.length === 0).toBe(canonical(before) === canonical(after));
  for (const operation of operations) expect(changed(operations, operation.path)).toBe(true);
  for (const operation of operations) {
    const { op } = operation;
    const names = op === 'add' ? 'op,path,value' : op === 'remove' ? 'op,was,path' : 'op,was,path,value';
    expect(Object.keys(operation).join()).toBe(names);
  }
}

function expectSameElsewhere(before: Json, after: Json): void {
  const results = appliedElsewhere(before, diff(before, after));
  for (const result of results) expect(canonical(result)).toBe(canonical(after));
}

/** Two documents: unrelated, alike, or the one inside the other. */
const pairs = (treacherousNames: boolean) => {
  const json = anyJson({ treacherousNames });
  return fc.oneof(
    fc.tuple(json, json),
    fc.tuple(json, fc.array(json, { maxLength: 3 })).map(
      ([one, more]) =>
        [
          [one, ...more],
          [...more, one],
        ] as const,
    ),
    fc
      .tuple(fc.array(json), fc.nat(), fc.array(json, { maxLength: 2 }))
      .map(([list, at, more]) => [list, list.toSpliced(at % (list.length + 1), 1, ...more)] as const),
  );
};

/** Arrays of few different values, so that sequences with repetitions, gaps and moves come up. */
const sequences = fc.tuple(
  fc.array(fc.constantFrom<Json>(1, 2, 3, 'a', { v: 1, w: 1 }, { v: 1, w: 2 }, [1, 2], [1, 3]), { maxLength: 12 }),
  fc.array(fc.constantFrom<Json>(1, 2, 3, 'a', { v: 1, w: 1 }, { v: 2, w: 2 }, [1, 2], [2]), { maxLength: 12 }),
);

/** Arrays of identified elements in any order, each with its own content. */
const identified = fc.tuple(...[0, 1].map(() => elements()));

function elements(): fc.Arbitrary<Json[]> {
  const element = fc.record({ id: fc.nat(12), status: fc.constantFrom('A', 'B') });
  return fc.uniqueArray(element, { selector: ({ id }) => id, maxLength: 12 });
}

const documents = [
  ['a booking', () => booking()],
  ['an order of three bookings', () => order(3)],
] as const;

describe('for any two JSON documents', () => {
  test('the diff leads there and back, and nothing is changed on the way', () => {
    fc.assert(
      fc.property(pairs(true), ([before, after]) => expectExact(before, after)),
      runs(500),
    );
  });

  test('other implementations of RFC 6902 come to the same result', () => {
    fc.assert(
      fc.property(pairs(false), ([before, after]) => expectSameElsewhere(before, after)),
      runs(500),
    );
  });

  test('a document has no difference from itself, nor from a copy', () => {
    fc.assert(
      fc.property(anyJson({ treacherousNames: true }), (json) => {
        expect(diff(json, json)).toEqual([]);
        expect(diff(json, parsed(json))).toEqual([]);
      }),
      runs(500),
    );
  });

  test('a diff of documents that were parsed from text says the same', () => {
    fc.assert(
      fc.property(pairs(true), ([before, after]) => {
        expect(canonical(parsed(diff(before, after)) as unknown as Json)).toBe(
          canonical(diff(parsed(before), parsed(after)) as unknown as Json),
        );
      }),
      runs(500),
    );
  });
});

describe('for arrays', () => {
  test('sequences with repetitions are exact, here and elsewhere', () => {
    const property = fc.property(sequences, ([before, after]) => {
      expectExact(before, after);
      expectSameElsewhere(before, after);
    });
    fc.assert(property, runs(1000));
  });

  test('identified elements in any order are exact, and only those that must move are taken out and put back', () => {
    const property = fc.property(identified, ([before, after]) => {
      const [old, young] = [before as Json[], after as Json[]];
      expectExact(old, young);
      expectSameElsewhere(old, young);
      const structural = diff(old, young).filter(({ path }) => path.split('/').length === 2);
      expect(structural.length).toBe(old.length + young.length - 2 * longestCommon(ids(old), ids(young)));
    });
    fc.assert(property, runs(500));
  });

  test('whatever the caller says about identities, the diff is exact', () => {
    const identify = fc.constantFrom<DiffOptions['identify']>(
      () => null,
      () => 'status',
      () => (element) => JSON.stringify(element).length,
      (path) => (path.length % 2 === 0 ? 'id' : undefined),
    );
    const property = fc.property(pairs(true), identify, ([before, after], choose) => {
      expectExact(before, after, { identify: choose });
    });
    fc.assert(property, runs(300));
  });
});

describe.each(documents)('for %s', (_name, document) => {
  test('whatever happens to it, the diff leads there and back', () => {
    fc.assert(
      fc.property(mutationsOf(document), ([before, after]) => expectExact(before, after)),
      runs(100),
    );
  });

  test('other implementations of RFC 6902 come to the same result', () => {
    fc.assert(
      fc.property(mutationsOf(document), ([before, after]) => expectSameElsewhere(before, after)),
      runs(100),
    );
  });

  test('with members ignored, what remains is exact and nothing else is said', () => {
    const clock = new Set(['cancellable', 'updatable', 'utcUpdatedAt', 'vacancies']);
    const ignore: DiffOptions['ignore'] = (path) => clock.has(String(path.at(-1)));
    const property = fc.property(mutationsOf(document), ([before, after]) => {
      const operations = diff(before, after, { ignore });
      const result = apply(before, operations);
      expect(canonical(without(clock, result))).toBe(canonical(without(clock, after)));
      expect(diff(result, after, { ignore })).toEqual([]);
      for (const { path } of operations) expect(path.split('/').some((token) => clock.has(token))).toBe(false);
    });
    fc.assert(property, runs(100));
  });
});

function ids(elements: readonly Json[]): number[] {
  return (elements as readonly { id: number }[]).map(({ id }) => id);
}

function without(names: ReadonlySet<string>, json: Json): Json {
  return JSON.parse(JSON.stringify(json, (name, value) => (names.has(name) ? undefined : value))) as Json;
}

/** The textbook recurrence, as a second opinion on how many elements can stay. */
function longestCommon(left: readonly number[], right: readonly number[]): number {
  let row = new Array<number>(right.length + 1).fill(0);
  for (const x of left) {
    const next = [0];
    right.forEach((y, at) => {
      next.push(x === y ? row[at]! + 1 : Math.max(row[at + 1]!, next[at]!));
    });
    row = next;
  }
  return row.at(-1)!;
}
