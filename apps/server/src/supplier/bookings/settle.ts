import type { BookingDocument, OrderDocument } from '@carillon/contract';
import type { Change, Changes, Held } from '../../changes/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import { type Catalogue, loadCatalogue } from '../catalogue/catalogue.ts';
import { done, type Result, unprocessable } from '../refusal.ts';
import type { SlotState } from '../slots/availability.ts';
import { scheduledSlot } from '../slots/schedule.ts';
import { releasePlaces, takePlaces, touchSlots } from '../slots/store.ts';
import { slotChange, slotSubject } from '../slots/subject.ts';
import { type Move, movesBetween, placesTaken, travelDate } from './moves.ts';
import {
  type BookingColumns,
  deleteUnitItems,
  insertBooking,
  insertUnitItems,
  type LockedOrder,
  updateBooking,
} from './store.ts';

/** One booking of a settlement. `fingerprint` is given with a new one. */
interface ChangedBooking {
  readonly held: Held<'booking_update'>;
  readonly after: BookingDocument;
  readonly fingerprint?: string;
}

/** What a command leaves behind: the bookings of one order that it changed, and the order with them. */
export interface Settlement {
  readonly order: LockedOrder;
  readonly heldOrder: Held<'order_update'>;
  readonly orderAfter: OrderDocument;
  readonly bookings: readonly ChangedBooking[];
  /** The products that were loaded already; others are loaded when their slots are touched. */
  readonly catalogue: Catalogue;
  readonly now: number;
}

function columnsOf(booking: BookingDocument): BookingColumns {
  const held = booking.status === 'ON_HOLD' && booking.utcExpiresAt !== null;
  return {
    status: booking.status,
    productId: booking.productId,
    optionId: booking.optionId,
    availabilityId: booking.availabilityId,
    localDate: travelDate(booking),
    places: placesTaken(booking),
    expiresAt: held ? Date.parse(booking.utcExpiresAt ?? '') : null,
    resellerReference: booking.resellerReference,
  };
}

/** The statements that write one booking, sent but not awaited. */
function writeBooking(tx: Tx, { order, now }: Settlement, { held, after, fingerprint }: ChangedBooking) {
  const { supplierId } = order;
  const before = new Set(held.document?.unitItems.map((item) => item.uuid));
  const items = new Set(after.unitItems.map((item) => item.uuid));
  const added = [...items].filter((uuid) => !before.has(uuid));
  const removed = [...before].filter((uuid) => !items.has(uuid));
  const columns = columnsOf(after);
  const sent = [
    fingerprint === undefined
      ? updateBooking(tx, supplierId, after.uuid, columns)
      : insertBooking(tx, order, after, columns, { fingerprint, at: now }),
  ];
  if (removed.length > 0) sent.push(deleteUnitItems(tx, supplierId, removed));
  if (added.length > 0) sent.push(insertUnitItems(tx, supplierId, after.uuid, added));
  return sent;
}

async function catalogueFor(tx: Tx, settlement: Settlement, moves: readonly Move[]): Promise<Catalogue> {
  const missing = moves.map((move) => move.productId).filter((id) => !settlement.catalogue.has(id));
  if (missing.length === 0) return settlement.catalogue;
  return new Map([...settlement.catalogue, ...(await loadCatalogue(tx, settlement.order.supplierId, missing))]);
}

function move(tx: Tx, catalogue: Catalogue, each: Move): Promise<SlotState | undefined> {
  if (each.places < 0) return releasePlaces(tx, each, -each.places);
  const product = catalogue.get(each.productId)?.definition;
  const option = product?.options.find((option) => option.id === each.optionId);
  const slot = product && option && scheduledSlot(product.timeZone, option, each.availabilityId);
  // Places are taken of scheduled slots only; of any other there are none.
  return takePlaces(tx, each, each.places, slot === undefined ? 0 : slot.capacity);
}

/**
 * Writes what a command decided and records it as one change: its bookings, the slots that they take from and give back to,
 * their order. The order's row is locked; slots are locked here, in their order. Refused when a slot has no room left: then
 * the transaction is to be undone.
 */
export async function settle(tx: Tx, changes: Changes, settlement: Settlement): Promise<Result<true>> {
  const { order, heldOrder, orderAfter, bookings, now } = settlement;
  const before = bookings.flatMap(({ held }) => held.document ?? []);
  const moves = movesBetween(
    before,
    bookings.map(({ after }) => after),
  );
  const catalogue = await catalogueFor(tx, settlement, moves);
  const taken = moves.filter((each) => each.places > 0);
  // Sent together, in this order. Those that can find a key taken stand in the outer list, so that it is their failure that
  // is told of, not that of a statement which failed because of it.
  const written = bookings.flatMap((booking) => writeBooking(tx, settlement, booking));
  if (taken.length > 0) written.push(touchSlots(tx, taken));
  const moved = moves.map((each) => move(tx, catalogue, each));
  const holding = changes.hold(
    tx,
    moves.map((each) => slotSubject(order.supplierId, each)),
  );
  const [states, held] = await Promise.all([Promise.all(moved), holding, ...written]);
  const slots: Change[] = [];
  for (const [index, each] of moves.entries()) {
    const [state, subject] = [states[index], held[index]];
    if (state === undefined) return unprocessable(`availabilityId: ${each.availabilityId} has no room left.`);
    const from = { ...state, booked: state.booked - each.places };
    const change = subject && slotChange(subject, catalogue, each, { before: from, after: state }, now);
    if (change !== undefined) slots.push(change);
  }
  const { connectionId } = order;
  const ofBookings = bookings.map(({ held, after }): Change => ({ held, connectionId, after }));
  await changes.record(tx, [...ofBookings, ...slots, { held: heldOrder, connectionId, after: orderAfter }]);
  return done(true);
}
