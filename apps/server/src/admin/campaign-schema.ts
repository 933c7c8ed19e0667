import { occasions } from '@carillon/contract';
import { z } from '@hono/zod-openapi';
import { ruleSchema, templateNames } from '../email/index.ts';

const rule = ruleSchema.shape;
const told = {
  name: z.string().trim().min(1).max(100),
  occasions: z.array(z.enum(occasions)).min(1).max(occasions.length).readonly(),
  template: z.enum(templateNames),
  marketing: z.boolean().openapi({ description: 'Only for guests who agreed to marketing.' }),
  enabled: z.boolean(),
  priority: z.number().int().min(0).max(10_000).openapi({ description: 'The lowest is asked first.' }),
};

/** A campaign. */
export const campaign = z.object({ id: z.string(), ...told, ...rule }).openapi('Campaign');

/** A new campaign. */
export const newCampaign = z.strictObject({
  ...told,
  marketing: told.marketing.default(false),
  enabled: told.enabled.default(false),
  priority: told.priority.default(100),
  ...rule,
});

/** What is to be different about a campaign: what is left out stays as it is. */
export const campaignEdit = z.strictObject({
  name: told.name.optional(),
  occasions: told.occasions.optional(),
  template: told.template.optional(),
  marketing: told.marketing.optional(),
  enabled: told.enabled.optional(),
  priority: told.priority.optional(),
  conditions: rule.conditions.unwrap().optional(),
  delayMinutes: rule.delayMinutes.unwrap().optional(),
  offset: rule.offset.unwrap().optional(),
  quietHours: rule.quietHours.unwrap().optional(),
  only: rule.only.unwrap().optional(),
  testAddress: rule.testAddress.unwrap().optional(),
  maxLatenessMinutes: rule.maxLatenessMinutes.unwrap().optional(),
  recipients: rule.recipients.unwrap().optional(),
  providerId: rule.providerId.unwrap().optional(),
  cap: rule.cap.unwrap().optional(),
  link: rule.link.unwrap().optional(),
});

const time = z.number().int().openapi({ description: 'Milliseconds since 1970, UTC.' });
const money = {
  amount: z.number().int().openapi({ description: 'Value × 10^currencyPrecision.' }),
  currency: z.string(),
  currencyPrecision: z.number().int(),
};

/** What a campaign brought back. */
export const recovered = z
  .object({
    since: time,
    revenue: z.array(z.object({ ...money, bookings: z.number().int() })),
    bookings: z.array(
      z.object({ bookingUuid: z.string(), orderId: z.string(), messageId: z.string(), ...money, recoveredAt: time }),
    ),
  })
  .openapi('Recovered');

/** What a campaign would have done. */
export const simulation = z
  .object({
    events: z.number().int().openapi({ description: 'Events that were looked at.' }),
    more: z.boolean().openapi({ description: 'There are more events in that time than were looked at.' }),
    would: z
      .array(
        z.object({
          orderId: z.string(),
          at: time,
          occasions: z.array(z.enum(occasions)).readonly(),
          sends: z.boolean(),
          reason: z.string(),
        }),
      )
      .readonly(),
  })
  .openapi('Simulation');
