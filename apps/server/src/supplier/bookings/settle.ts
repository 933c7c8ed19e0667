import type { BookingDocument, OrderDocument } from '@carillon/contract';
import type { Change, Changes, Held } from '../../changes/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import { type Catalogue, findOffer, loadCatalogue, reloadCatalogue } from '../catalogue/catalogue.ts';
import { done, type Result, unprocessable } from '../refusal.ts';
import type { SlotState } from '../slots/availability.ts';
import { releasePlaces, takePlaces, touchSlots } from '../slots/store.ts';
import { type OfferedSlot, offeredSlot, slotChange, slotSubject } from '../slots/subject.ts';
import { type Move, movesBetween, placesTaken, travelDate } from './moves.ts';
import { insertOrder, type LockedOrder, updateOrder } from './order-store.ts';
import { type BookingColumns, deleteUnitItems, insertBooking, insertUnitItems, updateBooking } from './store.ts';

/** One booking of a settlement. `fingerprint` is given with a new one. */
interface ChangedBooking {
  readonly held: Held<'booking_update'>;
  readonly after: BookingDocument;
  readonly fingerprint?: string;
}

/** What a command leaves behind: the bookings of one order that it changed, and the order with them; either may be new. */
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

/** A move with the slot as it is offered now, if it still is. */
interface OfferedMove extends Move {
  readonly offered: OfferedSlot | undefined;
}

function carryMove(tx: Tx, supplierId: string, move: OfferedMove): Promise<SlotState | undefined> {
  if (move.places < 0) return releasePlaces(tx, supplierId, move, -move.places);
  // Places are taken of scheduled slots only; of any other there are none.
  const capacity = move.offered === undefined ? 0 : move.offered.slot.capacity;
  return takePlaces(tx, supplierId, move, move.places, capacity);
}

/** The bookings of a settlement that are of another product or option than before, or new. */
const chosenAnew = (bookings: readonly ChangedBooking[]): BookingDocument[] =>
  bookings.flatMap(({ held, after }) =>
    held.document?.productId === after.productId && held.document.optionId === after.optionId ? [] : [after],
  );

/** Whether a slot that places were taken of has them as it is offered now, which an edit may have changed meanwhile. */
function checkTaken(id: string, offered: OfferedSlot | undefined, state: SlotState): Result<true> {
  if (offered === undefined) return unprocessable(`availabilityId: ${id} is no longer offered.`);
  if (offered.slot.closed) return unprocessable(`availabilityId: ${id} is closed.`);
  const capacity = state.capacity ?? offered.slot.capacity;
  return capacity === null || state.booked <= capacity ? done(true) : noRoom(id);
}

const noRoom = (id: string) => unprocessable(`availabilityId: ${id} has no room left.`);

/**
 * Writes what a command decided and records it as one change: its bookings, the slots that they take from and give back to,
 * their order. The order's row is locked; slots are locked here, in their order. Refused when a slot has no room left, or an
 * edit of the catalogue was quicker and no longer allows it: then the transaction is to be undone.
 */
export async function settle(tx: Tx, changes: Changes, settlement: Settlement): Promise<Result<true>> {
  const { order, heldOrder, orderAfter, bookings, now } = settlement;
  const before = bookings.flatMap(({ held }) => held.document ?? []);
  const moved = movesBetween(
    before,
    bookings.map(({ after }) => after),
  );
  const catalogue = await catalogueFor(tx, settlement, moved);
  const moves = moved.map((move): OfferedMove => ({ ...move, offered: offeredSlot(catalogue, move) }));
  const taken = moves.filter((each) => each.places > 0);
  const store = heldOrder.document === null ? insertOrder : updateOrder;
  // Sent together, in this order. Those that can find a key taken stand in the outer list, so that it is their failure that
  // is told of, not that of a statement which failed because of it.
  const written = [
    store(tx, order, orderAfter),
    ...bookings.flatMap((booking) => writeBooking(tx, settlement, booking)),
  ];
  if (taken.length > 0) written.push(touchSlots(tx, order.supplierId, taken));
  const carried = moves.map((each) => carryMove(tx, order.supplierId, each));
  const holding = changes.hold(
    tx,
    moves.map((each) => slotSubject(order.supplierId, each)),
  );
  const anew = chosenAnew(bookings);
  const productIds = [...moves, ...anew].map(({ productId }) => productId);
  const offering = reloadCatalogue(tx, order.supplierId, catalogue, productIds);
  const [states, held, offers] = await Promise.all([Promise.all(carried), holding, offering, ...written]);
  for (const { productId, optionId } of offers === catalogue ? [] : anew) {
    const offer = findOffer(offers, productId, optionId);
    if (!offer.ok) return offer;
  }
  const slots: Change[] = [];
  for (const [index, each] of moves.entries()) {
    const [state, subject] = [states[index], held[index]];
    if (state === undefined) return noRoom(each.availabilityId);
    const from = { ...state, booked: state.booked - each.places };
    const offered = offers === catalogue ? each.offered : offeredSlot(offers, each);
    const there = each.places > 0 ? checkTaken(each.availabilityId, offered, state) : done(true);
    if (!there.ok) return there;
    // Nobody can see a slot that is no longer offered.
    if (subject !== undefined && offered !== undefined) {
      slots.push(slotChange(subject, offered, { before: from, after: state }, now));
    }
  }
  const { connectionId } = order;
  const ofBookings = bookings.map(({ held, after }): Change => ({ held, connectionId, after }));
  await changes.record(tx, [...ofBookings, ...slots, { held: heldOrder, connectionId, after: orderAfter }]);
  return done(true);
}
