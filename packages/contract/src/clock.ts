import type { AvailabilityDocument, BookingDocument, Option, OrderDocument } from './document.ts';

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

type Slot = Pick<AvailabilityDocument, 'allDay' | 'localDateTimeStart' | 'localDateTimeEnd'>;

/** What a slot's times before it count to, ms UTC: its start, or closing where the product has opening hours (OCTO). */
export function slotEdge(slot: Slot): number {
  return Date.parse(slot.allDay ? slot.localDateTimeEnd : slot.localDateTimeStart);
}

type Cutoff = Pick<Option, 'cancellationCutoffAmount' | 'cancellationCutoffUnit'>;

/**
 * Until when a booking may be changed or cancelled, ms UTC: the option's cancellation cut-off before the start, or before
 * closing where the product has opening hours (OCTO). A slot's local times carry their offset.
 */
export function cancellationCutoffAt(option: Cutoff, slot: Slot): number {
  return slotEdge(slot) - option.cancellationCutoffAmount * unitMs[option.cancellationCutoffUnit];
}

/** The three of a booking or an order that follow the clock. */
export interface Flags {
  readonly cancellable: boolean;
  readonly updatable: boolean;
  readonly confirmable: boolean;
}

type Timed = Pick<BookingDocument | OrderDocument, 'status' | 'utcExpiresAt'>;

/**
 * True for a hold, or an order without bookings, whose time is past at `now` (ms UTC): it counts as EXPIRED, whether or not it was
 * made so yet.
 */
export function holdElapsed({ status, utcExpiresAt }: Timed, now: number): boolean {
  return status === 'ON_HOLD' && utcExpiresAt !== null && now >= Date.parse(utcExpiresAt);
}

/**
 * `cancellable`, `updatable`, `confirmable` of a booking at `now` (ms UTC): the status allows it and its time has not passed. A
 * hold can be changed and confirmed as long as its slot is sold (`utcCutoffAt`), and cancelled also after that; what is booked
 * can be changed and cancelled until its cancellation cut-off (OCTO).
 */
export function bookingClock(booking: Timed & Pick<BookingDocument, 'option' | 'availability'>, now: number): Flags {
  const { status, option, availability } = booking;
  if (status === 'ON_HOLD' && !holdElapsed(booking, now)) {
    const sold = availability === null || now < Date.parse(availability.utcCutoffAt);
    return { cancellable: true, updatable: sold, confirmable: sold };
  }
  const booked = status === 'CONFIRMED' || status === 'PENDING';
  const open = booked && (availability === null || now < cancellationCutoffAt(option, availability));
  return { cancellable: open, updatable: open, confirmable: false };
}

/**
 * Whether one of these bookings of an order expired and none of its holds was made, or changed, since: then who confirms the
 * order as a whole may not have seen it, and would get less than what was asked for. An addition counts from when the hold's
 * time was past; another change only once the hold was made EXPIRED, because that may pass the primary booking on.
 */
export function expiryUnseen(bookings: readonly BookingDocument[], now: number): boolean {
  const holds = bookings.filter((booking) => booking.status === 'ON_HOLD' && !holdElapsed(booking, now));
  const seen = (gone: BookingDocument) =>
    holds.some(
      (hold) =>
        (gone.utcExpiresAt !== null && hold.utcCreatedAt >= gone.utcExpiresAt) ||
        (gone.status === 'EXPIRED' && hold.utcUpdatedAt > gone.utcUpdatedAt),
    );
  return bookings.some((each) => (each.status === 'EXPIRED' || holdElapsed(each, now)) && !seen(each));
}

/**
 * The same three of an order: what holds for all of its bookings that are neither over nor ended. As long as one of its holds
 * has expired and nobody acted on it since, it is not confirmed as a whole. One without bookings can be changed and cancelled
 * until it is, or its own time is past.
 */
export function orderClock(order: Pick<OrderDocument, 'bookings' | 'status' | 'utcExpiresAt'>, now: number): Flags {
  if (order.bookings.length === 0) {
    const open = order.status === 'ON_HOLD' && !holdElapsed(order, now);
    return { cancellable: open, updatable: open, confirmable: false };
  }
  const open = order.bookings.filter(
    (booking) => !holdElapsed(booking, now) && ['ON_HOLD', 'PENDING', 'CONFIRMED'].includes(booking.status),
  );
  const all = (bookings: readonly BookingDocument[], flag: keyof Flags) =>
    bookings.length > 0 && bookings.every((booking) => bookingClock(booking, now)[flag]);
  const holds = open.filter((booking) => booking.status === 'ON_HOLD');
  return {
    cancellable: all(open, 'cancellable'),
    updatable: all(open, 'updatable'),
    confirmable: !expiryUnseen(order.bookings, now) && all(holds, 'confirmable'),
  };
}

/** Whether a slot can be booked at `now` (ms UTC): its status says so and its cut-off has not passed. */
export function availabilityClock(
  slot: Pick<AvailabilityDocument, 'status' | 'utcCutoffAt'>,
  now: number,
): { available: boolean } {
  const open = slot.status === 'AVAILABLE' || slot.status === 'FREESALE' || slot.status === 'LIMITED';
  return { available: open && now < Date.parse(slot.utcCutoffAt) };
}
