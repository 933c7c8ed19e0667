import { chooseLanguage } from '@carillon/contract';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import type { Strings } from './strings.ts';

export type { Strings } from './strings.ts';

const catalogues: ReadonlyMap<string, Strings> = new Map([en, de, es].map((strings) => [strings.language, strings]));

/** The strings for the first of the wanted languages (BCP 47, best first) that there are strings for, else English. */
export function stringsFor(wanted: readonly string[]): Strings {
  return catalogues.get(chooseLanguage(wanted, [...catalogues.keys()], en.language)) ?? en;
}

/** Every language that there are strings for. */
export const writtenLanguages: readonly string[] = [...catalogues.keys()];

/** A text with its place (`{name}`) filled in. */
export function fill(text: string, value: string): string {
  return text.replace(/\{\w+\}/, () => value);
}
