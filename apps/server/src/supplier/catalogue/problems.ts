import { isCurrency } from '@carillon/contract';
import type { OptionDefinition, Price, ProductDefinition, UnitDefinition } from './definition.ts';
import { unmatched } from './unmatched.ts';

const repeated = (ids: readonly string[]) => ids.filter((id, index) => ids.indexOf(id) !== index);

/** One price in each currency, where prices belong; none elsewhere. `named` is the unit or option that has them. */
function priceProblems(named: string, prices: readonly Price[], currencies: readonly string[]): string[] {
  const given = prices.map((price) => price.currency);
  const wrong = prices.filter((price) => price.original < price.retail);
  return [
    ...currencies.filter((each) => !given.includes(each)).map((each) => `${named} has no price in ${each}.`),
    ...given
      .filter((each) => !currencies.includes(each))
      .map((each) => `${named} has a price in ${each}, in which it is not sold.`),
    ...repeated(given).map((each) => `${named} has two prices in ${each}.`),
    ...wrong.map((price) => `${named} has an original price below its retail price in ${price.currency}.`),
  ];
}

function unitProblems(unit: UnitDefinition, option: OptionDefinition, product: ProductDefinition): string[] {
  const { minAge, maxAge, minQuantity, maxQuantity, accompaniedBy } = unit.restrictions;
  const unknown = accompaniedBy.filter((id) => !option.units.some((each) => each.id === id));
  const problems = unknown.map((id) => `The unit ${unit.id} must be accompanied by ${id}, which the option has not.`);
  if (minAge > maxAge) problems.push(`The unit ${unit.id} has a minAge above its maxAge.`);
  if (minQuantity !== null && maxQuantity !== null && minQuantity > maxQuantity) {
    problems.push(`The unit ${unit.id} has a minQuantity above its maxQuantity.`);
  }
  return [...problems, ...priceProblems(`The unit ${unit.id}`, unit.prices, currenciesOf('UNIT', product))];
}

/** The currencies in which what a product may be priced per must have prices: none where it is priced per something else. */
function currenciesOf(per: 'UNIT' | 'BOOKING', { pricingPer = 'UNIT', availableCurrencies }: ProductDefinition) {
  return pricingPer === per ? availableCurrencies : [];
}

function scheduleProblems(option: OptionDefinition, product: ProductDefinition): string[] {
  return [option.schedule, ...(option.seasons ?? [])].flatMap((schedule) => {
    const { from, to } = schedule.season;
    const problems: string[] = [];
    if (schedule.type !== product.availabilityType) {
      problems.push(`The option ${option.id} has a schedule that is not ${product.availabilityType}.`);
    }
    if (from !== null && to !== null && to < from) {
      problems.push(`The option ${option.id} has a season that ends on ${to}, before it begins on ${from}.`);
    }
    if (schedule.type !== 'START_TIME') return problems;
    return [
      ...problems,
      ...repeated(schedule.startTimes).map((time) => `The option ${option.id} starts twice at ${time}.`),
    ];
  });
}

function optionProblems(option: OptionDefinition, product: ProductDefinition): string[] {
  const problems = repeated(option.units.map((unit) => unit.id)).map((id) => `Two units have the id ${id}.`);
  if (option.units.length === 0) problems.push(`The option ${option.id} has no unit.`);
  const { minUnits, maxUnits } = option.restrictions;
  if (maxUnits !== null && minUnits > maxUnits) {
    problems.push(`The option ${option.id} has a minUnits above its maxUnits.`);
  }
  for (const { from, to } of (option.closures ?? []).filter((closure) => closure.to < closure.from)) {
    problems.push(`The option ${option.id} has a closure that ends on ${to}, before it begins on ${from}.`);
  }
  return [
    ...problems,
    ...scheduleProblems(option, product),
    ...unmatched(option),
    ...priceProblems(`The option ${option.id}`, option.prices ?? [], currenciesOf('BOOKING', product)),
    ...option.units.flatMap((unit) => unitProblems(unit, option, product)),
  ];
}

function knownZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}

/** What keeps a definition from being sold, as sentences; none when all is well. Its shape is checked where it comes in. */
export function problemsOf(product: ProductDefinition): string[] {
  const problems = repeated(product.options.map((option) => option.id)).map((id) => `Two options have the id ${id}.`);
  if (product.options.length === 0) problems.push('The product has no option.');
  else if (product.options.filter((option) => option.default).length !== 1) {
    problems.push('One option of the product must be the default, and one only.');
  }
  problems.push(...repeated(product.availableCurrencies).map((each) => `The currency ${each} stands there twice.`));
  if (!product.availableCurrencies.includes(product.defaultCurrency)) {
    problems.push(`The default currency ${product.defaultCurrency} is not among the available ones.`);
  }
  for (const currency of product.availableCurrencies.filter((each) => !isCurrency(each))) {
    problems.push(`The currency ${currency} is not known (ISO 4217).`);
  }
  if (!knownZone(product.timeZone)) problems.push(`The time zone ${product.timeZone} is not known.`);
  return [...problems, ...product.options.flatMap((option) => optionProblems(option, product))];
}
