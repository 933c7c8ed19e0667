import type { Option, ProductDocument, Unit } from '@carillon/contract';
import type { OptionDefinition, ProductDefinition, TaxRate, UnitDefinition } from './definition.ts';
import { pricingOf } from './pricing.ts';

function unitOf(definition: UnitDefinition, taxes: readonly TaxRate[]): Unit {
  const { prices, ...unit } = definition;
  return { ...unit, pricingFrom: prices.map((price) => pricingOf(price, taxes)) };
}

function cutoffText(amount: number, unit: Option['cancellationCutoffUnit']): string {
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}

function optionOf(definition: OptionDefinition, taxes: readonly TaxRate[]): Option {
  const { schedule, bookingCutoffMinutes, units, ...option } = definition;
  return {
    ...option,
    // OCTO: none for OPENING_HOURS.
    availabilityLocalStartTimes: schedule.type === 'START_TIME' ? schedule.startTimes : [],
    cancellationCutoff: cutoffText(option.cancellationCutoffAmount, option.cancellationCutoffUnit),
    units: units.map((unit) => unitOf(unit, taxes)),
  };
}

/** The document of a product: what is shown and sold, in every language and currency. */
export function productDocument(definition: ProductDefinition): ProductDocument {
  const { taxes, options, ...product } = definition;
  return { ...product, options: options.map((option) => optionOf(option, taxes)), pricingPer: 'UNIT' };
}
