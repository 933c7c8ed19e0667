import { capabilityIds, eventTypes, notificationTypes, webhookSending } from '@carillon/contract';
import { z } from '@hono/zod-openapi';
import { messageEvents } from './message-events.ts';

const time = z.number().int().openapi({ description: 'Milliseconds since 1970, UTC.' });

/** What is wrong with a request. */
export const problem = z.object({ error: z.string(), message: z.string() }).openapi('Problem');

/** How much of a list is asked for. */
export const limit = z.coerce.number().int().min(1).max(500).default(100);

/** The answer about a signing secret. */
export const secret = z.object({ signingSecret: z.string() });

/** A webhook or a subscription to notifications. */
export const webhook = z
  .object({
    id: z.string(),
    connectionId: z.string(),
    event: z.enum([...eventTypes, 'notification']),
    notificationTypes: z
      .array(z.enum(notificationTypes))
      .readonly()
      .nullable()
      .openapi({ description: 'What a subscription to notifications covers; null: a webhook.' }),
    url: z.string(),
    retryOnError: z.boolean(),
    useContactLanguage: z.boolean(),
    headers: z.record(z.string(), z.string()).readonly().openapi({ description: 'Values are masked.' }),
    capabilities: z.array(z.enum(capabilityIds)).readonly(),
    state: z.enum(['active', 'disabled', 'deleted']),
    reason: z.string().nullable().openapi({ description: 'Why it is disabled.' }),
    condition: z.enum(['healthy', 'failing', 'resting', 'paused', 'disabled']),
    failures: z.number().int().openapi({ description: 'Attempts that failed since the last success.' }),
    failingSince: time.nullable(),
    restingUntil: time.nullable().openapi({ description: 'When it is tried again, where it rests.' }),
    sending: webhookSending.required(),
    createdAt: time,
    updatedAt: time,
  })
  .openapi('Webhook');

/** A list of webhooks. */
export const webhooks = z.object({ webhooks: z.array(webhook) });

/** A delivery. */
export const delivery = z
  .object({
    id: z.string().openapi({ description: 'Also the header webhook-id.' }),
    webhookId: z.string(),
    eventId: z.string().nullable().openapi({ description: 'Null: a test.' }),
    event: z.string(),
    subjectId: z.string(),
    position: z.number().int(),
    test: z.boolean().openapi({ description: 'Asked for over OCTO: sent once, beside its lane.' }),
    state: z.enum(['pending', 'held', 'delivered', 'gave_up', 'cancelled']),
    reason: z.string().nullable(),
    step: z.number().int().openapi({ description: 'Steps of the retry schedule used up.' }),
    dueAt: time,
    createdAt: time,
    endedAt: time.nullable(),
  })
  .openapi('Delivery');

/** A list of deliveries. */
export const deliveries = z.object({ deliveries: z.array(delivery) });

const attempt = z
  .object({
    id: z.string(),
    startedAt: time,
    durationMs: z.number().int(),
    outcome: z.enum(['accepted', 'refused', 'unreachable']),
    status: z.number().int().nullable(),
    reason: z
      .string()
      .nullable()
      .openapi({ description: 'dns, refused, tls, timeout, reset, …: there was no answer.' }),
    detail: z.string().nullable(),
    response: z.string().nullable().openapi({ description: 'The first 16 KiB of the answer.' }),
  })
  .openapi('Attempt');

/** A list of attempts. */
export const attempts = z.object({ attempts: z.array(attempt) });

const message = z
  .object({
    id: z.string(),
    orderId: z.string(),
    campaignId: z.string(),
    campaign: z.string().openapi({ description: 'Its name.' }),
    kind: z.enum(['news', 'visit', 'copy', 'again']).openapi({
      description:
        'What happened to the order; the time of a visit; a copy to another recipient or of another campaign; sent again.',
    }),
    state: z.string(),
    reason: z.string().nullable(),
    address: z.string().nullable(),
    language: z.string().nullable(),
    subject: z.string().nullable(),
    provider: z.string().nullable(),
    attempts: z.number().int(),
    dueAt: time,
    createdAt: time,
    endedAt: time.nullable(),
    copyOf: z.string().nullable().openapi({ description: 'The e-mail that it was made of.' }),
  })
  .openapi('Message');

/** An e-mail with its copy as it was sent. */
export const messageShown = z
  .object({
    message,
    copy: z
      .object({
        html: z.string().nullable(),
        text: z.string(),
        files: z.array(z.object({ filename: z.string(), contentType: z.string(), size: z.number().int() })),
      })
      .nullable()
      .openapi({ description: 'Null: it has not left yet, or was erased. Pictures are inside the HTML.' }),
    events: messageEvents,
  })
  .openapi('MessageShown');

/** What became of each campaign for an order. */
export const why = z.object({
  campaigns: z.array(
    z
      .object({
        campaignId: z.string(),
        campaign: z.string(),
        state: z.enum(['sent', 'open', 'not_sent']),
        sentences: z.array(z.string()).readonly(),
        messageIds: z.array(z.string()).readonly(),
      })
      .openapi('Why'),
  ),
});

/** A list of e-mails. */
export const messages = z.object({ messages: z.array(message) });

const messageAttempt = z
  .object({
    id: z.string(),
    number: z.number().int().openapi({ description: '1 for the first.' }),
    provider: z.string(),
    startedAt: time,
    durationMs: z.number().int().nullable(),
    outcome: z
      .enum(['accepted', 'deferred', 'refused', 'unknown'])
      .nullable()
      .openapi({ description: 'Null: the provider has not answered yet. Deferred: it is tried again.' }),
    detail: z.string().nullable(),
  })
  .openapi('MessageAttempt');

/** A list of attempts at handing over an e-mail. */
export const messageAttempts = z.object({ attempts: z.array(messageAttempt) });

const connectionId = z.string().openapi({ description: 'The connection that it is of.' });

/** A booking: what the operator is told of it beyond OCTO, and what is needed to tell it. */
export const booking = z
  .looseObject({
    connectionId,
    uuid: z.string(),
    orderId: z.string(),
    status: z.enum(['ON_HOLD', 'CONFIRMED', 'EXPIRED', 'CANCELLED', 'REDEEMED', 'PENDING', 'REJECTED', 'NOSHOW']),
    rejection: z.object({ reason: z.string().nullable(), utcRejectedAt: z.string() }).nullable(),
  })
  .openapi('Booking', { description: 'OCTO’s booking with every capability, and its connection.' });

const amount = z.number().int().openapi({ description: 'In the smallest part of the currency.' });

const transaction = z
  .object({
    id: z.string(),
    type: z.enum(['PAYMENT', 'REFUND']),
    amount,
    currency: z.string(),
    currencyPrecision: z.number().int(),
    method: z.string(),
    reference: z.string().nullable(),
    utcCreatedAt: z.string(),
    bookingId: z.string().nullable().openapi({ description: 'The id of the booking that it is for; null: the order.' }),
  })
  .openapi('Transaction');

/** An order: its money, what the operator is told of it beyond OCTO, and what is needed to tell it. */
export const order = z
  .looseObject({
    connectionId,
    id: z.string(),
    status: z.enum(['ON_HOLD', 'CONFIRMED', 'CANCELLED', 'EXPIRED', 'PENDING']),
    transactions: z.array(transaction),
    balance: z
      .object({
        paid: amount,
        refunded: amount,
        retained: amount,
        outstanding: amount,
        currency: z.string(),
        currencyPrecision: z.number().int(),
      })
      .openapi({ description: 'paid − refunded + outstanding = price of what is booked + retained.' }),
  })
  .openapi('Order', { description: 'Ventrata’s order with every capability, and its connection.' });
