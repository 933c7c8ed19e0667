import { expect, test } from 'vitest';
import { stringsFor, writtenLanguages } from './index.ts';

/** Every text by its path. */
function texts(node: unknown, path = ''): [string, string][] {
  if (typeof node === 'string') return [[path, node]];
  return Object.entries(node as object).flatMap(([key, child]) => texts(child, `${path}/${key}`));
}

const places = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

test('every language has every text, with the same places to fill in', () => {
  const english = new Map(texts(stringsFor(['en'])));
  expect(writtenLanguages).toEqual(['en', 'de', 'es']);
  for (const language of writtenLanguages) {
    const strings = stringsFor([language]);
    expect(strings.language).toBe(language);
    for (const [path, text] of texts(strings)) {
      expect(text.trim(), `${language}${path}`).not.toBe('');
      expect(places(text), `${language}${path}`).toEqual(places(english.get(path) ?? ''));
    }
  }
});

test('who asks for what there is not gets the next best, and English in the end', () => {
  expect(stringsFor(['pt-BR', 'de-AT']).language).toBe('de');
  expect(stringsFor(['pt-BR']).language).toBe('en');
});
