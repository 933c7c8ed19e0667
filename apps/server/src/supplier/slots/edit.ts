import type { AvailabilityDocument } from '@carillon/contract';
import type { Changes } from '../../changes/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import { findOffer, loadCatalogue, reloadCatalogue } from '../catalogue/catalogue.ts';
import { done, type Result, refuse, unprocessable } from '../refusal.ts';
import { untouched } from './availability.ts';
import { editSlotRow, lockSlot, type SlotKey, touchSlots } from './store.ts';
import { offeredSlot, slotChange, slotSubject } from './subject.ts';

/** What an operator decides about one slot; an absent key stays as it is. */
export interface SlotEdit extends SlotKey {
  /** Places in place of the schedule's, not fewer than are booked; null: as scheduled. */
  readonly capacity?: number | null | undefined;
  readonly closed?: boolean | undefined;
}

/** Edits a slot, and records it as a change of its availability at `now`; an edit that changes nothing records nothing. */
export async function editSlot(
  tx: Tx,
  changes: Changes,
  supplierId: string,
  edit: SlotEdit,
  now: number,
): Promise<Result<AvailabilityDocument>> {
  const { productId, optionId, availabilityId } = edit;
  const key = { productId, optionId, availabilityId };
  const catalogue = await loadCatalogue(tx, supplierId, [productId]);
  const offer = findOffer(catalogue, productId, optionId);
  if (!offer.ok) return offer;
  const offered = offeredSlot(catalogue, key);
  if (offered === undefined) return refuse({ kind: 'availability', availabilityId });
  const [, locked, [held], current] = await Promise.all([
    touchSlots(tx, supplierId, [{ ...key, localDate: offered.slot.localDate }]),
    lockSlot(tx, supplierId, key),
    changes.hold(tx, [slotSubject(supplierId, key)]),
    reloadCatalogue(tx, supplierId, catalogue, [productId]),
  ]);
  const offeredNow = offeredSlot(current, key);
  if (offeredNow === undefined) return refuse({ kind: 'availability', availabilityId });
  if (held === undefined) throw new Error(`Slot ${availabilityId} was not held`);
  const before = locked ?? untouched;
  const capacity = edit.capacity === undefined ? before.capacity : edit.capacity;
  const after = { ...before, capacity, closed: edit.closed ?? before.closed };
  const places = capacity ?? offeredNow.slot.capacity;
  if (edit.capacity !== undefined && places !== null && places < before.booked) {
    return unprocessable(`capacity: ${before.booked} places are booked already, ${places} would be too few.`);
  }
  const change = slotChange(held, offeredNow, { before, after }, now);
  if (after.capacity === before.capacity && after.closed === before.closed) return done(change.after);
  await Promise.all([editSlotRow(tx, supplierId, key, after), changes.record(tx, [change])]);
  return done(change.after);
}
