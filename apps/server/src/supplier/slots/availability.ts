import {
  type AvailabilityDocument,
  type AvailabilityStatus,
  availabilityClock,
  type Pricing,
} from '@carillon/contract';
import type { Offer } from '../catalogue/catalogue.ts';
import { pricingIn, timesPricing, totalPricing } from '../catalogue/pricing.ts';
import { done, type Result, refuse, unprocessable } from '../refusal.ts';
import type { UnitCount } from '../request.ts';
import type { ScheduledSlot } from './schedule.ts';

/** What is known of a slot beyond its schedule. `capacity` takes the place of the schedule's; null leaves it. */
export interface SlotState {
  readonly booked: number;
  readonly capacity: number | null;
  readonly closed: boolean;
}

/** The state of a slot that nobody reserved or edited. */
export const untouched: SlotState = { booked: 0, capacity: null, closed: false };

/** How many places a slot has, and how many are left; null: no limit. */
export function roomOf(slot: ScheduledSlot, state: SlotState): { capacity: number | null; vacancies: number | null } {
  const capacity = state.capacity ?? slot.capacity;
  // More can be booked than there are places only after the schedule was cut.
  return { capacity, vacancies: capacity === null ? null : Math.max(0, capacity - state.booked) };
}

/** OCTO AvailabilityStatus. LIMITED: less than half of the places are left. */
export function statusOf(closed: boolean, capacity: number | null, vacancies: number | null): AvailabilityStatus {
  if (closed) return 'CLOSED';
  if (capacity === null || vacancies === null) return 'FREESALE';
  if (vacancies === 0) return 'SOLD_OUT';
  return vacancies * 2 < capacity ? 'LIMITED' : 'AVAILABLE';
}

/** Every unit's price in every currency, or in the one given (octo/pricing). */
export function unitPricing(offer: Offer, currency?: string): (Pricing & { unitId: string })[] {
  return offer.option.units.flatMap((unit) =>
    (unit.pricingFrom ?? [])
      .filter((pricing) => currency === undefined || pricing.currency === currency)
      .map((pricing) => ({ unitId: unit.id, ...pricing })),
  );
}

/** A slot's document at `now` (ms UTC). `prices` are its `unitPricing`, given so that slots can share them. */
export function slotDocument(
  offer: Offer,
  slot: ScheduledSlot,
  state: SlotState,
  prices: readonly (Pricing & { unitId: string })[],
  now: number,
): AvailabilityDocument {
  const { capacity, vacancies } = roomOf(slot, state);
  const status = statusOf(state.closed, capacity, vacancies);
  const utcCutoffAt = `${new Date(slot.cutoffAt).toISOString().slice(0, 19)}Z`;
  return {
    productId: offer.product.id,
    optionId: offer.option.id,
    id: slot.id,
    localDateTimeStart: slot.localDateTimeStart,
    localDateTimeEnd: slot.localDateTimeEnd,
    utcCutoffAt,
    allDay: slot.allDay,
    ...availabilityClock({ status, utcCutoffAt }, now),
    status,
    vacancies,
    capacity,
    maxUnits: offer.option.restrictions.maxUnits,
    openingHours: slot.openingHours,
    title: null,
    shortDescription: null,
    unitPricing: prices,
  };
}

/** Units that somebody asks about: how many places and units they are, and what they cost together. */
export interface Group {
  readonly places: number;
  readonly units: number;
  readonly pricing: Pricing;
}

/** Sums up the units that are asked about, in one currency. */
export function groupOf(offer: Offer, units: readonly UnitCount[], currency: string): Result<Group> {
  let places = 0;
  let count = 0;
  const pricings: Pricing[] = [];
  for (const { id, quantity } of units) {
    const unit = offer.option.units.find((each) => each.id === id);
    if (unit === undefined) return refuse({ kind: 'unit', unitId: id });
    const pricing = pricingIn(unit.pricingFrom, currency);
    if (pricing === undefined) return unprocessable(`currency: nothing is sold in ${currency}.`);
    places += unit.restrictions.paxCount * quantity;
    count += quantity;
    pricings.push(timesPricing(pricing, quantity));
  }
  return done({ places, units: count, pricing: totalPricing(pricings, currency) });
}

/** Whether so many places and units can be had of a slot as far as its room goes. */
function fits(document: AvailabilityDocument, group: Pick<Group, 'places' | 'units'>): boolean {
  if (document.maxUnits !== null && group.units > document.maxUnits) return false;
  return document.vacancies === null || group.places <= document.vacancies;
}

/** The slot as a group sees it: sold out when there is no room for all of them, with the price of all together (OCTO, Ventrata). */
export function slotForGroup(document: AvailabilityDocument, group: Group): AvailabilityDocument {
  const { unitPricing: _, ...slot } = document;
  const status = document.status === 'CLOSED' || fits(document, group) ? document.status : 'SOLD_OUT';
  return { ...slot, status, available: document.available && status === document.status, pricing: group.pricing };
}
