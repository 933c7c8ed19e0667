import type { AvailabilityDocument, BookingDocument } from '@carillon/contract';
import { expect } from 'vitest';
import type { Stage } from '../stage.ts';
import { cruise, slots } from './boat.ts';
import { counts } from './money.ts';

const keyOf = ({ productId, optionId, id }: AvailabilityDocument) => `${productId}/${optionId}/${id}`;

/** Places that bookings hold of a slot, counted from their documents alone. */
function held(bookings: readonly BookingDocument[], slot: AvailabilityDocument): number {
  return bookings
    .filter((each) => !each.testMode && counts(each) && each.productId === slot.productId)
    .filter((each) => each.availabilityId === slot.id)
    .reduce((sum, each) => sum + each.unitItems.length, 0);
}

/** The slots as they are offered now, by their keys: of an option those that can still be booked, and those that are named. */
async function offered(
  stage: Stage,
  told: readonly AvailabilityDocument[],
): Promise<Map<string, AvailabilityDocument>> {
  const found = new Map<string, AvailabilityDocument>();
  const days = { localDateStart: '2026-05-31', localDateEnd: '2027-05-30' };
  const named = [cruise(stage), ...slots(stage)];
  const later = told.map(({ productId, optionId, id: availabilityId }) => ({ productId, optionId, availabilityId }));
  const look = async (query: Parameters<Stage['supplier']['availability']>[1]) => {
    const result = await stage.supplier.availability(stage.sample.supplierId, query);
    for (const slot of result.ok ? result.value : []) found.set(keyOf(slot), slot);
  };
  for (const { productId, optionId } of [cruise(stage), ...slots(stage).slice(0, 1)]) {
    await look({ productId, optionId, ...days });
  }
  for (const { productId, optionId, availabilityId } of [...named, ...later]) {
    if (found.has(`${productId}/${optionId}/${availabilityId}`)) continue;
    await look({ productId, optionId, availabilityIds: [availabilityId ?? ''] });
  }
  return found;
}

/**
 * Of every slot that somebody reserved, edited or was told of: vacancies and what is booked are its capacity, and it looks as it was
 * told of last; what is no longer scheduled was told as CLOSED, and nothing of it is booked.
 */
export async function expectPlaces(
  stage: Stage,
  bookings: readonly BookingDocument[],
  told: readonly AvailabilityDocument[],
): Promise<void> {
  const shown = await offered(stage, told);
  for (const slot of shown.values()) {
    const { vacancies, capacity } = slot;
    expect({ slot: keyOf(slot), vacancies }).toEqual({
      slot: keyOf(slot),
      vacancies: capacity! - held(bookings, slot),
    });
  }
  for (const document of told) {
    const slot = shown.get(keyOf(document));
    if (slot !== undefined) expect(document).toEqual(slot);
    else expect([document.status, held(bookings, document)]).toEqual(['CLOSED', 0]);
  }
  const touched = new Set(told.map(keyOf));
  for (const each of bookings.filter(({ testMode }) => !testMode)) {
    expect(touched).toContain(`${each.productId}/${each.optionId}/${each.availabilityId}`);
  }
}
