import {
  ICalAttendeeStatus,
  ICalCalendar,
  ICalCalendarMethod,
  ICalEventStatus,
  ICalEventTransparency,
} from 'ical-generator';
import type { BookingFacts } from '../facts.ts';
import { meetingPointOf } from './place.ts';
import type { Strings } from './strings/index.ts';
import { oneLine } from './text.ts';
import { unitsOf, unitsText } from './units.ts';
import { isAllDay } from './when.ts';

/** One party of a calendar entry. */
interface Attendee {
  readonly name: string;
  readonly email: string;
}

/** Whose entry it is, and when it is written (ms UTC). */
export interface CalendarContext {
  readonly organizer: Attendee;
  readonly guest: Attendee;
  readonly strings: Strings;
  readonly now: number;
}

/** A calendar file: iCalendar text and its iTIP method (RFC 5546). */
export interface CalendarFile {
  readonly method: 'REQUEST' | 'CANCEL';
  readonly text: string;
}

/**
 * The calendar file of a booking; null without a slot. The entry keeps its UID (the booking's uuid) through the booking's life and
 * its SEQUENCE is the position of the booking's last event, so that calendars move the entry rather than add another (RFC 5546, 2.1.5).
 *
 * It is a REQUEST, not a PUBLISH: only the former is followed by calendars without the guest's help when it changes. The guest is
 * down as having accepted, and no answer is asked for: a "decline" would cancel nothing.
 */
export function calendarFileOf(facts: BookingFacts, context: CalendarContext): CalendarFile | null {
  const { after, position } = facts;
  const slot = after.availability;
  if (slot === null) return null;
  const cancelled = facts.occasions[0] === 'cancelled';
  const method = cancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.REQUEST;
  const calendar = new ICalCalendar({ prodId: { company: 'Carillon', product: 'Carillon', language: 'EN' }, method });
  const place = meetingPointOf(after);
  const location = [place?.title, place?.address].filter((part) => part !== null && part !== undefined).join(', ');
  calendar.createEvent({
    id: after.uuid,
    sequence: position,
    stamp: new Date(context.now),
    status: cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    summary: oneLine(after.product.title),
    ...timesOf(slot, isAllDay(after)),
    ...(location === '' ? {} : { location }),
    description: descriptionOf(facts, context.strings),
    organizer: { name: context.organizer.name, email: context.organizer.email },
    attendees: [{ ...context.guest, status: ICalAttendeeStatus.ACCEPTED, rsvp: false }],
  });
  return { method: cancelled ? 'CANCEL' : 'REQUEST', text: calendar.toString() };
}

type Slot = NonNullable<BookingFacts['after']['availability']>;

/**
 * Instants are written in UTC, which every calendar shows in its own zone; a day of opening hours is a whole day of the venue, which
 * does not make its guest busy for all of it.
 */
function timesOf(slot: Slot, allDay: boolean) {
  if (allDay) {
    const start = new Date(`${slot.localDateTimeStart.slice(0, 10)}T00:00:00Z`);
    const end = new Date(start.getTime() + 86_400_000);
    return { start, end, allDay, timezone: 'UTC', transparency: ICalEventTransparency.TRANSPARENT };
  }
  const start = new Date(slot.localDateTimeStart);
  const end = new Date(slot.localDateTimeEnd);
  return { start, end: end > start ? end : null, allDay: false, timezone: 'UTC' };
}

function descriptionOf({ after }: BookingFacts, strings: Strings): string {
  const reference = oneLine(after.supplierReference ?? after.orderReference);
  const lines = [`${strings.tickets}: ${unitsText(unitsOf(after))}`, `${strings.reference}: ${reference}`];
  return lines.join('\n');
}
