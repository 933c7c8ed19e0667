import type { Option, ProductDocument, Unit } from '@carillon/contract';

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

/** A unit as the operator edits it: one price for each of the product's currencies. */
export type UnitDefinition = Omit<Unit, 'pricingFrom' | 'pricing'> & { readonly prices: readonly Price[] };

/** The days that a schedule covers, YYYY-MM-DD, both included; null leaves an end open. */
interface Season {
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

/** An option as the operator edits it. */
export type OptionDefinition = Omit<Option, 'availabilityLocalStartTimes' | 'cancellationCutoff' | 'units'> & {
  readonly schedule: Schedule;
  /** Bookings end so many minutes before the start, or before closing. */
  readonly bookingCutoffMinutes: number;
  readonly units: readonly UnitDefinition[];
};

/** A product as the operator edits it; its document is made from it. Texts are in all languages. */
export type ProductDefinition = Omit<ProductDocument, 'options' | 'pricingPer'> & {
  readonly taxes: readonly TaxRate[];
  readonly options: readonly OptionDefinition[];
};
