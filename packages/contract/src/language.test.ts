import { describe, expect, test } from 'vitest';
import { chooseLanguage } from './language.ts';

describe('the language that is chosen', () => {
  test.each([
    [['de'], 'de'],
    [['DE'], 'de'],
    [['de-AT'], 'de'],
    [['de-Latn-AT'], 'de'],
    [['de_DE'], 'de'],
    [['pt_BR'], 'pt-BR'],
    [['zh-hant-hk'], 'zh_Hant'],
    [['fr', 'de'], 'de'],
    [['pt', 'de'], 'de'],
    [['de', 'en'], 'de'],
    [['fr'], 'en'],
    [[], 'en'],
    [['', '-', '_', '*'], 'en'],
  ])('of de, en, pt-BR, zh_Hant for who wants %j is %s', (wanted, chosen) => {
    expect(chooseLanguage(wanted, ['de', 'en', 'pt-BR', 'zh_Hant'], 'en')).toBe(chosen);
  });

  test('is the fallback also where that is not offered', () => {
    expect(chooseLanguage(['fr'], ['de'], '')).toBe('');
    expect(chooseLanguage(['fr'], [], 'en')).toBe('en');
  });
});
