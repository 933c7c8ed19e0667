import type { AvailabilityDocument } from '@carillon/contract';
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
  /** While slots are still to be told of an edit of the product: the slot as it was offered before, null if it was not. */
  readonly told?: OfferedSlot | null;
}

/** Finds a slot; undefined when the schedule no longer has it. */
export function offeredSlot(catalogue: Catalogue, key: SlotKey): OfferedSlot | undefined {
  const found = findOffer(catalogue, key.productId, key.optionId);
  if (!found.ok) return undefined;
  const offer = found.value;
  const slot = scheduledSlot(offer.definition.timeZone, offer.scheduled, key.availabilityId);
  if (slot === undefined) return undefined;
  const told = catalogue.get(key.productId)?.told;
  return told === undefined ? { offer, slot } : { offer, slot, told: offeredSlot(told, key) ?? null };
}

/** A slot that is not offered, as it is told of: nobody can book it. */
export function notOffered(document: AvailabilityDocument): AvailabilityDocument {
  return { ...document, status: 'CLOSED', available: false };
}

/**
 * The change of a slot from one state to another at `now` (ms UTC). What an edit of its product changed of it and was not told yet is
 * told with it.
 */
export function slotChange(
  held: Held<'availability_update'>,
  offered: OfferedSlot,
  states: { readonly before: SlotState; readonly after: SlotState },
  now: number,
): Change<'availability_update'> {
  const documentOf = ({ offer, slot }: OfferedSlot, state: SlotState) =>
    slotDocument(offer, slot, state, slotPrices(offer), now);
  const before = documentOf(offered.told ?? offered, states.before);
  return {
    held,
    connectionId: null,
    before: offered.told === null ? notOffered(before) : before,
    after: documentOf(offered, states.after),
  };
}
