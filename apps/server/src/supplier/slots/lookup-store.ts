import { padded, places, type Queryable } from '../../platform/db/index.ts';
import type { ProductDefinition } from '../catalogue/definition.ts';
import type { SlotState } from './availability.ts';
import type { SlotKey } from './store.ts';

/** Which slots of an option: those of the days from one to another (YYYY-MM-DD, both included), or those with these ids. */
export type SlotsWanted = { readonly from: string; readonly to: string } | { readonly ids: readonly string[] };

/** An option's product as it is sold, and what is known of its slots beyond the schedule, by availability id. */
export interface OptionRead {
  /** Undefined: there is no such product, or it was deleted. */
  readonly definition: ProductDefinition | undefined;
  readonly states: ReadonlyMap<string, SlotState>;
}

/** A product, which has a definition, or a slot, which has an id. */
interface Row {
  readonly definition: string | null;
  readonly id: string | null;
  readonly booked: number;
  readonly capacity: number | null;
  readonly closed: number;
}

/**
 * Reads a product and the slots of an option of it together: one statement for any number of slots, and both as they are at one
 * moment, whoever edits them. Slots without a row are as scheduled.
 */
export async function readOption(
  db: Queryable,
  supplierId: string,
  { productId, optionId }: Omit<SlotKey, 'availabilityId'>,
  wanted: SlotsWanted,
): Promise<OptionRead> {
  const byIds = 'ids' in wanted;
  const params = byIds ? padded(wanted.ids) : [wanted.from, wanted.to];
  const found = await db.all<Row>(
    `select definition, cast(null as text) as id, cast(0 as bigint) as booked, cast(null as bigint) as capacity, 0 as closed
       from products
      where supplier_id = $1 and id = $2 and deleted_at is null
     union all
     select null, id, booked, capacity, closed
       from slots
      where supplier_id = $1 and product_id = $2 and option_id = $3
        -- A slot that was only told of is as scheduled.
        and (booked > 0 or capacity is not null or closed = 1)
        and ${byIds ? `id in (${places(params.length, 4)})` : 'local_date >= $4 and local_date <= $5'}`,
    [supplierId, productId, optionId, ...params],
  );
  const product = found.find((row) => row.definition !== null)?.definition ?? undefined;
  const states = new Map<string, SlotState>();
  for (const { id, booked, capacity, closed } of found) {
    if (id !== null) states.set(id, { booked, capacity, closed: closed === 1 });
  }
  return { definition: product === undefined ? undefined : (JSON.parse(product) as ProductDefinition), states };
}
