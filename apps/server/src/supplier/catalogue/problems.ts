import type { OptionDefinition, ProductDefinition, UnitDefinition } from './definition.ts';

const repeated = (ids: readonly string[]) => ids.filter((id, index) => ids.indexOf(id) !== index);

function unitProblems(unit: UnitDefinition, currencies: readonly string[]): string[] {
  const missing = currencies.filter((currency) => !unit.prices.some((price) => price.currency === currency));
  const wrong = unit.prices.filter((price) => price.original < price.retail);
  return [
    ...missing.map((currency) => `The unit ${unit.id} has no price in ${currency}.`),
    ...wrong.map((price) => `The unit ${unit.id} has an original price below its retail price in ${price.currency}.`),
  ];
}

function optionProblems(option: OptionDefinition, product: ProductDefinition): string[] {
  const problems = repeated(option.units.map((unit) => unit.id)).map((id) => `Two units have the id ${id}.`);
  if (option.units.length === 0) problems.push(`The option ${option.id} has no unit.`);
  if (option.schedule.type !== product.availabilityType) {
    problems.push(`The option ${option.id} has a schedule that is not ${product.availabilityType}.`);
  }
  if (option.schedule.type === 'START_TIME') {
    problems.push(
      ...repeated(option.schedule.startTimes).map((time) => `The option ${option.id} starts twice at ${time}.`),
    );
  }
  return [...problems, ...option.units.flatMap((unit) => unitProblems(unit, product.availableCurrencies))];
}

function knownCurrency(currency: string): boolean {
  return /^[A-Z]{3}$/.test(currency);
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
  if (!product.availableCurrencies.includes(product.defaultCurrency)) {
    problems.push(`The default currency ${product.defaultCurrency} is not among the available ones.`);
  }
  for (const currency of product.availableCurrencies.filter((each) => !knownCurrency(each))) {
    problems.push(`The currency ${currency} is not a code of three capital letters.`);
  }
  if (!knownZone(product.timeZone)) problems.push(`The time zone ${product.timeZone} is not known.`);
  return [...problems, ...product.options.flatMap((option) => optionProblems(option, product))];
}
