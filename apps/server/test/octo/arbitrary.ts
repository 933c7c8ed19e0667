import fc, { type Arbitrary } from 'fast-check';
import type { core } from 'zod';

/** Values that a field of this name may have and that mean something: ids that exist, dates with slots. */
export type Known = Readonly<Record<string, readonly string[]>>;

const nasty = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\u202e',
  '👩‍👩‍👧‍👦',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  "' or 1=1 --",
  '%00',
  '2026-02-30',
  '0000-00-00',
  '-000001-01-01',
  '9999-12-31T23:59:59Z',
  '00000000-0000-0000-0000-000000000000',
  'NaN',
  '1e400',
  'x'.repeat(20_000),
];

const text: Arbitrary<string> = fc.oneof(
  { weight: 25, arbitrary: fc.string({ minLength: 1, maxLength: 20 }) },
  { weight: 1, arbitrary: fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: 'binary' })) },
);

const number: Arbitrary<unknown> = fc.oneof(
  { weight: 25, arbitrary: fc.integer({ min: 1, max: 5 }) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 0.5, 1e9, 2 ** 53, -(2 ** 53), 1e308) },
);

/** Any JSON, some of it with keys that a request has. */
export const junk: Arbitrary<unknown> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  number,
  text,
  fc.constant([]),
  fc.constant({}),
  fc.jsonValue({ maxDepth: 3 }),
  fc.constant(Array.from({ length: 2_000 }, () => ({ unitId: 'x' }))),
  fc.dictionary(fc.constantFrom('__proto__', 'id', 'unitId', 'toString', 'length'), text, { maxKeys: 3 }),
);

function strings(key: string, known: Known): Arbitrary<unknown> {
  const values = known[key];
  if (key === 'uuid')
    return fc.oneof(
      { weight: 20, arbitrary: fc.uuid({ version: [4, 7] }) },
      fc.constantFrom(...(values ?? [''])),
      text,
    );
  if (values === undefined || values.length === 0) return text;
  return fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: text });
}

function value(schema: core.$ZodTypes, key: string, known: Known): Arbitrary<unknown> {
  const inner = (given: core.SomeType, name = key) => value(given as core.$ZodTypes, name, known);
  const { def } = schema._zod;
  switch (def.type) {
    case 'object':
      return fc.record(
        Object.fromEntries(
          Object.entries(def.shape).map(([name, field]) => {
            // What is undefined is left out of the JSON. Hardly anything can be booked without an availabilityId.
            const weight = field._zod.optin === 'optional' && name !== 'availabilityId' ? 120 : 1;
            const absent = { weight, arbitrary: fc.constant(undefined) };
            return [
              name,
              fc.oneof({ weight: 60, arbitrary: inner(field, name) }, { weight: 1, arbitrary: junk }, absent),
            ];
          }),
        ),
      );
    case 'pipe':
      // `preprocess` is a pipe that begins with a transformation: what it takes is at its end.
      return inner((def.in as core.$ZodTypes)._zod.def.type === 'transform' ? def.out : def.in);
    case 'optional':
      return inner(def.innerType);
    case 'nullable':
      return fc.oneof({ weight: 10, arbitrary: inner(def.innerType) }, { weight: 1, arbitrary: fc.constant(null) });
    case 'array':
      return fc.oneof(
        { weight: 15, arbitrary: fc.array(inner(def.element), { minLength: 1, maxLength: 3 }) },
        { weight: 1, arbitrary: fc.constant([]) },
      );
    case 'record':
      return fc.dictionary(fc.constantFrom('X-Tour', 'X-Guide', 'Host', 'webhook-id', ''), text, { maxKeys: 2 });
    case 'string':
      return strings(key, known);
    case 'number':
      return number;
    case 'boolean':
      return fc.boolean();
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries));
    default:
      throw new Error(`no arbitrary for a schema of type ${def.type} (${key})`);
  }
}

/** Requests by a schema: mostly right, here and there absent, null, of the wrong type, or out of every bound. */
export function requestsOf(schema: core.$ZodType, known: Known): Arbitrary<unknown> {
  return value(schema as core.$ZodTypes, '', known);
}

/** Query strings by a schema. */
export function queriesOf(schema: core.$ZodType, known: Known): Arbitrary<string> {
  return requestsOf(schema, known).map((request) => {
    const entries = typeof request === 'object' && request !== null ? Object.entries(request) : [];
    const given = entries.filter(([, held]) => held !== undefined);
    const pairs = given.map(([name, held]): [string, string] => [
      name,
      `${JSON.stringify(held) ?? ''}`.replace(/^"|"$/g, ''),
    ]);
    return new URLSearchParams(pairs).toString();
  });
}
