import * as z from 'zod';

const hour = 3_600_000;

/** How deliveries to a webhook are sent, as an operator changes it: what is left out stays as it is. Times are ms. */
export const webhookSending = z
  .strictObject({
    ordering: z
      .enum(['subject', 'none'])
      .describe('`subject`: those of one booking, order, product or slot in order; `none`: each as soon as it can.'),
    holdForMs: z
      .int()
      .min(60_000)
      .max(7 * 24 * hour)
      .describe('How long one that fails may hold back those behind it.'),
    concurrency: z.int().min(1).max(64).describe('Requests at a time, of one process.'),
    rateLimit: z
      .strictObject({ perSecond: z.number().min(0.01).max(10_000), burst: z.int().min(1).max(10_000) })
      .nullable()
      .describe('Of all processes together; null: as fast as it answers.'),
    retryDelaysMs: z
      .array(
        z
          .int()
          .min(0)
          .max(48 * hour),
      )
      .min(1)
      .max(20)
      .readonly()
      .nullable()
      .describe('Delays before the attempts, the first one included; null: those of Standard Webhooks.'),
  })
  .partial();
