import type { BookingDocument, OrderDocument } from '@carillon/contract';
import type { Deps } from '../deps.ts';
import type { Party } from '../party.ts';
import { done, type Result, refuse, unprocessable } from '../refusal.ts';
import type { CancellationRequest, Confirmation, Extension } from '../request.ts';
import { changeOrder } from './change.ts';
import { cancelling, confirming, extending } from './commands.ts';
import { orderStatusAt } from './order.ts';
import { type BookingEvent, statusAt, transitions } from './state.ts';

/** The commands on an order of a connection; each is one transaction for all of its bookings. */
export interface OrderCommands {
  /** Confirms all its holds, or none. What comes with the request is said of each of them. */
  confirmOrder(by: Party, orderId: string, request: Omit<Confirmation, 'unitItems'>): Promise<Result<OrderDocument>>;
  extendOrder(by: Party, orderId: string, request: Extension): Promise<Result<OrderDocument>>;
  /** Cancels all its bookings that still count, or none. */
  cancelOrder(by: Party, orderId: string, request: CancellationRequest): Promise<Result<OrderDocument>>;
}

/**
 * Picks the bookings that an event can happen to; those that ended before stay as they are. Refused when none is left, and when
 * an order is to be confirmed of which a hold has expired: what was asked for as a whole is not done in part. Whether a hold
 * that is past its time was swept already makes no difference.
 */
function whichCan(event: BookingEvent, participle: string) {
  return (order: OrderDocument, now: number): Result<readonly BookingDocument[]> => {
    const able = order.bookings.filter((booking) => transitions[statusAt(booking, now)][event] !== undefined);
    const status = orderStatusAt(order, now);
    const expired = order.bookings.some((booking) => statusAt(booking, now) === 'EXPIRED');
    const holds = able.some((booking) => booking.status === 'ON_HOLD');
    if (event === 'confirm' && (status === 'EXPIRED' || (expired && holds))) {
      return refuse({ kind: 'order', orderId: order.id });
    }
    return able.length > 0 ? done(able) : unprocessable(`An order that is ${status} cannot be ${participle}.`);
  };
}

/** Makes the commands on an order. */
export function orderCommands(deps: Deps): OrderCommands {
  return {
    confirmOrder: (by, orderId, { contact, resellerReference, emailReceipt, notes }) => {
      const command = confirming(deps, by, { contact, resellerReference, emailReceipt, notes });
      return changeOrder(deps, by, orderId, whichCan('confirm', 'confirmed'), command);
    },
    extendOrder: (by, orderId, request) =>
      changeOrder(deps, by, orderId, whichCan('extend', 'extended'), extending(by, request)),
    cancelOrder: (by, orderId, request) =>
      changeOrder(deps, by, orderId, whichCan('cancel', 'cancelled'), cancelling(request)),
  };
}
