import { type BookingDocument, type BookingStatus, holdElapsed } from '@carillon/contract';
import { type Refused, refuse, unprocessable } from '../refusal.ts';

/** What can happen to a booking. `request` is a confirmation of a product that is not confirmed instantly (OCTO PENDING). */
export const bookingEvents = [
  'update',
  'extend',
  'confirm',
  'request',
  'accept',
  'reject',
  'cancel',
  'expire',
  'redeem',
  'noShow',
] as const;
/** One thing that can happen to a booking. */
export type BookingEvent = (typeof bookingEvents)[number];

/**
 * The state machine: the status after each event, nothing where the event cannot happen. OCTO's statuses and Ventrata's
 * NOSHOW. A row that leads to itself, other than by `update` and `extend`, is a repetition: it changes nothing.
 */
export const transitions: Readonly<Record<BookingStatus, Readonly<Partial<Record<BookingEvent, BookingStatus>>>>> = {
  ON_HOLD: {
    update: 'ON_HOLD',
    extend: 'ON_HOLD',
    confirm: 'CONFIRMED',
    request: 'PENDING',
    cancel: 'CANCELLED',
    expire: 'EXPIRED',
  },
  PENDING: {
    update: 'PENDING',
    confirm: 'PENDING',
    request: 'PENDING',
    accept: 'CONFIRMED',
    reject: 'REJECTED',
    cancel: 'CANCELLED',
  },
  CONFIRMED: {
    update: 'CONFIRMED',
    confirm: 'CONFIRMED',
    request: 'CONFIRMED',
    accept: 'CONFIRMED',
    cancel: 'CANCELLED',
    redeem: 'REDEEMED',
    noShow: 'NOSHOW',
  },
  REDEEMED: { redeem: 'REDEEMED' },
  NOSHOW: { noShow: 'NOSHOW' },
  CANCELLED: { cancel: 'CANCELLED' },
  EXPIRED: { expire: 'EXPIRED' },
  REJECTED: { reject: 'REJECTED' },
};

/** The status that a booking has for whoever acts on it at `now` (ms UTC): a hold past its time is EXPIRED, swept or not. */
export function statusAt(booking: Pick<BookingDocument, 'status' | 'utcExpiresAt'>, now: number): BookingStatus {
  return holdElapsed(booking, now) ? 'EXPIRED' : booking.status;
}

/** True when the event has happened already: the booking stays as it is, and nothing is recorded. */
export function repeats(status: BookingStatus, event: BookingEvent): boolean {
  return event !== 'update' && event !== 'extend' && transitions[status][event] === status;
}

const participles: Readonly<Record<BookingEvent, string>> = {
  update: 'updated',
  extend: 'extended',
  confirm: 'confirmed',
  request: 'confirmed',
  accept: 'accepted',
  reject: 'rejected',
  cancel: 'cancelled',
  expire: 'expired',
  redeem: 'redeemed',
  noShow: 'marked as a no-show',
};

/** The refusal of an event that cannot happen in a status. OCTO: confirming an expired hold is INVALID_BOOKING_UUID. */
export function impossible(uuid: string, status: BookingStatus, event: BookingEvent): Refused {
  if (status === 'EXPIRED' && (event === 'confirm' || event === 'request')) return refuse({ kind: 'booking', uuid });
  return unprocessable(`A booking that is ${status} cannot be ${participles[event]}.`);
}

/** True for a status in which a booking takes up its places. */
export function takesPlaces(status: BookingStatus): boolean {
  return status !== 'CANCELLED' && status !== 'EXPIRED' && status !== 'REJECTED';
}
