import { padded, places, type Queryable, rows, type Tx } from '../../platform/db/index.ts';
import type { SlotState } from './availability.ts';

/** Which slot of a supplier: the availability id is unique within an option only. */
export interface SlotKey {
  readonly productId: string;
  readonly optionId: string;
  readonly availabilityId: string;
}

/** Which option of a supplier. */
export type OptionKey = Omit<SlotKey, 'availabilityId'>;

interface SlotRow {
  readonly id: string;
  readonly booked: number;
  readonly capacity: number | null;
  readonly closed: number;
}

const stateOf = (row: SlotRow): SlotState => ({ booked: row.booked, capacity: row.capacity, closed: row.closed === 1 });

/** What is known of one slot; undefined when nobody reserved or edited it. */
export async function slotState(db: Queryable, supplierId: string, slot: SlotKey): Promise<SlotState | undefined> {
  const [row] = await db.all<SlotRow>(
    `select id, booked, capacity, closed from slots
      where supplier_id = $1 and product_id = $2 and option_id = $3 and id = $4`,
    [supplierId, slot.productId, slot.optionId, slot.availabilityId],
  );
  return row && stateOf(row);
}

/** Makes the rows of slots that have none. Give them in order of product, option and id, so that nobody waits in a circle. */
export function touchSlots(
  tx: Tx,
  supplierId: string,
  slots: readonly (SlotKey & { readonly localDate: string })[],
): Promise<number> {
  return tx.run(
    `insert into slots (supplier_id, product_id, option_id, id, local_date, booked, capacity, closed)
     select column1, column2, column3, column4, column5, 0, null, 0
       from (values ${rows(['text', 'text', 'text', 'text', 'text'], slots.length)}) as given
      where true
     on conflict (supplier_id, product_id, option_id, id) do nothing`,
    slots.flatMap((slot) => [supplierId, slot.productId, slot.optionId, slot.availabilityId, slot.localDate]),
  );
}

/**
 * Takes places of a slot that is open and has room for them, in one statement: nothing can be booked twice. `capacity` is
 * the schedule's (null: no limit). Gives the state after, or undefined when there is no room; locks the slot's row.
 */
export async function takePlaces(
  tx: Tx,
  supplierId: string,
  slot: SlotKey,
  places: number,
  capacity: number | null,
): Promise<SlotState | undefined> {
  const [row] = await tx.all<SlotRow>(
    `update slots set booked = booked + cast($5 as bigint)
      where supplier_id = $1 and product_id = $2 and option_id = $3 and id = $4 and closed = 0
        and (coalesce(capacity, cast($6 as bigint)) is null
             or booked + cast($5 as bigint) <= coalesce(capacity, cast($6 as bigint)))
     returning id, booked, capacity, closed`,
    [supplierId, slot.productId, slot.optionId, slot.availabilityId, places, capacity],
  );
  return row && stateOf(row);
}

/** Gives places of a slot back. Gives the state after; locks the slot's row. */
export async function releasePlaces(
  tx: Tx,
  supplierId: string,
  slot: SlotKey,
  places: number,
): Promise<SlotState | undefined> {
  const [row] = await tx.all<SlotRow>(
    `update slots set booked = booked - cast($5 as bigint)
      where supplier_id = $1 and product_id = $2 and option_id = $3 and id = $4
     returning id, booked, capacity, closed`,
    [supplierId, slot.productId, slot.optionId, slot.availabilityId, places],
  );
  return row && stateOf(row);
}

/** Locks one slot and gives its state. */
export async function lockSlot(tx: Tx, supplierId: string, slot: SlotKey): Promise<SlotState | undefined> {
  const [row] = await tx.all<SlotRow>(
    `select id, booked, capacity, closed from slots
      where supplier_id = $1 and product_id = $2 and option_id = $3 and id = $4${tx.dialect.forUpdate}`,
    [supplierId, slot.productId, slot.optionId, slot.availabilityId],
  );
  return row && stateOf(row);
}

/** Locks slots of an option by id, and gives what is known of them; those that nobody reserved, edited or was told of are left out. */
export async function lockSlots(
  tx: Tx,
  supplierId: string,
  option: OptionKey,
  ids: readonly string[],
): Promise<Map<string, SlotState>> {
  const list = padded(ids);
  const found = await tx.all<SlotRow>(
    `select id, booked, capacity, closed from slots
      where supplier_id = $1 and product_id = $2 and option_id = $3 and id in (${places(list.length, 4)})
      order by id${tx.dialect.forUpdate}`,
    [supplierId, option.productId, option.optionId, ...list],
  );
  return new Map(found.map((row) => [row.id, stateOf(row)]));
}

/** The ids of an option's slots on the days from one to another, both included, that somebody reserved, edited or was told of. */
export async function slotIdsBetween(
  db: Queryable,
  supplierId: string,
  option: OptionKey,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<string[]> {
  const found = await db.all<{ id: string }>(
    `select id from slots
      where supplier_id = $1 and product_id = $2 and option_id = $3 and local_date >= $4 and local_date <= $5`,
    [supplierId, option.productId, option.optionId, from, to],
  );
  return found.map((row) => row.id);
}

/** The first day, from one on, with a slot of an option that somebody reserved, edited or was told of. */
export async function nextSlotDate(
  db: Queryable,
  supplierId: string,
  option: OptionKey,
  from: string,
): Promise<string | undefined> {
  const [row] = await db.all<{ date: string | null }>(
    `select min(local_date) as date from slots
      where supplier_id = $1 and product_id = $2 and option_id = $3 and local_date >= $4`,
    [supplierId, option.productId, option.optionId, from],
  );
  return row?.date ?? undefined;
}

/** Sets what the operator decides about a slot; its row must exist. */
export function editSlotRow(
  tx: Tx,
  supplierId: string,
  slot: SlotKey,
  edit: Pick<SlotState, 'capacity' | 'closed'>,
): Promise<number> {
  return tx.run(
    `update slots set capacity = cast($5 as bigint), closed = $6
      where supplier_id = $1 and product_id = $2 and option_id = $3 and id = $4`,
    [supplierId, slot.productId, slot.optionId, slot.availabilityId, edit.capacity, edit.closed ? 1 : 0],
  );
}
