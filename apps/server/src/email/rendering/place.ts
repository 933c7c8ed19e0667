import type { Location, PostalAddress } from '@carillon/contract';
import type { Shown, ShownBooking } from '../facts.ts';
import { oneLine } from './text.ts';

/** Where the guest is awaited. */
export interface Place {
  readonly title: string | null;
  readonly address: string | null;
  readonly directions: string | null;
  /** A map of it, on the web. */
  readonly map: string | null;
}

/** The meeting point of a booking: the first START among the locations of its option, else of its product (octo/content). */
export function meetingPointOf(booking: Pick<ShownBooking, 'option' | 'product'>): Place | null {
  const location = [...booking.option.locations, ...booking.product.locations].find(({ types }) =>
    types.includes('START'),
  );
  if (location === undefined) return null;
  const place = {
    title: textOf(location.title),
    address: textOf(addressOf(location.place.postalAddress)),
    directions: textOf(location.shortDescription),
    map: mapOf(location.place),
  };
  return Object.values(place).every((part) => part === null) ? null : place;
}

const textOf = (text: string | null): string | null => (text === null ? null : oneLine(text) || null);

/** An address as one line: street, postal code with town, country. A country's code is left out, a guest knows where the trip goes. */
function addressOf({ streetAddress, postOfficeBoxNumber, postalCode, addressLocality, addressRegion }: PostalAddress) {
  const town = [postalCode, addressLocality].filter(Boolean).join(' ');
  return [streetAddress, postOfficeBoxNumber, town, addressRegion].filter(Boolean).join(', ');
}

/** Google's documented universal URL (Maps URLs, "search"): opens the app on a phone and the web page elsewhere. */
function mapOf({ latitude, longitude }: Shown<Location>['place']): string {
  return `https://www.google.com/maps/search/?api=1&query=${encodeURIComponent(`${latitude},${longitude}`)}`;
}
