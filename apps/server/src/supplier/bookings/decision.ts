import { type BookingDocument, type BookingStatus, bookingClock } from '@carillon/contract';
import { done, type Result, unprocessable } from '../refusal.ts';
import { missingContactFields } from './contact.ts';
import { type BookingEvent, impossible, repeats, statusAt, transitions } from './state.ts';
import { laterThan } from './time.ts';

/** What an event makes of a booking, or why it cannot be. The same object back: nothing changes, nothing is recorded. */
export type Decision = Result<BookingDocument>;

/** What an event changes in a booking, given the status that it comes to have. */
export type Effect = (status: BookingStatus) => Decision;

/**
 * Lets an event happen to a booking at `now` (ms UTC), as the state machine has it: the status, its unit items' status with
 * it, the time of the change and what follows the clock are seen to here, the rest is the effect's.
 */
export function decide(booking: BookingDocument, event: BookingEvent, now: number, effect: Effect): Decision {
  const current = event === 'expire' ? booking.status : statusAt(booking, now);
  const status = transitions[current][event];
  if (status === undefined) return impossible(booking.uuid, current, event);
  if (repeats(current, event)) return done(booking);
  const changed = effect(status);
  if (!changed.ok || changed.value === booking) return changed;
  return done(stamped(booking, withStatus(changed.value, status), now));
}

function withStatus(booking: BookingDocument, status: BookingStatus): BookingDocument {
  const unitItems = booking.unitItems.map((item) => ({ ...item, status }));
  return { ...booking, status, unitItems };
}

function stamped(before: BookingDocument, after: BookingDocument, now: number): BookingDocument {
  return { ...after, utcUpdatedAt: laterThan(before.utcUpdatedAt, now), ...bookingClock(after, now) };
}

/** Refuses a booking that lacks contact details which its option and units require (OCTO requiredContactFields). */
export function withContact(booking: BookingDocument): Decision {
  const missing = missingContactFields(booking);
  return missing.length === 0
    ? done(booking)
    : unprocessable(`Required contact details are missing: ${missing.join(', ')}.`);
}
