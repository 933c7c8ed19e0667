import type { AvailabilityDocument, BookingDocument, Option, OrderDocument } from './document.ts';

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

type Slot = Pick<AvailabilityDocument, 'allDay' | 'localDateTimeStart' | 'localDateTimeEnd'>;
type Cutoff = Pick<Option, 'cancellationCutoffAmount' | 'cancellationCutoffUnit'>;

/**
 * Until when a booking may be changed or cancelled, ms UTC: the option's cancellation cut-off before the start, or before
 * closing where the product has opening hours (OCTO). A slot's local times carry their offset.
 */
export function cancellationCutoffAt(option: Cutoff, slot: Slot): number {
  const edge = slot.allDay ? slot.localDateTimeEnd : slot.localDateTimeStart;
  return Date.parse(edge) - option.cancellationCutoffAmount * unitMs[option.cancellationCutoffUnit];
}

/** `cancellable`, `updatable`, `confirmable` of a booking at `now` (ms UTC): the status allows it and its time has not passed. */
export function bookingClock(
  booking: Pick<BookingDocument, 'status' | 'utcExpiresAt' | 'option' | 'availability'>,
  now: number,
): { cancellable: boolean; updatable: boolean; confirmable: boolean } {
  const held =
    booking.status === 'ON_HOLD' && (booking.utcExpiresAt === null || now < Date.parse(booking.utcExpiresAt));
  const beforeCutoff =
    booking.availability === null || now < cancellationCutoffAt(booking.option, booking.availability);
  const kept = (booking.status === 'CONFIRMED' || booking.status === 'PENDING') && beforeCutoff;
  return { cancellable: held || kept, updatable: held || kept, confirmable: held };
}

/** The same three of an order: what holds for one of its bookings holds for it; to confirm it, none may be past its hold. */
export function orderClock(
  order: Pick<OrderDocument, 'bookings'>,
  now: number,
): { cancellable: boolean; updatable: boolean; confirmable: boolean } {
  const each = order.bookings.map((booking) => bookingClock(booking, now));
  const held = order.bookings.filter((booking) => booking.status === 'ON_HOLD');
  return {
    cancellable: each.some((flags) => flags.cancellable),
    updatable: each.some((flags) => flags.updatable),
    confirmable: held.length > 0 && held.every((booking) => bookingClock(booking, now).confirmable),
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
