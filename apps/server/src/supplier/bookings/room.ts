import { done, type Result, unprocessable } from '../refusal.ts';
import { roomOf, type SlotState } from '../slots/availability.ts';
import type { ScheduledSlot } from '../slots/schedule.ts';

/**
 * Whether so many more places can be had of a slot at `now` (ms UTC). This gives the reason in words; that nothing is ever
 * sold twice is seen to by the statement that takes the places.
 */
export function checkRoom(slot: ScheduledSlot, state: SlotState, places: number, now: number): Result<true> {
  const { vacancies } = roomOf(slot, state);
  if (now >= slot.cutoffAt)
    return unprocessable(`availabilityId: ${slot.id} can no longer be booked, its cut-off has passed.`);
  if (state.closed || slot.closed) return unprocessable(`availabilityId: ${slot.id} is closed.`);
  if (vacancies === 0) return unprocessable(`availabilityId: ${slot.id} is sold out.`);
  if (vacancies !== null && places > vacancies) {
    return unprocessable(`unitItems: ${slot.id} has ${vacancies} places left, ${places} are needed.`);
  }
  return done(true);
}
