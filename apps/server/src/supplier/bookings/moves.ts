import type { BookingDocument } from '@carillon/contract';
import type { SlotKey } from '../slots/store.ts';
import { slotId } from '../slots/subject.ts';
import { placesOf } from './snapshot.ts';
import { takesPlaces } from './state.ts';

/** Places taken of a slot (more than 0), or given back (fewer). */
export interface Move extends SlotKey {
  readonly localDate: string;
  readonly places: number;
}

/** The day of travel at the venue, YYYY-MM-DD; null for freesale. */
export function travelDate(booking: Pick<BookingDocument, 'availability'>): string | null {
  return booking.availability?.localDateTimeStart.slice(0, 10) ?? null;
}

/** How many places a booking takes up of its slot: none in test mode, in freesale, or once it has ended without a visit. */
export function placesTaken(booking: BookingDocument): number {
  const counts = !booking.testMode && booking.availabilityId !== null && takesPlaces(booking.status);
  return counts ? placesOf(booking.unitItems) : 0;
}

function moveOf(booking: BookingDocument, sign: 1 | -1): Move | undefined {
  const localDate = travelDate(booking);
  const places = placesTaken(booking) * sign;
  if (booking.availabilityId === null || localDate === null || places === 0) return undefined;
  const { productId, optionId, availabilityId } = booking;
  return { productId, optionId, availabilityId, localDate, places };
}

/**
 * What bookings that change from `before` to `after` take from and give back to slots: one move for each slot, in the order
 * of product, option and id, which is the order in which everybody locks them.
 */
export function movesBetween(before: readonly BookingDocument[], after: readonly BookingDocument[]): Move[] {
  const bySlot = new Map<string, Move>();
  for (const move of [...before.map((each) => moveOf(each, -1)), ...after.map((each) => moveOf(each, 1))]) {
    if (move === undefined) continue;
    const id = slotId(move);
    bySlot.set(id, { ...move, places: move.places + (bySlot.get(id)?.places ?? 0) });
  }
  const moved = [...bySlot].filter(([, move]) => move.places !== 0);
  return moved.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, move]) => move);
}
