/** Texts, contacts, and what octo/content tells of products and options. */

/** A text in several languages, keyed by BCP 47 tag; a view shows one of them as a string. */
export interface Text {
  readonly $text: Readonly<Record<string, string>>;
}

/** OCTO ContactField: what a guest may be asked for. */
export type ContactField =
  | 'firstName'
  | 'lastName'
  | 'emailAddress'
  | 'phoneNumber'
  | 'country'
  | 'notes'
  | 'locales'
  | 'allowMarketing'
  | 'postalCode';

/** OCTO Contact; `allowMarketing` is Ventrata's. */
export interface Contact {
  readonly fullName: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly emailAddress: string | null;
  readonly phoneNumber: string | null;
  readonly locales: readonly string[];
  readonly postalCode: string | null;
  readonly country: string | null;
  readonly notes: string | null;
  readonly allowMarketing: boolean;
}

/** OCTO Feature types (octo/content). */
export type FeatureType =
  | 'INCLUSION'
  | 'EXCLUSION'
  | 'HIGHLIGHT'
  | 'PREBOOKING_INFORMATION'
  | 'PREARRIVAL_INFORMATION'
  | 'REDEMPTION_INSTRUCTION'
  | 'ACCESSIBILITY_INFORMATION'
  | 'ADDITIONAL_INFORMATION'
  | 'BOOKING_TERM'
  | 'CANCELLATION_TERM';

/** OCTO Feature (octo/content). */
export interface Feature {
  readonly type: FeatureType;
  readonly shortDescription: Text | null;
}

/** OCTO Media (octo/content). */
export interface Media {
  readonly src: string;
  readonly type: string;
  readonly rel: 'LOGO' | 'COVER' | 'GALLERY';
  readonly title: Text | null;
  readonly caption: Text | null;
  readonly copyright: string | null;
}

/** OCTO LocationType (octo/content): what a place is to a visit. */
export type LocationType =
  | 'START'
  | 'ITINERARY_ITEM'
  | 'POINT_OF_INTEREST'
  | 'ADMISSION_INCLUDED'
  | 'END'
  | 'REDEMPTION';

/** OCTO PostalAddress (octo/content); `addressCountry` is an ISO 3166-1 code. */
export interface PostalAddress {
  readonly streetAddress: string | null;
  readonly addressLocality: string | null;
  readonly addressRegion: string | null;
  readonly postalCode: string | null;
  readonly addressCountry: string | null;
  readonly postOfficeBoxNumber: string | null;
}

/** OCTO Identifiers (octo/content): what others call a place. */
export interface PlaceIdentifiers {
  readonly googlePlaceId: string | null;
  readonly applePlaceId: string | null;
  readonly tripadvisorLocationId: string | null;
  readonly yelpPlaceId: string | null;
  readonly facebookPlaceId: string | null;
  readonly foursquarePlaceId: string | null;
  readonly baiduPlaceId: string | null;
  readonly amapPlaceId: string | null;
}

/** OCTO Location (octo/content): a start point, a stop, a meeting point. */
export interface Location {
  readonly title: Text | null;
  readonly shortDescription: Text | null;
  readonly types: readonly LocationType[];
  readonly minutesTo: number | null;
  readonly minutesAt: number | null;
  readonly place: {
    readonly latitude: number;
    readonly longitude: number;
    readonly postalAddress: PostalAddress;
    readonly identifiers: PlaceIdentifiers;
    readonly sameAs: readonly string[];
  };
}

/** What octo/content adds to a product and to an option. */
export interface Content {
  readonly title: Text;
  readonly shortDescription: Text | null;
  readonly description: Text | null;
  readonly features: readonly Feature[];
  readonly faqs: readonly { readonly question: Text; readonly answer: Text }[];
  readonly media: readonly Media[];
  readonly locations: readonly Location[];
  readonly categoryLabels: readonly string[];
  readonly durationMinutesFrom: number;
  readonly durationMinutesTo: number | null;
  readonly commentary: readonly { readonly format: string; readonly language: string }[];
}
