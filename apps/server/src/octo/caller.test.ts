import { expect, test } from 'vitest';
import { bearerKey, testModeOf } from './caller.ts';

test.each([
  ['Bearer abc', 'abc'],
  ['bearer  abc ', 'abc'],
  [undefined, undefined],
  ['', undefined],
  ['Bearer', undefined],
  ['Bearer ', undefined],
  ['Basic YTpi', undefined],
  ['Bearer a b', undefined],
  [`Bearer ${'x'.repeat(513)}`, undefined],
])('the header %j carries the key %j', (header, key) => {
  expect(bearerKey(header)).toBe(key);
});

test.each([
  [undefined, false],
  ['', false],
  ['live', false],
  ['Test', true],
  ['tets', undefined],
])('Octo-Env %j is test mode: %j', (env, testMode) => {
  expect(testModeOf(env)).toBe(testMode);
});
