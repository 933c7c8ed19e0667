import { type BookingDocument, holdElapsed, type OrderDocument } from '@carillon/contract';
import type { Held } from '../../changes/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Deps } from '../deps.ts';
import type { Party } from '../party.ts';
import { done, type Result, refuse } from '../refusal.ts';
import { transact } from '../transaction.ts';
import type { Decision } from './decision.ts';
import { expire } from './ending.ts';
import { checkSize, orderWith } from './order.ts';
import { settle } from './settle.ts';
import { type LockedOrder, lockOrder, lockOrderOfBooking } from './store.ts';

/** What a command knows beyond the bookings. Products that it loaded are not loaded again. */
export interface CommandFacts {
  readonly catalogue?: Catalogue;
}

/** A command on bookings that exist: what it must know beyond them, and what it decides. */
export interface Command<Facts extends CommandFacts> {
  /** Read under the order's lock. */
  facts(tx: Tx, bookings: readonly BookingDocument[]): Promise<Facts>;
  decide(booking: BookingDocument, facts: Facts, now: number): Decision;
}

type HeldBooking = Held<'booking_update'> & { readonly document: BookingDocument };

const isHeld = (held: Held<'booking_update'>): held is HeldBooking => held.document !== null;

/**
 * Carries a command out on bookings of an order that are held, all or none: decides, and settles what changed. Gives the
 * order as it is then; when nothing changes, nothing is recorded.
 */
export async function carryOut<Facts extends CommandFacts>(
  tx: Tx,
  deps: Deps,
  order: LockedOrder,
  held: { readonly order: Held<'order_update'>; readonly bookings: readonly Held<'booking_update'>[] },
  command: Command<Facts>,
): Promise<Result<OrderDocument>> {
  const now = deps.now();
  const bookings = held.bookings.filter(isHeld);
  const before = held.order.document;
  if (before === null) throw new Error(`Order ${order.id} has no document`);
  const facts = await command.facts(
    tx,
    bookings.map((each) => each.document),
  );
  const changed: { held: HeldBooking; after: BookingDocument }[] = [];
  for (const each of bookings) {
    const decision = command.decide(each.document, facts, now);
    if (!decision.ok) return decision;
    if (decision.value !== each.document) changed.push({ held: each, after: decision.value });
  }
  if (changed.length === 0) return done(before);
  const orderAfter = orderWith(
    before,
    changed.map(({ after }) => after),
    now,
  );
  const small = checkSize(before, orderAfter);
  if (!small.ok) return small;
  const catalogue = facts.catalogue ?? new Map();
  const settlement = { order, heldOrder: held.order, orderAfter, bookings: changed, catalogue, now };
  const settled = await settle(tx, deps.changes, settlement);
  return settled.ok ? done(orderAfter) : settled;
}

const bookingSubject = (supplierId: string, uuid: string) => ({
  supplierId,
  type: 'booking_update' as const,
  id: uuid,
});
const orderSubject = (supplierId: string, orderId: string) => ({
  supplierId,
  type: 'order_update' as const,
  id: orderId,
});

/** Holds an order, which must be locked. */
export async function holdOrder(
  tx: Tx,
  deps: Deps,
  supplierId: string,
  orderId: string,
): Promise<Held<'order_update'>> {
  const [held] = await deps.changes.hold(tx, [orderSubject(supplierId, orderId)]);
  if (held === undefined) throw new Error(`Order ${orderId} was not held`);
  return held;
}

/** Carries a command out on one booking of a connection. */
export function changeBooking<Facts extends CommandFacts>(
  deps: Deps,
  by: Party,
  uuid: string,
  command: Command<Facts>,
): Promise<Result<BookingDocument>> {
  return transact(deps.db, async (tx) => {
    // The order's lock is taken first; it covers all of its bookings.
    const [order, bookings] = await Promise.all([
      lockOrderOfBooking(tx, by, uuid),
      deps.changes.hold(tx, [bookingSubject(by.supplierId, uuid)]),
    ]);
    if (order === undefined) return refuse({ kind: 'booking', uuid });
    const held = { order: await holdOrder(tx, deps, by.supplierId, order.id), bookings };
    const after = await carryOut(tx, deps, order, held, command);
    if (!after.ok) return after;
    const booking = after.value.bookings.find((each) => each.uuid === uuid);
    return booking === undefined ? refuse({ kind: 'booking', uuid }) : done(booking);
  });
}

/**
 * Carries a command out on those bookings of a connection's order that `choose` picks, in one transaction. Holds that are past
 * their time expire with it, so that the order is what it would be had they been swept before.
 */
export function changeOrder<Facts extends CommandFacts>(
  deps: Deps,
  by: Party,
  orderId: string,
  choose: (order: OrderDocument, now: number) => Result<readonly BookingDocument[]>,
  command: Command<Facts>,
): Promise<Result<OrderDocument>> {
  return transact(deps.db, async (tx) => {
    const [order, held] = await Promise.all([lockOrder(tx, by, orderId), holdOrder(tx, deps, by.supplierId, orderId)]);
    if (order === undefined || held.document === null) return refuse({ kind: 'order', orderId });
    const now = deps.now();
    const chosen = choose(held.document, now);
    if (!chosen.ok) return chosen;
    const elapsed = held.document.bookings.filter((booking) => holdElapsed(booking, now)).map(({ uuid }) => uuid);
    const uuids = [...chosen.value.map(({ uuid }) => uuid), ...elapsed];
    const subjects = uuids.map((uuid) => bookingSubject(by.supplierId, uuid));
    const bookings = await deps.changes.hold(tx, subjects);
    return carryOut(
      tx,
      deps,
      order,
      { order: held, bookings },
      {
        ...command,
        decide: (booking, facts, at) =>
          elapsed.includes(booking.uuid) ? expire(booking, at) : command.decide(booking, facts, at),
      },
    );
  });
}
