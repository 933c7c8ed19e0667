import { expect, test } from 'vitest';
import { acceptedLanguages } from './accept-language.ts';

test.each([
  [undefined, []],
  ['', []],
  ['de', ['de']],
  ['en;q=0.5, de-AT, es;q=0.8', ['de-AT', 'es', 'en']],
  ['fr, de', ['fr', 'de']],
  ['de;q=0, en', ['en']],
  ['*, en;q=0.1', ['en']],
  ['zh-Hant-TW; q=1.0', ['zh-Hant-TW']],
  ['de;q=2, es;q=nope, it;q=', []],
  ['<script>, en', ['en']],
])('%j means %j', (header, languages) => {
  expect(acceptedLanguages(header)).toEqual(languages);
});

test('a header of any length is read in no time and gives at most twenty languages', () => {
  expect(acceptedLanguages('en,'.repeat(1_000_000))).toHaveLength(20);
});
