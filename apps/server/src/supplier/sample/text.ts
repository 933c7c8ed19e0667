import type { Feature, FeatureType, Text } from '@carillon/contract';

/** A text in the languages of the sample data. */
export function text(en: string, de: string, es: string): Text {
  return { $text: { en, de, es } };
}

/** A feature with its text. */
export function feature(type: FeatureType, en: string, de: string, es: string): Feature {
  return { type, shortDescription: text(en, de, es) };
}

/** Every day of the week, ISO numbers. */
export const everyDay = [1, 2, 3, 4, 5, 6, 7];

/** A schedule without a season. */
export const allYear = { from: null, to: null };
