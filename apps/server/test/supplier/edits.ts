import type { AvailabilityDocument } from '@carillon/contract';
import type { RecordedEvent } from '../../src/changes/index.ts';
import type { ProductDefinition } from '../../src/supplier/index.ts';
import { accepted, type Stage } from './stage.ts';

const euros = (cents: number) => ({ currency: 'EUR', original: cents, retail: cents, net: null });

/** The definition with its first option changed. */
export function withOption(
  definition: ProductDefinition,
  change: Partial<ProductDefinition['options'][number]>,
): ProductDefinition {
  const [option, ...others] = definition.options;
  return { ...definition, options: [{ ...option!, ...change }, ...others] };
}

/** The definition with all of its units at another price. */
export function priced(definition: ProductDefinition, cents: number): ProductDefinition {
  const units = definition.options[0]!.units.map((unit) => ({ ...unit, prices: [euros(cents)] }));
  return withOption(definition, { units });
}

/** The definition with other times of departure. */
export const timesOf = (definition: ProductDefinition, startTimes: readonly string[]): ProductDefinition =>
  withOption(definition, { schedule: { ...definition.options[0]!.schedule, startTimes } as never });

/** Saves a product at a moment of its own. */
export async function save(stage: Stage, definition: ProductDefinition): Promise<void> {
  stage.clock.now += 1;
  accepted(await stage.supplier.saveProduct(stage.sample.supplierId, definition));
}

/** A change of a slot that was told with what it was before. */
export interface Told extends RecordedEvent {
  readonly before: AvailabilityDocument;
  readonly after: AvailabilityDocument;
}

/** The changes of slots so far. */
export const updates = async (stage: Stage) =>
  (await stage.events()).filter((event) => event.type === 'availability_update') as Told[];
/** Those of one day, YYYY-MM-DD. */
export const ofDay = (told: readonly Told[], date: string) => told.filter(({ after }) => after.id.startsWith(date));
/** The products whose slots are still to be told of an edit. */
export const edits = async (stage: Stage) => stage.db.all('select product_id from catalogue_edits');
/** What the first unit of a slot costs. */
export const retail = ({ unitPricing }: AvailabilityDocument) => unitPricing?.[0]?.retail;

/** What GET shows of a product's slots on some days. */
export async function shown(stage: Stage, definition: ProductDefinition, from: string, to: string) {
  const [option] = definition.options;
  const query = { productId: definition.id, optionId: option!.id, localDateStart: from, localDateEnd: to };
  return accepted(await stage.supplier.availability(stage.sample.supplierId, query));
}
