import { isDeepStrictEqual } from 'node:util';
import { type BookingDocument, bookingClock, holdElapsed, type OrderDocument } from '@carillon/contract';
import type { Held } from '../../changes/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Deps } from '../deps.ts';
import type { Party } from '../party.ts';
import { done, type Result, refuse } from '../refusal.ts';
import { transact } from '../transaction.ts';
import type { Decision } from './decision.ts';
import { expire } from './ending.ts';
import { accounted, type Ledger } from './ledger.ts';
import { baseOf, checkSize, ledgerOf, orderDocument, withPrimary } from './order.ts';
import { type LockedOrder, lockOrder, lockOrderOfBooking } from './order-store.ts';
import type { OrderOwn } from './own.ts';
import { settle } from './settle.ts';
import { laterThan } from './time.ts';

/** What a command knows beyond the bookings. Products that it loaded are not loaded again. */
export interface CommandFacts {
  readonly catalogue?: Catalogue;
}

/** A command on bookings that exist: what it must know beyond them, and what it decides. */
export interface Command<Facts extends CommandFacts> {
  /** Read under the order's lock. */
  facts(tx: Tx, bookings: readonly BookingDocument[], order: LockedOrder): Promise<Facts>;
  decide(booking: BookingDocument, facts: Facts, now: number): Decision;
}

/** What a command does to the order itself, beside its bookings, at `now` (ms UTC); what it gives back unchanged stays. */
export interface OrderEffect<Facts extends CommandFacts = CommandFacts> {
  readonly own?: (own: OrderOwn, order: OrderDocument, facts: Facts, now: number) => OrderOwn;
  readonly ledger?: (ledger: Ledger) => Ledger;
}

/** What a command left behind: the order, and each booking that it was carried out on. */
export interface Carried {
  readonly order: OrderDocument;
  readonly bookings: readonly BookingDocument[];
}

type HeldBooking = Held<'booking_update'> & { readonly document: BookingDocument };
type Changed = { readonly held: HeldBooking; readonly after: BookingDocument };

const isHeld = (held: Held<'booking_update'>): held is HeldBooking => held.document !== null;

/**
 * What changed, with the primary booking of the order passed on if it has to be: then another booking changes too, which is
 * held for it; and the bookings of the order, to which one that was removed from it does not come back.
 */
async function passedOn(
  tx: Tx,
  deps: Deps,
  supplierId: string,
  before: OrderDocument,
  changed: readonly Changed[],
): Promise<{ readonly changed: readonly Changed[]; readonly bookings: readonly BookingDocument[] }> {
  const now = deps.now();
  const changes = new Map(changed.map(({ after }) => [after.uuid, after]));
  const byUuid = new Map(before.bookings.map((booking) => [booking.uuid, changes.get(booking.uuid) ?? booking]));
  const chosen = new Map(withPrimary([...byUuid.values()]).map((booking) => [booking.uuid, booking]));
  const known = new Set(changed.map(({ held }) => held.id));
  const others = [...chosen.values()].filter(({ uuid }) => !known.has(uuid) && chosen.get(uuid) !== byUuid.get(uuid));
  const held = await deps.changes.hold(
    tx,
    others.map(({ uuid }) => bookingSubject(supplierId, uuid)),
  );
  for (const other of others) {
    const after = { ...other, utcUpdatedAt: laterThan(other.utcUpdatedAt, now), ...bookingClock(other, now) };
    chosen.set(other.uuid, after);
  }
  const all = [...changed.map((each) => each.held), ...held.filter(isHeld)].map((each) => ({
    held: each,
    after: chosen.get(each.id) ?? changes.get(each.id) ?? each.document,
  }));
  return { changed: all, bookings: [...chosen.values()] };
}

/**
 * Carries a command out on bookings of an order that are held, all or none: decides, and settles what changed, with the money.
 * When nothing changes, nothing is recorded.
 */
export async function carryOut<Facts extends CommandFacts>(
  tx: Tx,
  deps: Deps,
  order: LockedOrder,
  held: { readonly order: Held<'order_update'>; readonly bookings: readonly Held<'booking_update'>[] },
  command: Command<Facts>,
  effect: OrderEffect<Facts> = {},
): Promise<Result<Carried>> {
  const now = deps.now();
  const bookings = held.bookings.filter(isHeld);
  const before = held.order.document;
  if (before === null) throw new Error(`Order ${order.id} has no document`);
  const facts = await command.facts(
    tx,
    bookings.map((each) => each.document),
    order,
  );
  const decided: Changed[] = [];
  for (const each of bookings) {
    const decision = command.decide(each.document, facts, now);
    if (!decision.ok) return decision;
    decided.push({ held: each, after: decision.value });
  }
  const said = effect.own?.(order.own, before, facts, now) ?? order.own;
  const ledger = ledgerOf(before, order.own);
  const told = effect.ledger?.(ledger) ?? ledger;
  const news = decided.filter((each) => each.after !== each.held.document);
  if (news.length === 0 && told === ledger && isDeepStrictEqual(said, order.own)) {
    return done({ order: before, bookings: decided.map(({ after }) => after) });
  }
  const { changed, bookings: all } = await passedOn(tx, deps, order.supplierId, before, news);
  const steps = changed.map((each) => ({ before: each.held.document, after: each.after }));
  const { settlementMethod, testMode, pricing: currency } = before;
  const accounting = { settlementMethod, testMode, currency, now, newId: deps.newId };
  const accounts = accounted(told, before.bookings, steps, accounting);
  const own = accounts.fees === said.fees ? said : { ...said, fees: accounts.fees };
  const orderAfter = orderDocument(baseOf(before, own, accounts, now), all, now);
  const small = checkSize(before, orderAfter);
  if (!small.ok) return small;
  const settled = await settle(tx, deps.changes, {
    order: { ...order, own },
    heldOrder: held.order,
    orderAfter,
    bookings: changed,
    catalogue: facts.catalogue ?? new Map(),
    now,
  });
  const outcome = new Map(changed.map(({ held: { id }, after }) => [id, after]));
  return settled.ok
    ? done({ order: orderAfter, bookings: decided.map((each) => outcome.get(each.held.id) ?? each.after) })
    : settled;
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
    const [booking] = after.value.bookings;
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
  effect?: OrderEffect<Facts>,
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
    const withElapsed: Command<Facts> = {
      ...command,
      decide: (booking, facts, at) =>
        elapsed.includes(booking.uuid) ? expire(booking, at) : command.decide(booking, facts, at),
    };
    const carried = await carryOut(tx, deps, order, { order: held, bookings }, withElapsed, effect);
    return carried.ok ? done(carried.value.order) : carried;
  });
}
