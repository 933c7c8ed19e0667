import type { Feature, FeatureType, Location, Text } from '@carillon/contract';

/** A text in the languages of the sample data. */
export function text(en: string, de: string, es: string): Text {
  return { $text: { en, de, es } };
}

/** A feature with its text. */
export function feature(type: FeatureType, en: string, de: string, es: string): Feature {
  return { type, shortDescription: text(en, de, es) };
}

/** A place in Hamburg, by its street and postal code, that no map service has an id for. */
export function inHamburg(
  streetAddress: string,
  postalCode: string,
): Pick<Location['place'], 'postalAddress' | 'identifiers' | 'sameAs'> {
  return {
    postalAddress: {
      streetAddress,
      addressLocality: 'Hamburg',
      addressRegion: null,
      postalCode,
      addressCountry: 'DE',
      postOfficeBoxNumber: null,
    },
    identifiers: {
      googlePlaceId: null,
      applePlaceId: null,
      tripadvisorLocationId: null,
      yelpPlaceId: null,
      facebookPlaceId: null,
      foursquarePlaceId: null,
      baiduPlaceId: null,
      amapPlaceId: null,
    },
    sameAs: [],
  };
}

/** Every day of the week, ISO numbers. */
export const everyDay = [1, 2, 3, 4, 5, 6, 7];

/** A schedule without a season. */
export const allYear = { from: null, to: null };
