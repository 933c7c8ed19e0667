import type { AvailabilityDocument } from '@carillon/contract';
import type { Change, Held, Subject } from '../../changes/index.ts';
import { type Catalogue, findOffer } from '../catalogue/catalogue.ts';
import { type SlotState, slotDocument, unitPricing } from './availability.ts';
import { scheduledSlot } from './schedule.ts';
import type { SlotKey } from './store.ts';

/** Names a slot among all of a supplier's. */
export function slotId(slot: SlotKey): string {
  return `${slot.productId}/${slot.optionId}/${slot.availabilityId}`;
}

/** A slot as the subject of changes. */
export function slotSubject(supplierId: string, slot: SlotKey): Subject<'availability_update'> {
  return { supplierId, type: 'availability_update', id: slotId(slot) };
}

/** A slot's document at `now` (ms UTC); undefined when the schedule no longer has the slot. */
export function documentOfSlot(
  catalogue: Catalogue,
  key: SlotKey,
  state: SlotState,
  now: number,
): AvailabilityDocument | undefined {
  const found = findOffer(catalogue, key.productId, key.optionId);
  if (!found.ok) return undefined;
  const offer = found.value;
  const slot = scheduledSlot(offer.definition.timeZone, offer.scheduled, key.availabilityId);
  return slot && slotDocument(offer, slot, state, unitPricing(offer), now);
}

/** The change of a slot from one state to another; none for a slot that is no longer offered, which nobody can see. */
export function slotChange(
  held: Held<'availability_update'>,
  catalogue: Catalogue,
  key: SlotKey,
  states: { readonly before: SlotState; readonly after: SlotState },
  now: number,
): Change<'availability_update'> | undefined {
  const before = documentOfSlot(catalogue, key, states.before, now);
  const after = documentOfSlot(catalogue, key, states.after, now);
  return before && after && { held, connectionId: null, before, after };
}
