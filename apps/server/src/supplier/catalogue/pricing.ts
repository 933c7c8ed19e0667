import type { Option, Pricing, Tax } from '@carillon/contract';
import type { Price, TaxRate } from './definition.ts';

const knownPrecisions = new Map<string, number>();

/** How many decimals a currency's smallest part has (ISO 4217): 2 for EUR, 0 for JPY. Remembered: to ask takes 30 µs. */
export function precisionOf(currency: string): number {
  const known = knownPrecisions.get(currency);
  if (known !== undefined) return known;
  const { maximumFractionDigits } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
  const precision = maximumFractionDigits ?? 2;
  knownPrecisions.set(currency, precision);
  return precision;
}

/** What a price comes to with the taxes that it includes (OCTO Pricing). Several rates share one price: each is of the untaxed rest. */
export function pricingOf(price: Price, taxes: readonly TaxRate[]): Pricing {
  const percents = taxes.reduce((sum, tax) => sum + tax.percent, 0);
  const part = (amount: number, tax: TaxRate) => Math.round((amount * tax.percent) / (100 + percents));
  return {
    original: price.original,
    retail: price.retail,
    net: price.net,
    currency: price.currency,
    currencyPrecision: precisionOf(price.currency),
    includedTaxes: taxes.map((tax) => ({
      name: tax.name,
      original: part(price.original, tax),
      retail: part(price.retail, tax),
      net: price.net === null ? null : part(price.net, tax),
    })),
  };
}

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
/** Unknown as soon as one of them is. */
const sumKnown = (amounts: readonly (number | null)[]) =>
  amounts.reduce((total, amount) => (total === null || amount === null ? null : total + amount), 0 as number | null);

/** What prices of one currency come to together: every amount, and every tax by its name, is the sum of theirs. */
export function totalPricing(pricings: readonly Pricing[], currency: string): Pricing {
  const taxes = Map.groupBy(
    pricings.flatMap((pricing) => pricing.includedTaxes),
    (tax) => tax.name,
  );
  const total = (name: string, parts: readonly Tax[]): Tax => ({
    name,
    original: sum(parts.map((part) => part.original)),
    retail: sum(parts.map((part) => part.retail)),
    net: sumKnown(parts.map((part) => part.net)),
  });
  return {
    original: sum(pricings.map((pricing) => pricing.original)),
    retail: sum(pricings.map((pricing) => pricing.retail)),
    net: sumKnown(pricings.map((pricing) => pricing.net)),
    currency,
    currencyPrecision: pricings[0]?.currencyPrecision ?? precisionOf(currency),
    includedTaxes: [...taxes].map(([name, parts]) => total(name, parts)),
  };
}

/** What so many of the same cost. */
export function timesPricing(pricing: Pricing, quantity: number): Pricing {
  const times = (amount: number | null) => (amount === null ? null : amount * quantity);
  return {
    ...pricing,
    original: pricing.original * quantity,
    retail: pricing.retail * quantity,
    net: times(pricing.net),
    includedTaxes: pricing.includedTaxes.map((tax) => ({
      name: tax.name,
      original: tax.original * quantity,
      retail: tax.retail * quantity,
      net: times(tax.net),
    })),
  };
}

/**
 * What a booking costs: the option's price where the product is priced per booking, whatever its units (OCTO), else what its
 * units cost together. Undefined: the option has no price in this currency.
 */
export function bookingPricing(
  option: Pick<Option, 'pricingFrom' | 'pricing'>,
  units: readonly { readonly pricing?: Pricing }[],
  currency: string,
): Pricing | undefined {
  const ofBooking = option.pricingFrom ?? option.pricing;
  if (ofBooking !== undefined) return pricingIn(ofBooking, currency);
  return totalPricing(
    units.flatMap(({ pricing }) => pricing ?? []),
    currency,
  );
}

/** The price in one currency, if there is one. */
export function pricingIn(pricings: readonly Pricing[] | undefined, currency: string): Pricing | undefined {
  return pricings?.find((pricing) => pricing.currency === currency);
}
