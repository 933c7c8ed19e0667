import type { OrderDocument } from '@carillon/contract';
import type { Queryable, Tx } from '../../platform/db/index.ts';
import { type Catalogue, loadCatalogue } from '../catalogue/catalogue.ts';
import type { Deps } from '../deps.ts';
import type { Party } from '../party.ts';
import { done, type Result, refuse } from '../refusal.ts';
import type { OrderCreation, Reservation } from '../request.ts';
import { untouched } from '../slots/availability.ts';
import { slotState } from '../slots/store.ts';
import { transact } from '../transaction.ts';
import { mergeContact, nobody } from './contact.ts';
import { holdOf } from './hold.ts';
import { fingerprintOf, madeBefore } from './made-before.ts';
import { waitFor } from './order-expiry.ts';
import { nothingOwn, type OrderOwn } from './own.ts';
import { type MadeHold, newOrder, placeHolds } from './placing.ts';
import { withOrders } from './reserve.ts';
import { findChoice } from './snapshot.ts';
import { firstCurrency, termsOf, unitItemOwners } from './store.ts';
import { utc } from './time.ts';

/** A booking of the request, and the fingerprint of what it stands in: all of the request, and its place there. */
interface Wanted {
  readonly reservation: Reservation;
  readonly fingerprint: string;
}

function wantedOf({ bookings = [], ...order }: OrderCreation): Wanted[] {
  return bookings.map((booking, index) => ({
    reservation: {
      ...booking,
      expirationMinutes: booking.expirationMinutes ?? order.expirationMinutes,
      testMode: order.testMode,
    },
    fingerprint: fingerprintOf({ ...order, bookings, index }),
  }));
}

/** How long an order without bookings waits for the first of them is asked for with it. */
function ownOf(request: OrderCreation, now: number): OrderOwn {
  const { bookings = [], expirationMinutes } = request;
  const waits = bookings.length === 0 && expirationMinutes !== undefined;
  return {
    ...nothingOwn,
    contact: request.contact === undefined ? null : mergeContact(nobody, request.contact),
    emailReceipt: request.emailReceipt ?? null,
    currency: request.currency ?? null,
    expiresAt: waits ? waitFor({ utcCreatedAt: utc(now) }, null, now, expirationMinutes * 60_000) : null,
  };
}

/** The order that the same request made before, by the uuids that it chose; undefined: none of them is used. */
async function orderMadeBefore(
  db: Queryable,
  deps: Deps,
  by: Party,
  wanted: readonly Wanted[],
): Promise<Result<OrderDocument> | undefined> {
  const found = await Promise.all(
    wanted.map(({ reservation: { uuid }, fingerprint }) =>
      uuid === undefined ? undefined : madeBefore(db, deps, by, uuid, fingerprint),
    ),
  );
  const booking = found.find((each) => each !== undefined);
  const refused = found.find((each) => each?.ok === false);
  if (refused?.ok === false) return refused;
  if (!booking?.ok) return undefined;
  const { orderId } = booking.value;
  const subject = { supplierId: by.supplierId, type: 'order_update' as const, id: orderId };
  const document = await deps.changes.current(db, subject);
  return document === undefined ? refuse({ kind: 'order', orderId }) : done(document);
}

/**
 * The holds that a request asks for. Each is decided on what its slot is before any of them; that they fit into it together is
 * seen to by the statement that takes the places.
 */
async function holdsOf(
  tx: Tx,
  deps: Deps,
  by: Party,
  wanted: readonly Wanted[],
  facts: { readonly catalogue: Catalogue; readonly own: OrderOwn; readonly holdSeconds: number; readonly now: number },
): Promise<Result<MadeHold[]>> {
  const { catalogue, own, holdSeconds, now } = facts;
  const uuids = wanted.flatMap(({ reservation }) => reservation.unitItems.flatMap((item) => item.uuid ?? []));
  const [owners, slots] = await Promise.all([
    unitItemOwners(tx, by.supplierId, uuids),
    Promise.all(
      wanted.map(({ reservation: { productId, optionId, availabilityId } }) =>
        typeof availabilityId === 'string'
          ? slotState(tx, by.supplierId, { productId, optionId, availabilityId })
          : undefined,
      ),
    ),
  ]);
  const takenUuids = new Set(owners.map((owner) => owner.uuid));
  const bookingUuids = new Set<string>();
  const holds: MadeHold[] = [];
  for (const [index, { reservation, fingerprint }] of wanted.entries()) {
    const { productId, optionId, availabilityId = null } = reservation;
    const choice = findChoice(catalogue, { productId, optionId, availabilityId });
    if (!choice.ok) return choice;
    const hold = holdOf(withOrders(reservation, own), {
      choice: choice.value,
      slot: slots[index] ?? untouched,
      orderCurrency: own.currency ?? holds[0]?.hold.pricing.currency,
      holdSeconds,
      takenUuids,
      now,
      newId: deps.newId,
      codes: deps.codes,
    });
    if (!hold.ok) return hold;
    const { uuid, unitItems } = hold.value;
    if (bookingUuids.has(uuid)) return refuse({ kind: 'booking', uuid });
    bookingUuids.add(uuid);
    for (const item of unitItems) takenUuids.add(item.uuid);
    holds.push({ hold: hold.value, fingerprint });
  }
  return done(holds);
}

/**
 * Makes an order (Ventrata POST /orders), empty or with holds: all of them or none, as one change. Sent again with the same
 * booking uuids and the same payload, it gives the order that it made.
 */
export async function createOrder(deps: Deps, by: Party, request: OrderCreation): Promise<Result<OrderDocument>> {
  const wanted = wantedOf(request);
  const result = await transact(deps.db, async (tx) => {
    const now = deps.now();
    const own = ownOf(request, now);
    const productIds = wanted.map(({ reservation }) => reservation.productId);
    const [before, terms, catalogue, usual] = await Promise.all([
      orderMadeBefore(tx, deps, by, wanted),
      termsOf(tx, by),
      loadCatalogue(tx, by.supplierId, productIds),
      wanted.length === 0 && own.currency === null ? firstCurrency(tx, by.supplierId) : undefined,
    ]);
    if (before !== undefined) return before;
    if (terms === undefined) throw new Error(`Connection ${by.connectionId} is not one of supplier ${by.supplierId}`);
    const holds = await holdsOf(tx, deps, by, wanted, { catalogue, own, holdSeconds: terms.hold_seconds, now });
    if (!holds.ok) return holds;
    const currency = holds.value[0]?.hold.pricing.currency ?? own.currency ?? usual ?? 'EUR';
    const order = newOrder(deps, by, { kind: terms.kind, testMode: request.testMode, own, currency, now });
    const placed = await placeHolds(tx, deps.changes, order, holds.value, { catalogue, now });
    return placed.ok ? done(placed.value.order) : placed;
  });
  return result.ok ? result : ((await orderMadeBefore(deps.db, deps, by, wanted)) ?? result);
}
