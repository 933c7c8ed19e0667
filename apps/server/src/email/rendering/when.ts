import type { ShownBooking } from '../facts.ts';
import { formatClock, formatDate, formatTime } from './format.ts';

/** When a visit is, as its guest reads it, in the venue's zone; null parts are not known or do not apply. */
export interface When {
  readonly date: string | null;
  /** "14:00 – 15:30"; null for a product with opening hours, whose slot has no time of its own. */
  readonly time: string | null;
  /** "09:00 – 17:00", one for each stretch of opening hours. */
  readonly hours: readonly string[];
}

/** Whether a visit has no time of its own, only a day: its slot says so, or its product has opening hours. */
export function isAllDay({ availability, product }: Pick<ShownBooking, 'availability' | 'product'>): boolean {
  return availability?.allDay === true || product.availabilityType === 'OPENING_HOURS';
}

/** When a booking's visit is, in a locale. Without a slot (freesale) there is no date. */
export function whenOf(booking: Pick<ShownBooking, 'availability' | 'product'>, locale: string): When {
  const slot = booking.availability;
  if (slot === null) return { date: null, time: null, hours: [] };
  const zone = booking.product.timeZone;
  const date = formatDate(slot.localDateTimeStart, zone, locale);
  if (isAllDay(booking)) {
    const hours = slot.openingHours.map(({ from, to }) => `${formatClock(from, locale)} – ${formatClock(to, locale)}`);
    return { date, time: null, hours };
  }
  const from = formatTime(slot.localDateTimeStart, zone, locale);
  const to = formatTime(slot.localDateTimeEnd, zone, locale);
  const ends = Date.parse(slot.localDateTimeEnd) > Date.parse(slot.localDateTimeStart);
  return { date, time: ends ? `${from} – ${to}` : from, hours: [] };
}
