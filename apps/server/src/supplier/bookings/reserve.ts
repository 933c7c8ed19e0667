import { createHash } from 'node:crypto';
import type { BookingDocument, OrderDocument } from '@carillon/contract';
import type { Held } from '../../changes/index.ts';
import type { Queryable, Tx } from '../../platform/db/index.ts';
import { loadCatalogue } from '../catalogue/catalogue.ts';
import type { Deps } from '../deps.ts';
import type { Party } from '../party.ts';
import { done, type Result, refuse, unprocessable } from '../refusal.ts';
import type { Reservation } from '../request.ts';
import { untouched } from '../slots/availability.ts';
import { slotState } from '../slots/store.ts';
import { transact } from '../transaction.ts';
import { holdOf, type UnplacedHold } from './hold.ts';
import { checkSize, orderDocument, orderStatusAt, orderWith } from './order.ts';
import { settle } from './settle.ts';
import { findChoice } from './snapshot.ts';
import {
  bookingOrigin,
  countBooking,
  insertOrder,
  type LockedOrder,
  lockOrder,
  termsOf,
  unitItemOwners,
} from './store.ts';
import { utc } from './time.ts';

/** JSON of a value with its keys sorted, so that the same request in another order of keys is the same text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, node: unknown) =>
    typeof node === 'object' && node !== null && !Array.isArray(node)
      ? Object.fromEntries(Object.entries(node).sort(([one], [other]) => (one < other ? -1 : 1)))
      : node,
  );
}

/** SHA-256 of a reservation, in hex. */
function fingerprintOf(request: Reservation): string {
  return createHash('sha256').update(canonical(request)).digest('hex');
}

/** The booking that this reservation made before, or a refusal if something else made it; undefined: the uuid is free. */
async function madeBefore(
  db: Queryable,
  { changes }: Deps,
  by: Party,
  uuid: string,
  fingerprint: string,
): Promise<Result<BookingDocument> | undefined> {
  const origin = await bookingOrigin(db, by.supplierId, uuid);
  if (origin === undefined) return undefined;
  const same = origin.connection_id === by.connectionId && origin.fingerprint === fingerprint;
  const subject = { supplierId: by.supplierId, type: 'booking_update' as const, id: uuid };
  const document = same ? await changes.current(db, subject) : undefined;
  return document === undefined ? refuse({ kind: 'booking', uuid }) : done(document);
}

/** The order that a hold joins, under its lock; undefined without `orderId`. */
type Joined = { readonly order: LockedOrder; readonly held: Held<'order_update'>; readonly document: OrderDocument };

async function joinedOrder(
  tx: Tx,
  deps: Deps,
  by: Party,
  request: Reservation,
  now: number,
): Promise<Result<Joined | undefined>> {
  const { orderId } = request;
  if (orderId === undefined) return done(undefined);
  const subject = { supplierId: by.supplierId, type: 'order_update' as const, id: orderId };
  const [order, [held]] = await Promise.all([lockOrder(tx, by, orderId), deps.changes.hold(tx, [subject])]);
  if (order === undefined || !held?.document) return refuse({ kind: 'order', orderId });
  const status = orderStatusAt(held.document, now);
  if (status === 'CANCELLED' || status === 'EXPIRED') return unprocessable(`orderId: the order is ${status}.`);
  if (order.testMode !== request.testMode) {
    return unprocessable('orderId: bookings in test mode and others cannot be in one order.');
  }
  return done({ order, held, document: held.document });
}

function placed(hold: UnplacedHold, order: LockedOrder): BookingDocument {
  const { id, uuid, ...rest } = hold;
  return {
    id,
    uuid,
    orderId: order.id,
    orderReference: order.reference,
    primary: order.bookings === 1,
    ...rest,
    supplierReference: `${order.reference}-${order.bookings}`,
  };
}

interface Made {
  readonly order: LockedOrder;
  readonly held: Held<'order_update'>;
  readonly booking: BookingDocument;
  readonly document: OrderDocument;
}

function inNewOrder(deps: Deps, by: Party, hold: UnplacedHold, kind: 'website' | 'reseller', now: number): Made {
  const reference = deps.codes.reference();
  const order: LockedOrder = { ...by, id: deps.newId(), reference, bookings: 1, testMode: hold.testMode };
  const booking = placed(hold, order);
  const base = {
    id: order.id,
    testMode: order.testMode,
    supplierReference: reference,
    // A guest pays on the website; a reseller is invoiced (Ventrata settlementMethod).
    settlementMethod: kind === 'website' ? ('DIRECT' as const) : ('DEFERRED' as const),
    utcCreatedAt: utc(now),
    utcUpdatedAt: utc(now),
  };
  const held = {
    supplierId: by.supplierId,
    type: 'order_update' as const,
    id: order.id,
    document: null,
    position: 0,
    eventId: null,
  };
  return { order, held, booking, document: orderDocument(base, [booking], now) };
}

function inOrder(joined: Joined, hold: UnplacedHold, now: number): Made {
  const order = { ...joined.order, bookings: joined.order.bookings + 1 };
  const booking = placed(hold, order);
  return { order, held: joined.held, booking, document: orderWith(joined.document, [booking], now) };
}

/**
 * Makes a hold (OCTO POST /bookings), in a new order or in the one named. The same `uuid` with the same payload gives the
 * same booking; with another payload it is refused.
 */
export async function reserve(deps: Deps, by: Party, request: Reservation): Promise<Result<BookingDocument>> {
  const fingerprint = fingerprintOf(request);
  const result = await holdAnew(deps, by, request, fingerprint);
  if (result.ok || request.uuid === undefined) return result;
  // The same reservation, sent twice at once, may have been made after this one looked for it, and have taken what this one
  // was then refused for: the last place, or its own unit items.
  return (await madeBefore(deps.db, deps, by, request.uuid, fingerprint)) ?? result;
}

function holdAnew(deps: Deps, by: Party, request: Reservation, fingerprint: string): Promise<Result<BookingDocument>> {
  return transact(deps.db, async (tx) => {
    const now = deps.now();
    const { productId, optionId, uuid } = request;
    const availabilityId = request.availabilityId ?? null;
    const itemUuids = request.unitItems.flatMap((item) => item.uuid ?? []);
    const [joined, before, terms, catalogue, slot, owners] = await Promise.all([
      joinedOrder(tx, deps, by, request, now),
      uuid === undefined ? undefined : madeBefore(tx, deps, by, uuid, fingerprint),
      termsOf(tx, by),
      loadCatalogue(tx, by.supplierId, [productId]),
      availabilityId === null ? undefined : slotState(tx, by.supplierId, { productId, optionId, availabilityId }),
      unitItemOwners(tx, by.supplierId, itemUuids),
    ]);
    if (before !== undefined) return before;
    if (!joined.ok) return joined;
    if (terms === undefined) throw new Error(`Connection ${by.connectionId} is not one of supplier ${by.supplierId}`);
    const choice = findChoice(catalogue, { productId, optionId, availabilityId });
    if (!choice.ok) return choice;
    const hold = holdOf(request, {
      choice: choice.value,
      slot: slot ?? untouched,
      orderCurrency: joined.value?.document.pricing.currency,
      holdSeconds: terms.hold_seconds,
      takenUuids: new Set(owners.map((owner) => owner.uuid)),
      now,
      newId: deps.newId,
      codes: deps.codes,
    });
    if (!hold.ok) return hold;
    const made =
      joined.value === undefined
        ? inNewOrder(deps, by, hold.value, terms.kind, now)
        : inOrder(joined.value, hold.value, now);
    const { order, held, booking, document } = made;
    const small = checkSize(joined.value?.document, document);
    if (!small.ok) return small;
    const subject = { supplierId: by.supplierId, type: 'booking_update' as const, id: booking.uuid };
    // Not awaited before what follows: the statements keep their order and reach the database together.
    const stored = joined.value === undefined ? insertOrder(tx, order, now) : countBooking(tx, order.id);
    const [settled] = await Promise.all([
      settle(tx, deps.changes, {
        order,
        heldOrder: held,
        orderAfter: document,
        bookings: [{ held: { ...subject, document: null, position: 0, eventId: null }, after: booking, fingerprint }],
        catalogue,
        now,
      }),
      stored,
    ]);
    return settled.ok ? done(booking) : settled;
  });
}
