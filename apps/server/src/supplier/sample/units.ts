import type { Text, UnitType } from '@carillon/contract';
import type { UnitDefinition } from '../catalogue/definition.ts';
import { text } from './text.ts';

const titles: Readonly<Record<'ADULT' | 'CHILD' | 'SENIOR', readonly [Text, Text]>> = {
  ADULT: [text('Adult', 'Erwachsene', 'Adulto'), text('From 15 years', 'Ab 15 Jahren', 'A partir de 15 años')],
  CHILD: [text('Child', 'Kind', 'Niño'), text('Up to 14 years', 'Bis 14 Jahre', 'Hasta 14 años')],
  SENIOR: [text('Senior', 'Senioren', 'Mayor'), text('From 65 years', 'Ab 65 Jahren', 'A partir de 65 años')],
};

const ages: Readonly<Record<keyof typeof titles, readonly [number, number]>> = {
  ADULT: [15, 99],
  CHILD: [0, 14],
  SENIOR: [65, 99],
};

/** A unit of the sample data at a price in euro cents (null: the product is priced per booking); resellers owe four fifths of it. */
export function unit(id: string, type: UnitType & keyof typeof titles, cents: number | null): UnitDefinition {
  const [title, shortDescription] = titles[type];
  const [minAge, maxAge] = ages[type];
  return {
    id,
    internalName: title.$text.en ?? type,
    reference: type.toLowerCase(),
    type,
    restrictions: {
      minAge,
      maxAge,
      idRequired: type === 'SENIOR',
      minQuantity: null,
      maxQuantity: null,
      paxCount: 1,
      accompaniedBy: [],
    },
    requiredContactFields: [],
    title,
    shortDescription,
    features: [],
    prices: cents === null ? [] : [{ currency: 'EUR', original: cents, retail: cents, net: Math.round(cents * 0.8) }],
  };
}
