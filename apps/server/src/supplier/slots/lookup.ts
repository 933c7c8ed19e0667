import { type AvailabilityDocument, maxRangeDays } from '@carillon/contract';
import type { Queryable } from '../../platform/db/index.ts';
import { catalogueOf, findOffer, type Offer } from '../catalogue/catalogue.ts';
import { done, type Result, refuse, unprocessable } from '../refusal.ts';
import type { AvailabilityQuery, CalendarQuery } from '../request.ts';
import {
  type Group,
  groupOf,
  type SlotPrices,
  slotDocument,
  slotForGroup,
  slotPrices,
  standingOf,
  untouched,
} from './availability.ts';
import { type CalendarDay, calendarDay } from './calendar.ts';
import { type OptionRead, readOption, type SlotsWanted } from './lookup-store.ts';
import { type ScheduledSlot, scheduledSlot, scheduledSlots } from './schedule.ts';
import { dayCount, daysBetween, isDate } from './zone.ts';

interface Range {
  readonly from: string;
  readonly to: string;
}

function rangeOf(from: string | undefined, to: string | undefined): Result<Range> {
  const refusal = (message: string) => refuse({ kind: 'bad_request', message });
  if (from === undefined || !isDate(from)) return refusal('localDateStart must be a date, YYYY-MM-DD.');
  if (to === undefined || !isDate(to)) return refusal('localDateEnd must be a date, YYYY-MM-DD.');
  const days = dayCount(from, to);
  if (days < 1) return refusal('localDateEnd must not be before localDateStart.');
  if (days > maxRangeDays) return refusal('localDateStart and localDateEnd must not be more than a year apart.');
  return done({ from, to });
}

/** What a lookup asks of every slot: an option, prices, and for whom; and what is known of the slots. */
interface Asked {
  readonly offer: Offer;
  readonly prices: SlotPrices;
  readonly group: Group | undefined;
  readonly states: OptionRead['states'];
}

async function askedOf(
  db: Queryable,
  supplierId: string,
  query: AvailabilityQuery,
  wanted: SlotsWanted,
): Promise<Result<Asked>> {
  const { definition, states } = await readOption(db, supplierId, query, wanted);
  const found = findOffer(catalogueOf(definition), query.productId, query.optionId);
  if (!found.ok) return found;
  const offer = found.value;
  const currency = query.currency ?? undefined;
  if (currency !== undefined && !offer.product.availableCurrencies.includes(currency)) {
    return unprocessable(`currency: nothing is sold in ${currency}.`);
  }
  const group =
    query.units === undefined ? undefined : groupOf(offer, query.units, currency ?? offer.product.defaultCurrency);
  if (group?.ok === false) return group;
  return done({ offer, prices: slotPrices(offer, currency), group: group?.value, states });
}

function shown(asked: Asked, slot: ScheduledSlot, now: number): AvailabilityDocument {
  const state = asked.states.get(slot.id) ?? untouched;
  const document = slotDocument(asked.offer, slot, state, asked.prices, now);
  return asked.group === undefined ? document : slotForGroup(document, asked.group);
}

function withIds(offer: Offer, ids: readonly string[]): Result<ScheduledSlot[]> {
  const slots: ScheduledSlot[] = [];
  for (const id of new Set(ids)) {
    const slot = scheduledSlot(offer.definition.timeZone, offer.scheduled, id);
    if (slot === undefined) return refuse({ kind: 'availability', availabilityId: id });
    slots.push(slot);
  }
  return done(slots);
}

function inRange(offer: Offer, range: Range, now: number): ScheduledSlot[] {
  const slots = scheduledSlots(offer.definition.timeZone, offer.scheduled, range.from, range.to);
  return slots.filter((slot) => now < slot.cutoffAt);
}

/**
 * Slots of an option (OCTO availability check). A range gives those that are not past their cut-off; ids give any that the
 * schedule has, and an unknown one is refused.
 */
export async function lookUpSlots(
  db: Queryable,
  supplierId: string,
  query: AvailabilityQuery,
  now: number,
): Promise<Result<readonly AvailabilityDocument[]>> {
  const { availabilityIds: ids } = query;
  const range = ids === undefined ? rangeOf(query.localDateStart, query.localDateEnd) : undefined;
  if (range?.ok === false) return range;
  if (ids?.length === 0) return done([]);
  const asked = await askedOf(db, supplierId, query, range?.value ?? { ids: ids ?? [] });
  if (!asked.ok) return asked;
  const { offer } = asked.value;
  const found = range === undefined ? withIds(offer, ids ?? []) : done(inRange(offer, range.value, now));
  return found.ok ? done(found.value.map((slot) => shown(asked.value, slot, now))) : found;
}

/** The prices of a day: what its slots show, by the names that they have there (OCTO). */
function pricesFrom({ unitPricing, pricing }: SlotPrices): Pick<CalendarDay, 'unitPricingFrom' | 'pricingFrom'> {
  return {
    ...(unitPricing === undefined ? {} : { unitPricingFrom: unitPricing }),
    ...(pricing === undefined ? {} : { pricingFrom: pricing }),
  };
}

/** Days of an option, one for each of the range (OCTO availability calendar). */
export async function lookUpDays(
  db: Queryable,
  supplierId: string,
  query: CalendarQuery,
  now: number,
): Promise<Result<readonly CalendarDay[]>> {
  const range = rangeOf(query.localDateStart, query.localDateEnd);
  if (!range.ok) return range;
  const { from, to } = range.value;
  const asked = await askedOf(db, supplierId, query, range.value);
  if (!asked.ok) return asked;
  const { offer, prices, group, states } = asked.value;
  const scheduled = Map.groupBy(
    scheduledSlots(offer.definition.timeZone, offer.scheduled, from, to),
    (slot) => slot.localDate,
  );
  const shownPrices = pricesFrom(group === undefined ? prices : { pricing: group.pricing });
  const asking = group && { ...group, maxUnits: offer.option.restrictions.maxUnits };
  const days: CalendarDay[] = [];
  for (const date of daysBetween(from, to)) {
    const slots = scheduled.get(date) ?? [];
    const bookable = slots
      .filter((slot) => now < slot.cutoffAt)
      .map((slot) => standingOf(slot, states.get(slot.id) ?? untouched, asking));
    days.push(calendarDay(date, bookable, slots[0]?.openingHours ?? [], shownPrices));
  }
  return done(days);
}
