import * as z from 'zod';
import { line, text } from '../requests/text.ts';
import { language, localised, media } from './content.ts';

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
});

/** Changes of a supplier: a field that is given takes the place of the one before, whole. */
export const supplierPatch = settings.partial();

/** A new connection. */
export const connectionCreation = z.strictObject({
  name: line(255).min(1),
  kind: z.enum(['website', 'reseller']),
  emails: z.boolean().describe('Whether its guests get e-mails; otherwise only where a booking asks for them.'),
});
