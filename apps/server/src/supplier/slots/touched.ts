import { isDeepStrictEqual } from 'node:util';
import type { AvailabilityDocument } from '@carillon/contract';
import type { Change, Changes, Held } from '../../changes/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type SlotPrices, type SlotState, slotDocument, slotPrices } from './availability.ts';
import type { SlotKey } from './store.ts';
import { type OfferedSlot, offeredSlot, slotSubject } from './subject.ts';

/** A slot that somebody reserved or edited, with its state. */
export interface TouchedSlot extends SlotKey {
  readonly state: SlotState;
}

/** Slots that are held at once: each is a parameter of a statement. */
const heldAtOnce = 500;

/**
 * The changes that an edit of a product makes to slots that are locked, at `now` (ms UTC): of those that look different after it.
 * A slot that is no longer scheduled, or whose product was deleted, is CLOSED for good.
 */
export async function editedSlots(
  tx: Tx,
  changes: Changes,
  supplierId: string,
  slots: readonly TouchedSlot[],
  catalogue: { readonly before: Catalogue; readonly after: Catalogue },
  now: number,
): Promise<Change<'availability_update'>[]> {
  const show = { before: shower(catalogue.before, now), after: shower(catalogue.after, now) };
  const edited: Change<'availability_update'>[] = [];
  for (let start = 0; start < slots.length; start += heldAtOnce) {
    const portion = slots.slice(start, start + heldAtOnce);
    const held = await changes.hold(
      tx,
      portion.map((slot) => slotSubject(supplierId, slot)),
    );
    for (const [index, slot] of portion.entries()) {
      const subject = held[index];
      const change = subject && changeOf(subject, show.before(slot), show.after(slot));
      if (change !== undefined) edited.push(change);
    }
  }
  return edited;
}

function changeOf(
  held: Held<'availability_update'>,
  shownBefore: AvailabilityDocument | undefined,
  shownAfter: AvailabilityDocument | undefined,
): Change<'availability_update'> | undefined {
  const before = held.document ?? shownBefore;
  const after = shownAfter ?? (before && { ...before, status: 'CLOSED' as const, available: false });
  // What was never offered cannot change.
  if (before === undefined || after === undefined || alike(before, after)) return undefined;
  return { held, connectionId: null, before, after };
}

/** Whether two documents differ in nothing but what follows the clock. */
function alike(before: AvailabilityDocument, after: AvailabilityDocument): boolean {
  return isDeepStrictEqual({ ...before, available: false }, { ...after, available: false });
}

/** Shows slots as a catalogue has them; those of one option share their prices. */
function shower(catalogue: Catalogue, now: number): (slot: TouchedSlot) => AvailabilityDocument | undefined {
  const prices = new Map<string, SlotPrices>();
  const pricesOf = ({ offer }: OfferedSlot): SlotPrices => {
    const known = prices.get(offer.option.id) ?? slotPrices(offer);
    prices.set(offer.option.id, known);
    return known;
  };
  return (slot) => {
    const offered = offeredSlot(catalogue, slot);
    return offered && slotDocument(offered.offer, offered.slot, slot.state, pricesOf(offered), now);
  };
}
