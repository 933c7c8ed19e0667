import type { Option, ProductDocument, Unit } from '@carillon/contract';
import type { OptionDefinition, Price, ProductDefinition, UnitDefinition } from './definition.ts';
import { pricingOf } from './pricing.ts';

type Taxed = Pick<ProductDefinition, 'taxes' | 'pricingPer'>;

/** Prices stand with what the product is priced per: its units, or its options (OCTO). */
function priced(per: ProductDocument['pricingPer'], prices: readonly Price[], { taxes, pricingPer = 'UNIT' }: Taxed) {
  return per === pricingPer ? { pricingFrom: prices.map((price) => pricingOf(price, taxes)) } : {};
}

function unitOf({ prices, shortDescription, ...unit }: UnitDefinition, product: Taxed): Unit {
  return {
    ...unit,
    ...(shortDescription === null ? {} : { shortDescription }),
    ...priced('UNIT', prices, product),
  };
}

/** Every time at which it starts, in any season, in order; none for OPENING_HOURS (OCTO). */
function startTimesOf({ schedule, seasons = [] }: OptionDefinition): string[] {
  const times = [schedule, ...seasons].flatMap((each) => (each.type === 'START_TIME' ? each.startTimes : []));
  return [...new Set(times)].sort();
}

function cutoffText(amount: number, unit: Option['cancellationCutoffUnit']): string {
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}

function optionOf(definition: OptionDefinition, product: Taxed): Option {
  const { schedule, seasons, closures, capacities, slotContent, prices, bookingCutoffMinutes, units, ...option } =
    definition;
  return {
    ...option,
    availabilityLocalStartTimes: startTimesOf(definition),
    cancellationCutoff: cutoffText(option.cancellationCutoffAmount, option.cancellationCutoffUnit),
    ...priced('BOOKING', prices ?? [], product),
    units: units.map((unit) => unitOf(unit, product)),
  };
}

/** The document of a product: what is shown and sold, in every language and currency. */
export function productDocument(definition: ProductDefinition): ProductDocument {
  const { taxes, options, pricingPer = 'UNIT', ...product } = definition;
  return { ...product, options: options.map((option) => optionOf(option, definition)), pricingPer };
}
