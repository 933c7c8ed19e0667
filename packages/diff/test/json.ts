import fc from 'fast-check';
import type { Json } from '../src/index.ts';

/** The factor by which a long run of the tests multiplies the runs of each property. */
export const scale = Number(process.env.CARILLON_TEST_SCALE ?? 1);

/** How many runs a property gets in a short run of the tests. */
export const runs = (usually: number) => ({ numRuns: Math.ceil(usually * scale) });

/** Member names that need escaping, look like indices, are identities, or exist on every object's prototype. */
const treacherous = ['', '~', '/', '~1', 'a/b~c', '0', '1', '-', 'constructor', 'toString', '__proto__'];
const plain = ['a', 'b', 'c', 'id', 'uuid', 'status', '0', '', 'm~n', 'x/y'];

function objectOf(members: [string, Json][]): Json {
  const object: Record<string, Json> = {};
  for (const [name, value] of members) {
    Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
  }
  return object;
}

/** JSON values from a small alphabet, so that two of them often have much in common. */
export function anyJson(options: { treacherousNames: boolean }): fc.Arbitrary<Json> {
  const name = fc.constantFrom(...(options.treacherousNames ? [...plain, ...treacherous] : plain));
  const scalar = fc.oneof(
    fc.constantFrom<Json>(null, true, false, 0, -0, 1, 2, 'a', 'b', '', '1'),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string(),
  );
  const { node } = fc.letrec<{ node: Json }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalar,
      fc.array(tie('node'), { maxLength: 6 }),
      fc.array(fc.tuple(name, tie('node')), { maxLength: 6 }).map(objectOf),
      fc
        .array(fc.tuple(fc.constantFrom<Json>(1, 2, 3, 4, '1', 'x', 'y'), tie('node')), { maxLength: 6 })
        .map((elements) => elements.map(([id, value]) => ({ id, value }))),
    ),
  }));
  return node;
}

/** JSON text with sorted members: equal exactly for deeply equal documents, and independent of the code under test. */
export function canonical(json: Json | undefined): string {
  if (Array.isArray(json)) return `[${json.map(canonical).join(',')}]`;
  if (typeof json !== 'object' || json === null) return JSON.stringify(json) ?? 'undefined';
  const members = Object.entries(json as object).filter(([, value]) => value !== undefined);
  members.sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${canonical(value)}`).join(',')}}`;
}

/** The same value with everything in it frozen, so that changing it throws. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}

/** A copy without anything shared, as a receiver of the JSON text would have it. */
export function parsed<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
