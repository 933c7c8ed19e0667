import { isDeepStrictEqual } from 'node:util';
import { catalogueOf, findOffer } from '../catalogue/catalogue.ts';
import type { ProductDefinition } from '../catalogue/definition.ts';
import { slotPrices } from './availability.ts';

/** Everything that `slotDocument` shows of an option's slots beyond their own state; undefined where there is no such option. */
function slotFacts(definition: ProductDefinition | undefined, optionId: string) {
  const found = findOffer(catalogueOf(definition), definition?.id ?? '', optionId);
  if (!found.ok) return undefined;
  const { definition: product, scheduled, option } = found.value;
  const { schedule, seasons = [], closures = [], capacities = [], slotContent, bookingCutoffMinutes } = scheduled;
  return {
    timeZone: product.timeZone,
    ...{ schedule, seasons, closures, capacities, slotContent, bookingCutoffMinutes },
    maxUnits: option.restrictions.maxUnits,
    prices: slotPrices(found.value),
  };
}

/** The options, by id, whose slots may look different after an edit of a product. */
export function optionsEdited(before: ProductDefinition | undefined, after: ProductDefinition | undefined): string[] {
  const ids = [...(before?.options ?? []), ...(after?.options ?? [])].map((option) => option.id);
  return [...new Set(ids)].filter((id) => !isDeepStrictEqual(slotFacts(before, id), slotFacts(after, id)));
}
