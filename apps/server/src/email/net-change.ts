import { type BookingDocument, type BookingPayload, capabilityIds, occasionsOf, view } from '@carillon/contract';
import { diff } from '@carillon/diff';
import { type GuestOccasion, strongestFirst } from './campaigns/campaign.ts';
import type { ShownBooking } from './facts.ts';

/** What happened to a booking between two states, as its guest sees it. */
export interface NetChange {
  readonly before: ShownBooking | null;
  readonly after: ShownBooking;
  readonly occasions: readonly GuestOccasion[];
}

const capabilities = new Set(capabilityIds);

/**
 * What happened to a booking between two states, as a guest sees it who reads `language` (and `fallback` where a text lacks it), at
 * `now` (ms UTC): the diff of both states as they are shown, and what it means. `before` is null for a booking that was not there.
 */
export function netChangeOf(
  booking: { readonly before: BookingDocument | null; readonly after: BookingDocument },
  reading: { readonly language: string; readonly fallback: string; readonly now: number },
): NetChange {
  const audience = { capabilities, language: reading.language, fallback: reading.fallback };
  const seen = (document: BookingDocument) => view('booking_update', document, audience, reading.now);
  const before = booking.before === null ? null : seen(booking.before);
  const after = seen(booking.after);
  const payload = { booking: after as unknown as BookingPayload['booking'], diff: diff(before ?? {}, after) };
  return {
    before: before as ShownBooking | null,
    after: after as unknown as ShownBooking,
    occasions: strongestFirst(occasionsOf(payload).occasions.map(({ occasion }) => occasion)),
  };
}
