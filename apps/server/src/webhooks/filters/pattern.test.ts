import { diff, type Json, type Operation } from '@carillon/diff';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../../test/support/scale.ts';
import { patternProblem, readPattern, touches } from './pattern.ts';

const name = fc.constantFrom('a', 'b', 'c', '0', 'x/y', '~');
const { value: json } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(null, 1, 'text'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3 }) as fc.Arbitrary<Json>,
  ),
}));
const token = fc.oneof(name, fc.constantFrom('*'));
const patterns = fc
  .tuple(fc.array(token, { maxLength: 3 }), fc.constantFrom([], ['**']), fc.array(token, { maxLength: 2 }))
  .map((parts) => parts.flat())
  .filter((tokens) => tokens.length > 0);

const escaped = (tokens: readonly string[]): string =>
  tokens.map((each) => `/${each.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** Every place in a value, as the tokens that lead to it from a path on. */
function placesIn(value: Json | undefined, path: readonly string[]): string[][] {
  if (value === undefined) return [];
  const inside =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, child]) => placesIn(child as Json, [...path, key]))
      : [];
  return [[...path], ...inside];
}

/** Whether a place is one of a pattern, by a regular expression over its tokens: nothing that `touches` does. */
function isOf(place: readonly string[], pattern: readonly string[]): boolean {
  const literal = (text: string): string =>
    text.replaceAll(/[^\w]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const source = pattern.map((each) =>
    each === '**' ? '(?:\\n[^\\n]*)*' : each === '*' ? '\\n[^\\n]*' : `\\n${literal(each)}`,
  );
  return new RegExp(`^${source.join('')}$`).test(place.map((each) => `\n${each}`).join(''));
}

/** The places at which an operation changes something: around its own, its own, and in what it takes and puts there. */
function changedBy(operation: Operation): string[][] {
  const path = operation.path
    .split('/')
    .slice(1)
    .map((each) => each.replaceAll('~1', '/').replaceAll('~0', '~'));
  const around = path.map((_, depth) => path.slice(0, depth));
  const sides = [
    ...('was' in operation ? placesIn(operation.was, path) : []),
    ...('value' in operation ? placesIn(operation.value, path) : []),
  ];
  return [...around, path, ...sides];
}

describe('a pattern', () => {
  it('is touched by an operation exactly when a place that it changes is one of the pattern’s', () => {
    fc.assert(
      fc.property(json, json, patterns, (before, after, pattern) => {
        for (const operation of diff(before, after)) {
          const expected = changedBy(operation).some((place) => isOf(place, pattern));
          expect(touches(readPattern(escaped(pattern)), operation), JSON.stringify({ operation, pattern })).toBe(
            expected,
          );
        }
      }),
      { numRuns: runs(2000) },
    );
  });

  const add = (path: string, value: Json): Operation => ({ op: 'add', path, value });
  it.each<[string, Operation, boolean]>([
    ['/status', add('/status', 'CONFIRMED'), true],
    ['/status', add('/statusReason', 'x'), false],
    ['/unitItems/*', add('/unitItems/2', {}), true],
    ['/unitItems/*', add('/unitItems/0/status', 'REDEEMED'), true],
    ['/unitItems/*/ticket', add('/unitItems/2', { uuid: 'x' }), false],
    ['/unitItems/*/ticket', add('/unitItems/2', { ticket: null }), true],
    ['/contact/**', { op: 'replace', path: '/contact', was: {}, value: { emailAddress: 'a@b.example' } }, true],
    ['/contact', add('/contact/emailAddress', 'a@b.example'), true],
    ['/**/emailAddress', add('/unitItems/0/contact/emailAddress', 'a@b.example'), true],
    ['/**/emailAddress', add('/notes', 'x'), false],
    ['/a~1b/~0', add('/a~1b/~0', 1), true],
  ])('%s of %j: %s', (pattern, operation, touched) => {
    expect(touches(readPattern(pattern), operation)).toBe(touched);
  });

  it.each(['status', '', '/a~2', `/${'a/'.repeat(16)}`, '/**/a/**/b/**'])('cannot be %j', (text) => {
    expect(patternProblem(text)).toBeTypeOf('string');
  });
});
