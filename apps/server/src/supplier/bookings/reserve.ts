import type { BookingDocument } from '@carillon/contract';
import type { Held } from '../../changes/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import { loadCatalogue } from '../catalogue/catalogue.ts';
import type { Deps } from '../deps.ts';
import type { Party } from '../party.ts';
import { done, type Result, refuse, unprocessable } from '../refusal.ts';
import type { Reservation } from '../request.ts';
import { untouched } from '../slots/availability.ts';
import { slotState } from '../slots/store.ts';
import { transact } from '../transaction.ts';
import { holdOf } from './hold.ts';
import { fingerprintOf, madeBefore } from './made-before.ts';
import { orderStatusAt } from './order.ts';
import { lockOrder } from './order-store.ts';
import { nothingOwn, type OrderOwn } from './own.ts';
import { existingOrder, newOrder, type OpenOrder, placeHolds } from './placing.ts';
import { findChoice } from './snapshot.ts';
import { termsOf, unitItemOwners } from './store.ts';

/** The order that a hold joins, under its lock; undefined without `orderId`. */
async function joinedOrder(
  tx: Tx,
  deps: Deps,
  by: Party,
  request: Reservation,
  now: number,
): Promise<Result<OpenOrder | undefined>> {
  const { orderId } = request;
  if (orderId === undefined) return done(undefined);
  const subject = { supplierId: by.supplierId, type: 'order_update' as const, id: orderId };
  const [order, [held]] = await Promise.all([lockOrder(tx, by, orderId), deps.changes.hold(tx, [subject])]);
  if (order === undefined || held === undefined || !isThere(held)) return refuse({ kind: 'order', orderId });
  const status = orderStatusAt(held.document, now);
  if (status === 'CANCELLED' || status === 'EXPIRED') return unprocessable(`orderId: the order is ${status}.`);
  if (order.testMode !== request.testMode) {
    return unprocessable('orderId: bookings in test mode and others cannot be in one order.');
  }
  return done(existingOrder(order, held, now));
}

type There = Held<'order_update'> & { readonly document: NonNullable<Held<'order_update'>['document']> };

const isThere = (held: Held<'order_update'>): held is There => held.document !== null;

/** The currency of an order's bookings; undefined where the first of them may choose. */
function orderCurrency(joined: OpenOrder | undefined): string | undefined {
  const booked = (joined?.held.document?.bookings.length ?? 0) > 0;
  return booked ? joined?.base.currency : (joined?.order.own.currency ?? undefined);
}

/** A reservation with what its order says where it says nothing itself. */
export function withOrders(request: Reservation, own: OrderOwn): Reservation {
  const emailReceipt = request.emailReceipt ?? own.emailReceipt ?? undefined;
  return { ...request, emailReceipt };
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
    const { productId, optionId, uuid, testMode } = request;
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
    const hold = holdOf(withOrders(request, joined.value?.order.own ?? nothingOwn), {
      choice: choice.value,
      slot: slot ?? untouched,
      orderCurrency: orderCurrency(joined.value),
      holdSeconds: terms.hold_seconds,
      takenUuids: new Set(owners.map((owner) => owner.uuid)),
      now,
      newId: deps.newId,
      codes: deps.codes,
    });
    if (!hold.ok) return hold;
    const { currency } = hold.value.pricing;
    const order = joined.value ?? newOrder(deps, by, { kind: terms.kind, testMode, own: nothingOwn, currency, now });
    const placed = await placeHolds(tx, deps.changes, order, [{ hold: hold.value, fingerprint }], { catalogue, now });
    if (!placed.ok) return placed;
    const [booking] = placed.value.bookings;
    if (booking === undefined) throw new Error('A hold was placed and is not there');
    return done(booking);
  });
}
