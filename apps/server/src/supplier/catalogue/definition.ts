import type { Option, ProductDocument, Text, Unit } from '@carillon/contract';

/** What a unit costs in one currency: integers in the currency's smallest part; `net` is what the reseller owes, if known. */
export interface Price {
  readonly currency: string;
  readonly original: number;
  readonly retail: number;
  readonly net: number | null;
}

/** A tax that prices include, e.g. 19 percent. */
export interface TaxRate {
  readonly name: string;
  readonly percent: number;
}

/** A unit as the operator edits it: one price for each of the product's currencies, none where it is priced per booking. */
export type UnitDefinition = Omit<Unit, 'pricingFrom' | 'pricing' | 'shortDescription'> & {
  readonly shortDescription: Text | null;
  readonly prices: readonly Price[];
};

/** The days that a schedule covers, YYYY-MM-DD, both included; null leaves an end open. */
export interface Season {
  readonly from: string | null;
  readonly to: string | null;
}

/** Departures: each start time on each of the weekdays. */
export interface StartTimes {
  readonly type: 'START_TIME';
  /** HH:MM in the venue's zone. */
  readonly startTimes: readonly string[];
  readonly durationMinutes: number;
  /** ISO: Monday is 1. */
  readonly weekdays: readonly number[];
  /** Places per slot; null: no limit. */
  readonly capacity: number | null;
  readonly season: Season;
}

/** Opening hours: one slot a day. */
export interface OpeningHours {
  readonly type: 'OPENING_HOURS';
  /** HH:MM in the venue's zone; `to` at or before `from` is on the next day. */
  readonly hours: readonly { readonly weekdays: readonly number[]; readonly from: string; readonly to: string }[];
  /** Places per day; null: no limit. */
  readonly capacity: number | null;
  readonly season: Season;
}

/** When an option takes place, and how many places there are. */
export type Schedule = StartTimes | OpeningHours;

/** Days on which an option is closed, YYYY-MM-DD, both included. */
export interface Closure {
  readonly from: string;
  readonly to: string;
}

/** Places of some slots in place of the schedule's: on these weekdays of a season, at these start times. */
export interface CapacityRule {
  /** ISO: Monday is 1. */
  readonly weekdays: readonly number[];
  /** HH:MM; null: all slots of the day. */
  readonly startTimes: readonly string[] | null;
  readonly season: Season;
  /** null: no limit. */
  readonly capacity: number | null;
}

/** What an operator says of an option's slots (octo/content), in all languages. */
export interface SlotContent {
  readonly title: Text | null;
  readonly shortDescription: Text | null;
}

/** An option as the operator edits it. */
export type OptionDefinition = Omit<
  Option,
  'availabilityLocalStartTimes' | 'cancellationCutoff' | 'units' | 'pricingFrom' | 'pricing'
> & {
  readonly schedule: Schedule;
  /** Other schedules for their seasons: on a day that one of them covers it takes the place of `schedule`, a later one of an earlier. */
  readonly seasons?: readonly Schedule[] | undefined;
  readonly closures?: readonly Closure[] | undefined;
  /** Of the rules that a slot falls under the last one counts. */
  readonly capacities?: readonly CapacityRule[] | undefined;
  readonly slotContent?: SlotContent | undefined;
  /** Where the product is priced per booking: what one costs whatever its units, in each of the product's currencies. */
  readonly prices?: readonly Price[] | undefined;
  /** Bookings end so many minutes before the start, or before closing. */
  readonly bookingCutoffMinutes: number;
  readonly units: readonly UnitDefinition[];
};

/** A product as the operator edits it; its document is made from it. Texts are in all languages. */
export type ProductDefinition = Omit<ProductDocument, 'options' | 'pricingPer'> & {
  /** What prices are of (OCTO PricingPer); UNIT unless it says otherwise. */
  readonly pricingPer?: ProductDocument['pricingPer'] | undefined;
  readonly taxes: readonly TaxRate[];
  readonly options: readonly OptionDefinition[];
};
