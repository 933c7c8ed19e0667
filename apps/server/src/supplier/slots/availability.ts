import {
  type AvailabilityDocument,
  type AvailabilityStatus,
  availabilityClock,
  type Pricing,
} from '@carillon/contract';
import type { Offer } from '../catalogue/catalogue.ts';
import { bookingPricing, pricingIn, timesPricing } from '../catalogue/pricing.ts';
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

/** What a slot comes to at a glance: whether it is open, and how much room it has. */
export type SlotStanding = Pick<AvailabilityDocument, 'status' | 'vacancies' | 'capacity'>;

/** How a slot stands for whoever asks, or for a group. */
export function standingOf(slot: ScheduledSlot, state: SlotState, group?: GroupIn): SlotStanding {
  const { capacity, vacancies } = roomOf(slot, state);
  const status = statusOf(state.closed || slot.closed, capacity, vacancies);
  return { status: group === undefined ? status : statusForGroup(status, vacancies, group), vacancies, capacity };
}

/** What a slot shows of prices (octo/pricing): `unitPricing`, or `pricing` where the product is priced per booking. */
export type SlotPrices = Pick<AvailabilityDocument, 'unitPricing' | 'pricing'>;

/**
 * Every unit's price in every currency, or in the one given; where the product is priced per booking what one costs, in the
 * product's own currency unless one is given (a slot has room for one).
 */
export function slotPrices({ product, option }: Offer, currency?: string): SlotPrices {
  if (product.pricingPer === 'BOOKING') {
    const pricing = pricingIn(option.pricingFrom, currency ?? product.defaultCurrency);
    return pricing === undefined ? {} : { pricing };
  }
  const unitPricing = option.units.flatMap((unit) =>
    (unit.pricingFrom ?? [])
      .filter((pricing) => currency === undefined || pricing.currency === currency)
      .map((pricing) => ({ unitId: unit.id, ...pricing })),
  );
  return { unitPricing };
}

/** A slot's document at `now` (ms UTC). `prices` are its `slotPrices`, given so that slots can share them. */
export function slotDocument(
  offer: Offer,
  slot: ScheduledSlot,
  state: SlotState,
  prices: SlotPrices,
  now: number,
): AvailabilityDocument {
  const { status, vacancies, capacity } = standingOf(slot, state);
  const { title, shortDescription } = offer.scheduled.slotContent ?? noContent;
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
    title,
    ...(shortDescription === null ? {} : { shortDescription }),
    ...prices,
  };
}

const noContent = { title: null, shortDescription: null };

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
  const priced: { pricing: Pricing }[] = [];
  for (const { id, type, quantity } of units) {
    const unit = offer.option.units.find((each) => (id === undefined ? each.type === type : each.id === id));
    if (unit === undefined) return refuse({ kind: 'unit', unitId: id ?? type ?? '' });
    const pricing = pricingIn(unit.pricingFrom, currency);
    places += unit.restrictions.paxCount * quantity;
    count += quantity;
    if (pricing !== undefined) priced.push({ pricing: timesPricing(pricing, quantity) });
  }
  const pricing = bookingPricing(offer.option, priced, currency);
  if (pricing === undefined) return unprocessable(`currency: nothing is sold in ${currency}.`);
  return done({ places, units: count, pricing });
}

/** A group that asks about slots of an option, of which one booking may have so many units. */
export type GroupIn = Pick<Group, 'places' | 'units'> & Pick<AvailabilityDocument, 'maxUnits'>;

/** SOLD_OUT where a slot that is not closed has no room for all of them. */
function statusForGroup(
  status: AvailabilityStatus,
  vacancies: number | null,
  { places, units, maxUnits }: GroupIn,
): AvailabilityStatus {
  const fits = (maxUnits === null || units <= maxUnits) && (vacancies === null || places <= vacancies);
  return status === 'CLOSED' || fits ? status : 'SOLD_OUT';
}

/** The slot as a group sees it: sold out when there is no room for all of them, with the price of all together (OCTO, Ventrata). */
export function slotForGroup(document: AvailabilityDocument, group: Group): AvailabilityDocument {
  const { unitPricing: _, ...slot } = document;
  const status = statusForGroup(document.status, document.vacancies, { ...group, maxUnits: document.maxUnits });
  return { ...slot, status, available: document.available && status === document.status, pricing: group.pricing };
}
