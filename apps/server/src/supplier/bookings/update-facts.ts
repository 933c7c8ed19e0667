import type { BookingDocument } from '@carillon/contract';
import type { Tx } from '../../platform/db/index.ts';
import { loadCatalogue } from '../catalogue/catalogue.ts';
import type { Deps } from '../deps.ts';
import type { Update } from '../request.ts';
import { untouched } from '../slots/availability.ts';
import { slotState } from '../slots/store.ts';
import { unitItemOwners } from './store.ts';
import { chosenIds, type UpdateFacts } from './update.ts';

/** What a change is decided on, apart from the time. */
export type LoadedFacts = Omit<UpdateFacts, 'now'>;

/**
 * Loads what a change of a booking is decided on: its products, the slot that it is to have, and whose the uuids are that
 * its unit items ask for. A change that touches none of these needs nothing.
 */
export async function loadUpdateFacts(
  tx: Tx,
  deps: Deps,
  supplierId: string,
  booking: BookingDocument | undefined,
  request: Update,
): Promise<LoadedFacts> {
  const { newId, codes } = deps;
  const { productId, optionId, availabilityId, unitItems } = request;
  const touches = [productId, optionId, availabilityId, unitItems].some((value) => value !== undefined);
  if (booking === undefined || !touches) {
    return { catalogue: new Map(), slot: untouched, takenUuids: new Set(), newId, codes };
  }
  const ids = chosenIds(booking, request);
  const slot = ids.availabilityId === null ? undefined : { ...ids, availabilityId: ids.availabilityId };
  const [catalogue, state, owners] = await Promise.all([
    loadCatalogue(tx, supplierId, [booking.productId, ids.productId]),
    slot && slotState(tx, supplierId, slot),
    unitItemOwners(
      tx,
      supplierId,
      (unitItems ?? []).flatMap((item) => item.uuid ?? []),
    ),
  ]);
  const others = owners.filter((owner) => owner.booking_uuid !== booking.uuid);
  return { catalogue, slot: state ?? untouched, takenUuids: new Set(others.map((owner) => owner.uuid)), newId, codes };
}
