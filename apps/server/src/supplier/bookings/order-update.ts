import { type BookingDocument, type OrderDocument, orderClock } from '@carillon/contract';
import { done, type Result, unprocessable } from '../refusal.ts';
import type { OrderUpdate } from '../request.ts';
import { mergeContact } from './contact.ts';
import { type Decision, decide } from './decision.ts';
import { orderStatusAt } from './order.ts';
import { waitFor } from './order-expiry.ts';
import type { OrderOwn } from './own.ts';
import { statusAt, transitions } from './state.ts';
import { applied, type UpdateFacts } from './update.ts';

/** The bookings that an order's update concerns; refused for an order that can no longer be updated. */
export function updatableBookings(order: OrderDocument, now: number): Result<readonly BookingDocument[]> {
  const status = orderStatusAt(order, now);
  if (status === 'CANCELLED' || status === 'EXPIRED') {
    return unprocessable(`An order that is ${status} cannot be updated.`);
  }
  if (!orderClock(order, now).updatable) {
    return unprocessable('The cut-off has passed: the order can no longer be updated.');
  }
  return done(order.bookings.filter((booking) => transitions[statusAt(booking, now)].update !== undefined));
}

/** What an order's update changes in one of its bookings: whether e-mails are sent, and how long a hold lasts. */
export function updateOfOrder(booking: BookingDocument, request: OrderUpdate, facts: UpdateFacts): Decision {
  const { emailReceipt, expirationMinutes } = request;
  return decide(booking, 'update', facts.now, () => applied(booking, { emailReceipt, expirationMinutes }, facts));
}

/**
 * What an order's update at `now` (ms UTC) says of the order itself. Its own contact begins as the one that it has shown so far;
 * how long it waits is its own to say as long as it has no booking.
 */
export function ownAfter(own: OrderOwn, order: OrderDocument, request: OrderUpdate, now: number): OrderOwn {
  const { contact, emailReceipt, expirationMinutes } = request;
  const waits = expirationMinutes !== undefined && order.bookings.length === 0;
  return {
    ...own,
    contact: contact === undefined ? own.contact : mergeContact(order.contact, contact),
    emailReceipt: emailReceipt ?? own.emailReceipt,
    expiresAt: waits ? waitFor(order, own.expiresAt, now, expirationMinutes * 60_000) : own.expiresAt,
  };
}
