import * as z from 'zod';
import { body, optional } from './body.ts';
import { orderedReservation } from './booking.ts';
import { contactRequest } from './contact.ts';
import { filter } from './filter.ts';
import { currency, expirationMinutes, line } from './text.ts';

/** The most bookings that an order may come to have: each change of it stores, shows and sends all of them. */
export const maxOrderBookings = 100;

/** POST /orders (Ventrata, octo/cart): an order with these bookings, or without any. What a booking does not say, the order says. */
export const orderCreationRequest = body({
  bookings: optional(z.array(orderedReservation).max(maxOrderBookings)),
  contact: optional(contactRequest),
  emailReceipt: optional(z.boolean()),
  expirationMinutes: optional(expirationMinutes),
  currency: optional(currency),
});

/** PATCH /orders/{id} and PATCH /order/{id}/update (Ventrata, octo/cart): what is left out stays as it is. */
export const orderUpdateRequest = body({
  contact: optional(contactRequest),
  emailReceipt: optional(z.boolean()),
  expirationMinutes: optional(expirationMinutes),
});

/** POST /orders/{id}/confirm (Ventrata, octo/cart). */
export const orderConfirmationRequest = body({
  contact: optional(contactRequest),
  emailReceipt: optional(z.boolean()),
});

const instant = z.iso
  .datetime({ offset: true, error: 'must be a time with its offset from UTC, YYYY-MM-DDThh:mm:ssZ (ISO 8601)' })
  .transform((time) => Date.parse(time));

const filters = [
  'contactEmailAddress',
  'contactLastName',
  'contactPhoneNumber',
  'supplierReference',
  'utcCreatedAtStart',
  'utcCreatedAtEnd',
  'utcUpdatedAtStart',
  'utcUpdatedAtEnd',
] as const;

/** The query of GET /orders (Ventrata, octo/cart): at least one filter; times are UTC, both ends included, given back as ms. */
export const orderFilter = body({
  contactEmailAddress: filter(line(320)),
  contactLastName: filter(line(250)),
  contactPhoneNumber: filter(line(100)),
  supplierReference: filter(line(255)),
  utcCreatedAtStart: filter(instant),
  utcCreatedAtEnd: filter(instant),
  utcUpdatedAtStart: filter(instant),
  utcUpdatedAtEnd: filter(instant),
}).superRefine((query, context) => {
  if (Object.keys(query).length > 0) return;
  const message = `must have at least one filter: ${filters.slice(0, -1).join(', ')} or ${filters.at(-1)}`;
  context.addIssue({ code: 'custom', message, input: query });
});
