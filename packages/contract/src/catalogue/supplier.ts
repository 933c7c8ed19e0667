import * as z from 'zod';
import { line, text } from '../requests/text.ts';
import { language, localised, media } from './content.ts';

/** How a supplier looks to its guests; null: as usual. */
const brand = z.strictObject({
  name: line(255).min(1).nullable().describe('In place of the supplier’s name.'),
  logoUrl: z
    .url({ protocol: /^https$/, error: 'must be an https address' })
    .max(2_000)
    .nullable()
    .describe('A picture at the head of e-mails.'),
  primaryColour: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'must be a colour, #rrggbb')
    .toLowerCase()
    .nullable()
    .describe('Of buttons.'),
  footer: text(1_000)
    .nullable()
    .describe('What the law wants said, or where else to find the supplier: below its address.'),
});

/** How a supplier looks to its guests; null: as usual. */
export type Brand = Readonly<z.infer<typeof brand>>;

/** As usual. */
export const noBrand: Brand = { name: null, logoUrl: null, primaryColour: null, footer: null };

const settings = z.strictObject({
  name: line(255).min(1),
  contact: z.strictObject({
    website: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).nullable(),
    email: z.email('must be an e-mail address').nullable(),
    telephone: line(50).nullable(),
    address: text(1_000).nullable(),
  }),
  shortDescription: localised.nullable(),
  media: z.array(media).max(200),
  language: language.describe('Shown when nobody asks for another; one of `languages`.'),
  languages: z.array(language).min(1).max(100).describe('What its texts exist in.'),
  timeZone: line(100).min(1).describe('IANA.'),
  holdSeconds: z.int().min(60).max(31_536_000).describe('How long a hold lasts when the reservation does not say.'),
  settlingMs: z.int().min(0).max(86_400_000).describe('How long an e-mail waits for what else happens to its order.'),
  checkoutUrl: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .nullable()
    .describe('Where a guest books; recovery e-mails lead there.'),
  brand: brand.describe('How it looks to its guests.'),
});

const nobody = { website: null, email: null, telephone: null, address: null };

/** A new supplier: what is left out is as usual. */
export const supplierCreation = settings.extend({
  contact: settings.shape.contact.default(nobody),
  shortDescription: settings.shape.shortDescription.default(null),
  media: settings.shape.media.default([]),
  holdSeconds: settings.shape.holdSeconds.default(1_800),
  settlingMs: settings.shape.settlingMs.default(60_000),
  checkoutUrl: settings.shape.checkoutUrl.default(null),
  brand: brand.default(noBrand),
});

/** Changes of a supplier: a field that is given takes the place of the one before, whole. */
export const supplierPatch = settings.partial();

/** A new connection. */
export const connectionCreation = z.strictObject({
  name: line(255).min(1),
  kind: z.enum(['website', 'reseller']),
  emails: z.boolean().describe('Whether its guests get e-mails; otherwise only where a booking asks for them.'),
  hears: z
    .enum(['own', 'supplier'])
    .default('own')
    .describe(
      "What its webhooks are told of: its own bookings and orders, or (an app of the operator's) all of the supplier's.",
    ),
});

/** Changes of a connection: what is left out stays as it is. */
export const connectionPatch = connectionCreation.omit({ kind: true, hears: true }).partial();
