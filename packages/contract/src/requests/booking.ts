import * as z from 'zod';
import { body, nullable, optional } from './body.ts';
import { contactRequest } from './contact.ts';
import { currency, expirationMinutes, line, opaqueId, orderId, text, uuid } from './text.ts';

/** The most units that one booking, and one order with all its bookings, may have; a booking's document grows by about 1.5 KB with each. */
export const maxUnitItems = 500;

const unitItems = z
  .array(
    body({
      uuid: optional(uuid),
      unitId: opaqueId,
      resellerReference: nullable(line(255)),
      contact: optional(contactRequest),
    }),
  )
  .min(1)
  .max(maxUnitItems);

const reserved = {
  uuid: optional(uuid),
  productId: opaqueId,
  optionId: opaqueId,
  availabilityId: nullable(opaqueId),
  unitItems,
  expirationMinutes: optional(expirationMinutes),
  notes: nullable(text(10_000)),
  resellerReference: nullable(line(255)),
  contact: optional(contactRequest),
  emailReceipt: optional(z.boolean()),
  currency: optional(currency),
};

/** POST /bookings (OCTO); `orderId` is Ventrata's, `emailReceipt` too. */
export const reservationRequest = body({ ...reserved, orderId: optional(orderId) });

/** One booking of POST /orders (Ventrata): as it would be reserved by itself, in the order's currency. */
export const orderedReservation = body(reserved);

/** PATCH /bookings/{uuid} (OCTO): what is left out stays as it is. */
export const updateRequest = body({
  productId: optional(opaqueId),
  optionId: optional(opaqueId),
  availabilityId: optional(opaqueId),
  unitItems: optional(unitItems),
  contact: optional(contactRequest),
  notes: nullable(text(10_000)),
  resellerReference: nullable(line(255)),
  emailReceipt: optional(z.boolean()),
  expirationMinutes: optional(expirationMinutes),
});

/** POST /bookings/{uuid}/confirm. OCTO requires a contact, Ventrata does not: it may be left out. */
export const confirmationRequest = body({
  contact: optional(contactRequest),
  resellerReference: nullable(line(255)),
  emailReceipt: optional(z.boolean()),
  unitItems: optional(unitItems),
  notes: nullable(text(10_000)),
});

/** POST /bookings/{uuid}/extend and POST /orders/{id}/extend (OCTO, Ventrata). */
export const extensionRequest = body({ expirationMinutes: optional(expirationMinutes) });

/** POST /bookings/{uuid}/cancel and POST /orders/{id}/cancel (OCTO; `emailReceipt` is Ventrata's). */
export const cancellationRequest = body({
  reason: nullable(text(10_000)),
  force: optional(z.boolean()),
  emailReceipt: optional(z.boolean()),
});
