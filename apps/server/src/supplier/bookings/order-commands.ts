import { setImmediate as nextTurn } from 'node:timers/promises';
import { type BookingDocument, expiryUnseen, type OrderDocument } from '@carillon/contract';
import type { Deps } from '../deps.ts';
import type { Party } from '../party.ts';
import { done, type Result, refuse, unprocessable } from '../refusal.ts';
import type {
  CancellationRequest,
  Confirmation,
  Extension,
  OrderCreation,
  OrderFilter,
  OrderUpdate,
  Told,
} from '../request.ts';
import { untouched } from '../slots/availability.ts';
import { changeOrder, type OrderEffect } from './change.ts';
import { cancelling, confirming, extending, plainly } from './commands.ts';
import { mergeContact } from './contact.ts';
import { orderStatusAt } from './order.ts';
import { createOrder } from './order-creation.ts';
import { orderOwner, orderTexts } from './order-store.ts';
import { ownAfter, updatableBookings, updateOfOrder } from './order-update.ts';
import { type BookingEvent, statusAt, transitions } from './state.ts';
import { tell } from './told.ts';

/** The commands on an order of a connection; each is one transaction for all of its bookings. */
export interface OrderCommands {
  /** Makes an order, empty or with holds: all of them or none. */
  createOrder(by: Party, request: OrderCreation): Promise<Result<OrderDocument>>;
  /** The newest first; refused when they are more than `longestList`. */
  orders(by: Party, filter: OrderFilter): Promise<Result<readonly OrderDocument[]>>;
  /** Changes its own contact, and the receipt and the hold of its bookings. */
  updateOrder(by: Party, orderId: string, request: OrderUpdate): Promise<Result<OrderDocument>>;
  /** Confirms all its holds, or none. What comes with the request is said of each of them, and of the contact that it has itself. */
  confirmOrder(by: Party, orderId: string, request: Omit<Confirmation, 'unitItems'>): Promise<Result<OrderDocument>>;
  extendOrder(by: Party, orderId: string, request: Extension): Promise<Result<OrderDocument>>;
  /** Cancels all its bookings that still count, or none. */
  cancelOrder(by: Party, orderId: string, request: CancellationRequest): Promise<Result<OrderDocument>>;
  /** A payment told by hand, of at most what is outstanding. */
  pay(by: Party, orderId: string, told: Told): Promise<Result<OrderDocument>>;
  /** A refund told by hand, of at most what was paid and not given back yet. */
  refund(by: Party, orderId: string, told: Told): Promise<Result<OrderDocument>>;
  /** The connection that a supplier's order is of, in whose name the operator acts. */
  ownerOfOrder(supplierId: string, orderId: string): Promise<Result<Party>>;
}

/** The most orders that one list gives: OCTO has no pages. */
const longestList = 1_000;
/** Orders that are parsed at once, so that a long list holds up no other call. */
const readAtOnce = 20;

/**
 * Picks the bookings that an event can happen to; those that ended before stay as they are. Refused when none is left, and when
 * an order is to be confirmed of which a hold has expired since it was last acted on: what was asked for as a whole is not
 * done in part (see `expiryUnseen`). Whether a hold that is past its time was swept already makes no difference.
 */
function whichCan(event: BookingEvent, participle: string) {
  return (order: OrderDocument, now: number): Result<readonly BookingDocument[]> => {
    const able = order.bookings.filter((booking) => transitions[statusAt(booking, now)][event] !== undefined);
    const status = orderStatusAt(order, now);
    const holds = able.some((booking) => booking.status === 'ON_HOLD');
    if (event === 'confirm' && (status === 'EXPIRED' || (holds && expiryUnseen(order.bookings, now)))) {
      return refuse({ kind: 'order', orderId: order.id });
    }
    // One that has no booking yet can be cancelled, also again.
    if (event === 'cancel' && order.bookings.length === 0) return done([]);
    if (able.length > 0) return done(able);
    const what = order.bookings.length === 0 ? 'An order without bookings' : `An order that is ${status}`;
    return unprocessable(`${what} cannot be ${participle}.`);
  };
}

async function list(deps: Deps, by: Party, filter: OrderFilter): Promise<Result<readonly OrderDocument[]>> {
  const { reader } = deps.db;
  const texts = await orderTexts(reader, by, filter, longestList + 1);
  if (texts.length > longestList) {
    return unprocessable(`More than ${longestList} orders match: ask for one contact, or for less time.`);
  }
  const found: OrderDocument[] = [];
  for (let start = 0; start < texts.length; start += readAtOnce) {
    const portion = texts.slice(start, start + readAtOnce);
    found.push(...(await deps.changes.documents<'order_update'>(reader, by.supplierId, portion)));
    await nextTurn();
  }
  return done(found);
}

/** Makes the commands on an order. */
export function orderCommands(deps: Deps): OrderCommands {
  const { newId, codes } = deps;
  const nothingElse = { catalogue: new Map(), slot: untouched, takenUuids: new Set<string>(), newId, codes };
  return {
    createOrder: (by, request) => createOrder(deps, by, request),
    orders: (by, filter) => list(deps, by, filter),
    updateOrder: (by, orderId, request) => {
      const command = plainly((booking, now) => updateOfOrder(booking, request, { ...nothingElse, now }));
      const effect: OrderEffect = { own: (own, order) => ownAfter(own, order.contact, request) };
      return changeOrder(deps, by, orderId, updatableBookings, command, effect);
    },
    confirmOrder: (by, orderId, { contact, resellerReference, emailReceipt, notes }) => {
      const command = confirming(deps, by, { contact, resellerReference, emailReceipt, notes });
      // Of an order that is confirmed already, a confirmation changes nothing.
      const own: OrderEffect['own'] = (before, { status }) =>
        status !== 'ON_HOLD' || before.contact === null || contact === undefined
          ? before
          : { ...before, contact: mergeContact(before.contact, contact) };
      return changeOrder(deps, by, orderId, whichCan('confirm', 'confirmed'), command, { own });
    },
    extendOrder: (by, orderId, request) =>
      changeOrder(deps, by, orderId, whichCan('extend', 'extended'), extending(by, request)),
    cancelOrder: (by, orderId, request) =>
      changeOrder(deps, by, orderId, whichCan('cancel', 'cancelled'), cancelling(request), {
        own: (own, order) => (order.bookings.length === 0 ? { ...own, cancelled: true } : own),
      }),
    pay: (by, orderId, told) => tell(deps, by, orderId, 'PAYMENT', told),
    refund: (by, orderId, told) => tell(deps, by, orderId, 'REFUND', told),
    async ownerOfOrder(supplierId, orderId) {
      const owner = await orderOwner(deps.db.reader, supplierId, orderId);
      return owner === undefined ? refuse({ kind: 'order', orderId }) : done(owner);
    },
  };
}
