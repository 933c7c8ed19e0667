import { type Queryable, rows, type Tx } from '../../platform/db/index.ts';
import type { SlotState } from './availability.ts';

/** Which slot: the availability id is unique within an option only. */
export interface SlotKey {
  readonly productId: string;
  readonly optionId: string;
  readonly availabilityId: string;
}

interface SlotRow {
  readonly id: string;
  readonly booked: number;
  readonly capacity: number | null;
  readonly closed: number;
}

const stateOf = (row: SlotRow): SlotState => ({ booked: row.booked, capacity: row.capacity, closed: row.closed === 1 });

/** What is known of an option's slots on the days from one date to another, by availability id. */
export async function slotStatesBetween(
  db: Queryable,
  option: Omit<SlotKey, 'availabilityId'>,
  from: string,
  to: string,
): Promise<Map<string, SlotState>> {
  const found = await db.all<SlotRow>(
    `select id, booked, capacity, closed from slots
      where product_id = $1 and option_id = $2 and local_date >= $3 and local_date <= $4`,
    [option.productId, option.optionId, from, to],
  );
  return new Map(found.map((row) => [row.id, stateOf(row)]));
}

/** What is known of one slot; undefined when nobody reserved or edited it. */
export async function slotState(db: Queryable, slot: SlotKey): Promise<SlotState | undefined> {
  const [row] = await db.all<SlotRow>(
    'select id, booked, capacity, closed from slots where product_id = $1 and option_id = $2 and id = $3',
    [slot.productId, slot.optionId, slot.availabilityId],
  );
  return row && stateOf(row);
}

/** Makes the rows of slots that have none. Give them in order of product, option and id, so that nobody waits in a circle. */
export function touchSlots(tx: Tx, slots: readonly (SlotKey & { readonly localDate: string })[]): Promise<number> {
  return tx.run(
    `insert into slots (product_id, option_id, id, local_date, booked, capacity, closed)
     select column1, column2, column3, column4, 0, null, 0
       from (values ${rows(['text', 'text', 'text', 'text'], slots.length)}) as given
      where true
     on conflict (product_id, option_id, id) do nothing`,
    slots.flatMap((slot) => [slot.productId, slot.optionId, slot.availabilityId, slot.localDate]),
  );
}

/**
 * Takes places of a slot that is open and has room for them, in one statement: nothing can be booked twice. `capacity` is
 * the schedule's (null: no limit). Gives the state after, or undefined when there is no room; locks the slot's row.
 */
export async function takePlaces(
  tx: Tx,
  slot: SlotKey,
  places: number,
  capacity: number | null,
): Promise<SlotState | undefined> {
  const [row] = await tx.all<SlotRow>(
    `update slots set booked = booked + cast($4 as bigint)
      where product_id = $1 and option_id = $2 and id = $3 and closed = 0
        and (coalesce(capacity, cast($5 as bigint)) is null
             or booked + cast($4 as bigint) <= coalesce(capacity, cast($5 as bigint)))
     returning id, booked, capacity, closed`,
    [slot.productId, slot.optionId, slot.availabilityId, places, capacity],
  );
  return row && stateOf(row);
}

/** Gives places of a slot back. Gives the state after; locks the slot's row. */
export async function releasePlaces(tx: Tx, slot: SlotKey, places: number): Promise<SlotState | undefined> {
  const [row] = await tx.all<SlotRow>(
    `update slots set booked = booked - cast($4 as bigint)
      where product_id = $1 and option_id = $2 and id = $3
     returning id, booked, capacity, closed`,
    [slot.productId, slot.optionId, slot.availabilityId, places],
  );
  return row && stateOf(row);
}

/** Locks one slot and gives its state. */
export async function lockSlot(tx: Tx, slot: SlotKey): Promise<SlotState | undefined> {
  const [row] = await tx.all<SlotRow>(
    `select id, booked, capacity, closed from slots
      where product_id = $1 and option_id = $2 and id = $3${tx.dialect.forUpdate}`,
    [slot.productId, slot.optionId, slot.availabilityId],
  );
  return row && stateOf(row);
}

/** Sets what the operator decides about a slot; its row must exist. */
export function editSlotRow(tx: Tx, slot: SlotKey, edit: Pick<SlotState, 'capacity' | 'closed'>): Promise<number> {
  return tx.run(
    `update slots set capacity = cast($4 as bigint), closed = $5
      where product_id = $1 and option_id = $2 and id = $3`,
    [slot.productId, slot.optionId, slot.availabilityId, edit.capacity, edit.closed ? 1 : 0],
  );
}
