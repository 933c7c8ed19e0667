import type { ShownBooking } from '../facts.ts';
import { pickupOf } from './pickup.ts';
import { meetingPointOf } from './place.ts';
import type { Strings } from './strings/index.ts';
import { oneLine } from './text.ts';
import { unitsOf, unitsText } from './units.ts';
import { whenOf } from './when.ts';

/** What is different for the guest, before and now. */
export interface Change {
  readonly label: string;
  readonly was: string;
  readonly now: string;
}

/** What is different for the guest between two states of a booking, each as it is read; nothing else counts. */
export function changesOf(before: ShownBooking, after: ShownBooking, strings: Strings, locale: string): Change[] {
  const was = linesOf(before, locale);
  const now = linesOf(after, locale);
  const labels = {
    product: strings.product,
    option: strings.option,
    date: strings.date,
    time: strings.time,
    hours: strings.hours,
    units: strings.tickets,
    meetingPoint: strings.meetingPoint,
    pickup: strings.pickup,
  };
  const names = Object.keys(labels) as (keyof typeof labels)[];
  return names
    .filter((name) => was[name] !== now[name])
    .filter((name) => name !== 'option' || now.option !== null)
    .map((name) => ({ label: labels[name], was: was[name] ?? strings.none, now: now[name] ?? strings.none }));
}

function linesOf(booking: ShownBooking, locale: string) {
  const when = whenOf(booking, locale);
  const place = meetingPointOf(booking);
  return {
    product: oneLine(booking.product.title),
    option: optionTitleOf(booking),
    date: when.date,
    time: when.time,
    hours: when.hours.join(', ') || null,
    units: unitsText(unitsOf(booking)) || null,
    meetingPoint: [place?.title, place?.address, place?.directions].filter(Boolean).join(', ') || null,
    pickup: pickupOf(booking),
  };
}

/** The title of a booking's option where it tells the guest something: the product has several, and it has a name of its own. */
export function optionTitleOf(booking: Pick<ShownBooking, 'option' | 'product'>): string | null {
  if (booking.product.options.length < 2) return null;
  const title = oneLine(booking.option.title);
  return title === '' || title === oneLine(booking.product.title) ? null : title;
}
