import { availabilityClock, type BookingDocument, type Option, type Unit } from '@carillon/contract';
import { type Catalogue, findOffer, type Offer } from '../catalogue/catalogue.ts';
import { done, type Result, refuse } from '../refusal.ts';
import { slotDocument, slotPrices, untouched } from '../slots/availability.ts';
import { type ScheduledSlot, scheduledSlot } from '../slots/schedule.ts';

/** An option and the slot of it that is chosen; no slot: freesale. */
export interface Choice {
  readonly offer: Offer;
  readonly slot: ScheduledSlot | null;
}

/** Finds what is chosen, or says which id is not known. Only freesale and products that need no availability go without a slot. */
export function findChoice(
  catalogue: Catalogue,
  ids: { readonly productId: string; readonly optionId: string; readonly availabilityId: string | null },
): Result<Choice> {
  const found = findOffer(catalogue, ids.productId, ids.optionId);
  if (!found.ok) return found;
  const offer = found.value;
  const { availabilityId } = ids;
  if (availabilityId === null) {
    const free = offer.product.allowFreesale || !offer.product.availabilityRequired;
    return free ? done({ offer, slot: null }) : refuse({ kind: 'availability', availabilityId: '' });
  }
  const slot = scheduledSlot(offer.definition.timeZone, offer.scheduled, availabilityId);
  return slot === undefined ? refuse({ kind: 'availability', availabilityId }) : done({ offer, slot });
}

/** A unit in a booking: `pricing` in place of `pricingFrom` (OCTO octo/pricing), which a unit of a booked option has already. */
export function bookedUnit(unit: Unit, currency: string): Unit {
  const { pricingFrom, pricing, ...rest } = unit;
  return { ...rest, ...bookedPrices(unit, currency) };
}

/** An option in a booking, as `bookedUnit`; where the product is priced per booking it is the option that has a price. */
function bookedOption(option: Option, currency: string): Option {
  const { pricingFrom, pricing, ...rest } = option;
  const units = option.units.map((unit) => bookedUnit(unit, currency));
  return { ...rest, ...bookedPrices(option, currency), units };
}

function bookedPrices({ pricingFrom, pricing }: Pick<Unit, 'pricingFrom' | 'pricing'>, currency: string) {
  const prices = pricingFrom ?? pricing;
  return prices === undefined ? {} : { pricing: prices.filter((each) => each.currency === currency) };
}

/** What a booking keeps of what was chosen. */
export type Snapshot = Pick<
  BookingDocument,
  'productId' | 'product' | 'optionId' | 'option' | 'freesale' | 'availabilityId' | 'availability' | 'deliveryMethods'
>;

function slotSnapshot(
  offer: Offer,
  slot: ScheduledSlot,
  currency: string,
  now: number,
): BookingDocument['availability'] {
  const document = slotDocument(offer, slot, untouched, slotPrices(offer, currency), now);
  const { productId: _, optionId: __, ...availability } = { ...document, status: 'AVAILABLE' as const };
  return { ...availability, ...availabilityClock(availability, now), vacancies: null, capacity: null };
}

/**
 * What a booking keeps of what was chosen, as it is at `now` (ms UTC). It says nothing of the room that is left: vacancies
 * and capacity are null, and the status is AVAILABLE, so that other people's bookings never show in it.
 */
export function snapshotOf({ offer, slot }: Choice, currency: string, now: number): Snapshot {
  return {
    productId: offer.product.id,
    product: offer.product,
    optionId: offer.option.id,
    option: bookedOption(offer.option, currency),
    freesale: slot === null,
    availabilityId: slot?.id ?? null,
    availability: slot === null ? null : slotSnapshot(offer, slot, currency, now),
    deliveryMethods: offer.product.deliveryMethods,
  };
}

/** How many places units take: each as many as its `paxCount` says (OCTO). */
export function placesOf(items: readonly { readonly unit: Unit }[]): number {
  return items.reduce((sum, item) => sum + item.unit.restrictions.paxCount, 0);
}
