import { type BookingDocument, bookingClock, slotEdge } from '@carillon/contract';

const hourMs = 3_600_000;

/**
 * How many percent of its price a booking gets back that is cancelled, or made smaller, at `now` (ms UTC): nothing past its
 * cut-off; before, what its option's policy says, of the steps that there is still time for the one that gives most; all of it
 * where there is no policy. Without a slot there is always time.
 */
export function refundPercent(
  booking: Pick<BookingDocument, 'status' | 'utcExpiresAt' | 'option' | 'availability'>,
  now: number,
): number {
  if (!bookingClock(booking, now).cancellable) return 0;
  const { option, availability } = booking;
  if (option.cancellationPolicy === undefined) return 100;
  const hoursBefore = availability === null ? Number.POSITIVE_INFINITY : (slotEdge(availability) - now) / hourMs;
  const steps = option.cancellationPolicy.filter((step) => step.untilHoursBefore <= hoursBefore);
  return Math.max(0, ...steps.map((step) => step.refundPercent));
}

/** What OCTO calls so many percent. */
export function refundOf(percent: number): 'FULL' | 'PARTIAL' | 'NONE' {
  if (percent >= 100) return 'FULL';
  return percent > 0 ? 'PARTIAL' : 'NONE';
}
