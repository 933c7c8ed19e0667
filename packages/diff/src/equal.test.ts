import { expect, test } from 'vitest';
import { equal } from './equal.ts';
import type { Json } from './json.ts';

const parse = (text: string) => JSON.parse(text) as Json;

test.each([
  ['{"a":1,"b":[1,{"c":null}]}', '{"b":[1,{"c":null}],"a":1}'],
  ['[]', '[]'],
  ['0', '-0'],
  ['{"__proto__":{}}', '{"__proto__":{}}'],
])('%s equals %s', (left, right) => {
  expect(equal(parse(left), parse(right))).toBe(true);
});

test.each([
  ['{"a":1}', '{"a":1,"b":1}'],
  ['{"a":{}}', '{"b":{}}'],
  ['{"a":null}', '{}'],
  ['[1]', '[1,2]'],
  ['{}', '[]'],
  ['{}', 'null'],
  ['"1"', '1'],
  ['{"__proto__":{}}', '{}'],
  ['{"__proto__":{}}', '{"a":{}}'],
])('%s does not equal %s, either way round', (left, right) => {
  expect(equal(parse(left), parse(right))).toBe(false);
  expect(equal(parse(right), parse(left))).toBe(false);
});

test('a member that is undefined is absent', () => {
  expect(equal({ a: undefined, b: 1 }, { b: 1 })).toBe(true);
  expect(equal({ b: 1 }, { a: undefined, b: 1 })).toBe(true);
  expect(equal({ a: undefined }, { b: 1 })).toBe(false);
});
