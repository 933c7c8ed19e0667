import { type BookingDocument, expiryUnseen, type OrderDocument } from '@carillon/contract';
import type { Deps } from '../deps.ts';
import type { Party } from '../party.ts';
import { mostListed, readList } from '../reading/list.ts';
import { done, type Result, refuse, unprocessable } from '../refusal.ts';
import type {
  CancellationRequest,
  Confirmation,
  Extension,
  OrderCreation,
  OrderFilter,
  OrderUpdate,
} from '../request.ts';
import { untouched } from '../slots/availability.ts';
import { changeOrder, type OrderEffect } from './change.ts';
import { cancelling, confirming, extending, plainly } from './commands.ts';
import { mergeContact } from './contact.ts';
import { orderStatusAt } from './order.ts';
import { createOrder } from './order-creation.ts';
import { waitingLonger } from './order-expiry.ts';
import { listOrders, orderOwner } from './order-store.ts';
import { ownAfter, updatableBookings, updateOfOrder } from './order-update.ts';
import { type BookingEvent, statusAt, transitions } from './state.ts';
import { type Tell, telling } from './told.ts';

/** The commands on an order of a connection; each is one transaction for all of its bookings. */
export interface OrderCommands {
  /** Makes an order, empty or with holds: all of them or none. */
  createOrder(by: Party, request: OrderCreation): Promise<Result<OrderDocument>>;
  /** The newest first; refused when they are too many or too large for one answer. */
  orders(by: Party, filter: OrderFilter): Promise<Result<readonly OrderDocument[]>>;
  /** Changes its own contact, and the receipt and the hold of its bookings. */
  updateOrder(by: Party, orderId: string, request: OrderUpdate): Promise<Result<OrderDocument>>;
  /** Confirms all its holds, or none. What comes with the request is said of each of them, and of the contact that it has itself. */
  confirmOrder(by: Party, orderId: string, request: Omit<Confirmation, 'unitItems'>): Promise<Result<OrderDocument>>;
  extendOrder(by: Party, orderId: string, request: Extension): Promise<Result<OrderDocument>>;
  /** Cancels all its bookings that still count, or none. */
  cancelOrder(by: Party, orderId: string, request: CancellationRequest): Promise<Result<OrderDocument>>;
  /** A payment told by hand, of at most what is outstanding. */
  readonly pay: Tell;
  /** A refund told by hand, of at most what was paid and not given back yet. */
  readonly refund: Tell;
  /** The connection that a supplier's order is of, in whose name the operator acts. */
  ownerOfOrder(supplierId: string, orderId: string): Promise<Result<Party>>;
}

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
    // One that has no booking yet can be cancelled, also again, and waits longer where it does not wait for ever.
    const alone = order.bookings.length === 0;
    if (alone && event === 'cancel' && status !== 'EXPIRED') return done([]);
    if (alone && event === 'extend' && status === 'ON_HOLD' && order.utcExpiresAt !== null) return done([]);
    if (able.length > 0) return done(able);
    const what = alone && status === 'ON_HOLD' ? 'An order without bookings' : `An order that is ${status}`;
    return unprocessable(`${what} cannot be ${participle}.`);
  };
}

async function list(deps: Deps, by: Party, filter: OrderFilter): Promise<Result<readonly OrderDocument[]>> {
  const listed = await listOrders(deps.db.reader, by, filter, mostListed);
  const type = 'order_update';
  const said = { what: 'orders', advice: 'ask for one contact, or for less time.' };
  return readList(deps, { supplierId: by.supplierId, type }, listed, said);
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
      const effect: OrderEffect = { own: (own, order, _, now) => ownAfter(own, order, request, now) };
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
      changeOrder(deps, by, orderId, whichCan('extend', 'extended'), extending(by, request), {
        own: (own, order, { holdSeconds }, now) =>
          waitingLonger(own, order, now, 1000 * (60 * (request.expirationMinutes ?? 0) || holdSeconds)),
      }),
    cancelOrder: (by, orderId, request) =>
      changeOrder(deps, by, orderId, whichCan('cancel', 'cancelled'), cancelling(request), {
        own: (own, order) => (order.bookings.length === 0 ? { ...own, cancelled: true } : own),
      }),
    pay: telling(deps, 'PAYMENT'),
    refund: telling(deps, 'REFUND'),
    async ownerOfOrder(supplierId, orderId) {
      const owner = await orderOwner(deps.db.reader, supplierId, orderId);
      return owner === undefined ? refuse({ kind: 'order', orderId }) : done(owner);
    },
  };
}
