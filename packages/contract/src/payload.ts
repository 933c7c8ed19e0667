import type { Json } from '@carillon/diff';
import { z } from 'zod';

/**
 * Payloads as a receiver gets them, from Carillon or from Ventrata. They are read tolerantly: only what a receiver cannot do
 * without is required, unknown members are kept, and `diff` may be missing (Ventrata sends none for availability).
 */

/** One operation of a `diff`: `add` has no `was`, `remove` has no `value`. `path` points into the object beside it. */
export interface PayloadOperation {
  readonly op: string;
  readonly path: string;
  readonly was?: Json | undefined;
  readonly value?: Json | undefined;
}

/** The webhook that a payload was sent for. */
export interface PayloadWebhook {
  readonly id?: string | undefined;
  readonly event?: string | undefined;
}

/** What a receiver may rely on in a booking, whatever capabilities it asked for. */
export interface PayloadBooking {
  readonly uuid?: string | undefined;
  readonly status: string;
}

/** What a receiver may rely on in an order. */
export interface PayloadOrder {
  readonly id?: string | undefined;
  readonly status?: string | undefined;
}

/** What a receiver may rely on in a product or an availability. */
export interface PayloadObject {
  readonly id: string;
}

interface Common {
  /** Carillon names the event type here; Ventrata only in `webhook.event`. */
  readonly event?: string | undefined;
  readonly webhook?: PayloadWebhook | undefined;
  readonly supplier?: { readonly id?: string | undefined } | undefined;
  readonly diff: readonly PayloadOperation[];
}

/** A `booking_update`: `booking` is the booking after the change. */
export interface BookingPayload extends Common {
  readonly booking: PayloadBooking;
}

/** An `order_update`: transactions, tickets and contact details of a whole order. */
export interface OrderPayload extends Common {
  readonly order: PayloadOrder;
}

/** An `availability_update`; the slot's product and option stand beside it. */
export interface AvailabilityPayload extends Common {
  readonly productId?: string | undefined;
  readonly optionId?: string | undefined;
  readonly availability: PayloadObject;
}

/** A `product_update`. */
export interface ProductPayload extends Common {
  readonly product: PayloadObject;
}

/** The body of a webhook delivery, of any event type. */
export type Payload = BookingPayload | OrderPayload | AvailabilityPayload | ProductPayload;

const operation = z.looseObject({
  op: z.string(),
  path: z.string(),
  was: z.custom<Json>().optional(),
  value: z.custom<Json>().optional(),
});

const common = {
  event: z.string().optional(),
  webhook: z.looseObject({ id: z.string().optional(), event: z.string().optional() }).optional(),
  supplier: z.looseObject({ id: z.string().optional() }).optional(),
  diff: z.array(operation).default([]),
};

const object = z.looseObject({ id: z.string() });

/** Reads a `booking_update`. */
export const bookingPayloadSchema: z.ZodType<BookingPayload> = z.looseObject({
  ...common,
  booking: z.looseObject({ uuid: z.string().optional(), status: z.string() }),
});

/** Reads an `order_update`. */
export const orderPayloadSchema: z.ZodType<OrderPayload> = z.looseObject({
  ...common,
  order: z.looseObject({ id: z.string().optional(), status: z.string().optional() }),
});

/** Reads an `availability_update`. */
export const availabilityPayloadSchema: z.ZodType<AvailabilityPayload> = z.looseObject({
  ...common,
  productId: z.string().optional(),
  optionId: z.string().optional(),
  availability: object,
});

/** Reads a `product_update`. */
export const productPayloadSchema: z.ZodType<ProductPayload> = z.looseObject({ ...common, product: object });

/** Reads the body of a webhook delivery, of any event type: which one is told by the object that it carries. */
export const payloadSchema: z.ZodType<Payload> = z.union([
  bookingPayloadSchema,
  orderPayloadSchema,
  availabilityPayloadSchema,
  productPayloadSchema,
]);
