import type { Change, Held, Subject } from '../../changes/index.ts';
import { type Catalogue, findOffer, type Offer } from '../catalogue/catalogue.ts';
import { type SlotState, slotDocument, slotPrices } from './availability.ts';
import { type ScheduledSlot, scheduledSlot } from './schedule.ts';
import type { SlotKey } from './store.ts';

/** Names a slot among all of a supplier's. */
export function slotId(slot: SlotKey): string {
  return `${slot.productId}/${slot.optionId}/${slot.availabilityId}`;
}

/** A slot as the subject of changes. */
export function slotSubject(supplierId: string, slot: SlotKey): Subject<'availability_update'> {
  return { supplierId, type: 'availability_update', id: slotId(slot) };
}

/** A slot that is offered: its option and its place in the schedule. */
export interface OfferedSlot {
  readonly offer: Offer;
  readonly slot: ScheduledSlot;
}

/** Finds a slot; undefined when the schedule no longer has it. */
export function offeredSlot(catalogue: Catalogue, key: SlotKey): OfferedSlot | undefined {
  const found = findOffer(catalogue, key.productId, key.optionId);
  if (!found.ok) return undefined;
  const offer = found.value;
  const slot = scheduledSlot(offer.definition.timeZone, offer.scheduled, key.availabilityId);
  return slot && { offer, slot };
}

/** The change of a slot from one state to another at `now` (ms UTC). */
export function slotChange(
  held: Held<'availability_update'>,
  { offer, slot }: OfferedSlot,
  states: { readonly before: SlotState; readonly after: SlotState },
  now: number,
): Change<'availability_update'> {
  const prices = slotPrices(offer);
  const documentOf = (state: SlotState) => slotDocument(offer, slot, state, prices, now);
  return { held, connectionId: null, before: documentOf(states.before), after: documentOf(states.after) };
}
