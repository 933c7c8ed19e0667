import { isEmailAddress } from '@carillon/contract';
import { z } from 'zod';

const ids = z.array(z.string().min(1).max(255)).min(1).max(500).readonly();
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, HH:MM');
const address = z.string().max(254).refine(isEmailAddress, 'must be an e-mail address');
const week = 7 * 24 * 60;
const year = 366;

/** A value that a field of a booking is compared with. */
const scalar = z.union([z.string().max(500), z.number(), z.boolean(), z.null()]);

/** One field of a booking, by JSON Pointer (RFC 6901), and what it must be; without `is` and `not`, it must be there and not null. */
const field = z
  .strictObject({
    pointer: z
      .string()
      .max(500)
      .regex(/^(\/([^~/]|~[01])*)+$/, 'must be a JSON Pointer (RFC 6901), such as /product/id'),
    is: z.array(scalar).min(1).max(100).readonly().optional(),
    not: z.array(scalar).min(1).max(100).readonly().optional(),
  })
  .readonly();

/** From and to, both included. */
const range = (value: z.ZodNumber) =>
  z
    .strictObject({ from: value.optional(), to: value.optional() })
    .readonly()
    .refine(({ from, to }) => from === undefined || to === undefined || from <= to, 'from must not be more than to');

/** What must be so for an e-mail to be sent: all of it, of at least one of the bookings that it is about. */
export const conditionsSchema = z
  .strictObject({
    products: ids.optional(),
    options: ids.optional(),
    connections: ids.optional(),
    /** Who sold it: the supplier itself, whom the guest pays, or a reseller. */
    sold: z.enum(['direct', 'reseller']).optional(),
    /** BCP 47: in which the guest is written to. */
    languages: z.array(z.string().min(2).max(35)).min(1).max(100).readonly().optional(),
    /** Of all bookings together, value / 10^precision of their currency. */
    price: range(z.number().int().min(0)).optional(),
    /** From the booking to the visit, hours. */
    leadTimeHours: range(z.number().min(0)).optional(),
    /** Whether nothing was held or booked with the guest's address before, in another order. */
    firstTime: z.boolean().optional(),
    fields: z.array(field).max(20).readonly().optional(),
  })
  .readonly();

/** See `conditionsSchema`. */
export type Conditions = z.output<typeof conditionsSchema>;

/** When an e-mail leaves that goes by the time of a visit: so many days from it by the venue's calendar, at the same time of day or at `at`, and so many minutes from there. */
export const offsetSchema = z
  .strictObject({
    days: z.number().int().min(-year).max(year).default(0),
    minutes: z.number().int().min(-week).max(week).default(0),
    at: clock.optional(),
  })
  .readonly();

/** See `offsetSchema`. */
export type Offset = z.output<typeof offsetSchema>;

/** From one time of day to another at the venue, over midnight where the second is earlier: no e-mail leaves. */
export const quietHoursSchema = z
  .strictObject({ from: clock, to: clock })
  .readonly()
  .refine(({ from, to }) => from !== to, 'from and to must differ');

/** See `quietHoursSchema`. */
export type QuietHours = z.output<typeof quietHoursSchema>;

/**
 * To whom it goes. The guests of the units get a copy at the addresses of their own; `addresses` get it also where no guest does, `bcc`
 * a copy of what a guest gets. Each copy is an e-mail of its own: nobody sees the others.
 */
export const recipientsSchema = z
  .strictObject({
    guest: z.boolean().default(true),
    unitContacts: z.boolean().default(false),
    addresses: z.array(address).max(20).readonly().default([]),
    bcc: z.array(address).max(20).readonly().default([]),
  })
  .readonly();

/** What a campaign says beside its occasions and its template. */
export const ruleSchema = z.strictObject({
  conditions: conditionsSchema.default({}),
  /** After what happened, minutes; not less than the settling window of the supplier. */
  delayMinutes: z
    .number()
    .int()
    .min(0)
    .max(90 * 24 * 60)
    .default(0),
  offset: offsetSchema.default({ days: 0, minutes: 0 }),
  quietHours: quietHoursSchema.nullable().default(null),
  /** Where it matches, no campaign behind it is sent on the same occasion. */
  only: z.boolean().default(true),
  /** Where all its e-mails go while it is tried out, those about test bookings too; null: to the recipients. */
  testAddress: address.nullable().default(null),
  /** What should have left longer ago is not sent, minutes. */
  maxLatenessMinutes: z
    .number()
    .int()
    .min(1)
    .max(90 * 24 * 60)
    .default(24 * 60),
  recipients: recipientsSchema.default({ guest: true, unitContacts: false, addresses: [], bcc: [] }),
  /** The supplier's provider that takes it, with the sender that it has; null, or one that is gone: the default one. */
  providerId: z.string().min(1).max(255).nullable().default(null),
  /** Of marketing: the most that one address gets in so many days, of all of the supplier's marketing. */
  cap: z
    .strictObject({ most: z.number().int().min(1).max(100), days: z.number().int().min(1).max(year) })
    .readonly()
    .nullable()
    .default(null),
  /** Where its button leads: to the waiver, to the place for reviews. */
  link: z
    .string()
    .max(2000)
    .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), 'must be a URL of http or https')
    .nullable()
    .default(null),
});

/** See `ruleSchema`. */
export type CampaignRule = Readonly<z.output<typeof ruleSchema>>;

/** What a campaign says that says nothing beside its occasions and its template. */
export const plainRule: CampaignRule = ruleSchema.parse({});

/** Rules that were read, by their text: there are few, and each is read for every e-mail. */
const known = new Map<string, CampaignRule>();

/** Reads a rule as it is stored. */
export function ruleOf(text: string): CampaignRule {
  const read = known.get(text);
  if (read !== undefined) return read;
  if (known.size >= 1000) known.clear();
  const rule = ruleSchema.parse(JSON.parse(text));
  known.set(text, rule);
  return rule;
}
