import * as z from 'zod';
import { line, text } from '../requests/text.ts';

/** A BCP 47 language tag. */
export const language = line(35).refine((tag) => {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}, 'must be a language tag (BCP 47), such as en or pt-BR');

/** A text in several languages: `{"$text": {"en": "…", "de": "…"}}`; each is at most 20,000 UTF-16 units. */
export const localised = z
  .strictObject({ $text: z.record(language, text(20_000)) })
  .refine(({ $text }) => Object.keys($text).length > 0, {
    path: ['$text'],
    message: 'must have at least one language',
  });

const minutes = z.int().min(0).max(5_256_000);

/** OCTO Feature (octo/content). */
export const feature = z.strictObject({
  type: z.enum([
    'INCLUSION',
    'EXCLUSION',
    'HIGHLIGHT',
    'PREBOOKING_INFORMATION',
    'PREARRIVAL_INFORMATION',
    'REDEMPTION_INSTRUCTION',
    'ACCESSIBILITY_INFORMATION',
    'ADDITIONAL_INFORMATION',
    'BOOKING_TERM',
    'CANCELLATION_TERM',
  ]),
  shortDescription: localised.nullable(),
});

/** OCTO Media (octo/content). */
export const media = z.strictObject({
  src: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }),
  type: z.enum(['image/jpeg', 'image/png', 'video/mp4', 'video/avi', 'external/youtube', 'external/vimeo']),
  rel: z.enum(['LOGO', 'COVER', 'GALLERY']),
  title: localised.nullable(),
  caption: localised.nullable(),
  copyright: line(1_000).nullable(),
});

const part = line(255).nullable();

const location = z.strictObject({
  title: localised.nullable(),
  shortDescription: localised.nullable(),
  types: z
    .array(z.enum(['START', 'ITINERARY_ITEM', 'POINT_OF_INTEREST', 'ADMISSION_INCLUDED', 'END', 'REDEMPTION']))
    .max(6),
  minutesTo: minutes.nullable(),
  minutesAt: minutes.nullable(),
  place: z.strictObject({
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    postalAddress: z.strictObject({
      streetAddress: part,
      addressLocality: part,
      addressRegion: part,
      postalCode: part,
      addressCountry: part,
      postOfficeBoxNumber: part,
    }),
    identifiers: z.strictObject({
      googlePlaceId: part,
      applePlaceId: part,
      tripadvisorLocationId: part,
      yelpPlaceId: part,
      facebookPlaceId: part,
      foursquarePlaceId: part,
      baiduPlaceId: part,
      amapPlaceId: part,
    }),
    sameAs: z.array(line(2_000)).max(50),
  }),
});

/** OCTO CategoryLabel (octo/content). */
const categoryLabel = z.enum([
  'multi-day',
  'city-cards',
  'adults-only',
  'animals',
  'audio-guide',
  'beaches',
  'bike-tours',
  'boat-tours',
  'classes',
  'day-trips',
  'family-friendly',
  'fast-track',
  'food',
  'guided-tours',
  'history',
  'hop-on-hop-off',
  'literature',
  'live-music',
  'museums',
  'nightlife',
  'outdoors',
  'private-tours',
  'romantic',
  'recurring-events',
  'self-guided',
  'small-group-tours',
  'sports',
  'theme-parks',
  'walking-tours',
  'wheelchair-accessible',
  'accommodation-included',
  'trip-difficulty-easy',
  'trip-difficulty-medium',
  'trip-difficulty-hard',
]);

/** The fields of octo/content, of a product and of an option. */
export const contentFields = {
  title: localised,
  shortDescription: localised.nullable(),
  description: localised.nullable(),
  features: z.array(feature).max(200),
  faqs: z.array(z.strictObject({ question: localised, answer: localised })).max(200),
  media: z.array(media).max(200),
  locations: z.array(location).max(200),
  categoryLabels: z.array(categoryLabel).max(34),
  durationMinutesFrom: minutes,
  durationMinutesTo: minutes.nullable(),
  commentary: z
    .array(z.strictObject({ format: z.enum(['IN_PERSON', 'RECORDED_AUDIO', 'WRITTEN', 'OTHER']), language }))
    .max(200),
};
