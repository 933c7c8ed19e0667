import * as z from 'zod';
import { unitTypes } from '../document.ts';
import { isCurrency, line, opaqueId } from '../requests/text.ts';
import { contentFields, feature, language, localised } from './content.ts';
import { capacityRule, closure, schedule } from './schedule.ts';

const name = line(255).min(1);
const id = opaqueId.min(1);
/** One step of a path: the ids of a product, an option and a slot stand in one, separated by slashes. */
const step = id.refine(
  (value) => !value.includes('/') && value !== '.' && value !== '..',
  'must have no slash, and not be . or ..',
);
const reference = line(255).nullable();
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, { error: 'must be a currency code of three capital letters (ISO 4217)', abort: true })
  .refine(isCurrency, 'must be the code of a currency that exists (ISO 4217)');
/** In the currency's smallest part; so that the largest booking's total is still a safe integer. */
const amount = z.int().min(0).max(1_000_000_000_000);

const price = z
  .strictObject({ currency, original: amount, retail: amount, net: amount.nullable() })
  .describe('In the smallest part of the currency; `original` is at least `retail`.');

const contactFields = z
  .array(
    z.enum([
      'firstName',
      'lastName',
      'emailAddress',
      'phoneNumber',
      'country',
      'notes',
      'locales',
      'allowMarketing',
      'postalCode',
    ]),
  )
  .max(9);

const age = z.int().min(0).max(150);
const quantity = z.int().min(0).max(10_000).nullable();
const measure = z.int().min(0).max(10_000).exactOptional();

/** A unit: who or what a ticket is for. */
export const unitDefinition = z.strictObject({
  id,
  internalName: name,
  reference,
  type: z.enum(unitTypes),
  restrictions: z.strictObject({
    minAge: age,
    maxAge: age,
    idRequired: z.boolean(),
    minQuantity: quantity,
    maxQuantity: quantity,
    paxCount: z.int().min(0).max(1_000).describe('How many places one takes.'),
    accompaniedBy: z.array(id).max(100),
    minHeight: measure,
    maxHeight: measure,
    heightUnit: z.enum(['cm', 'in']).exactOptional(),
    minWeight: measure,
    maxWeight: measure,
    weightUnit: z.enum(['kg', 'lb']).exactOptional(),
  }),
  requiredContactFields: contactFields,
  title: localised,
  shortDescription: localised.nullable(),
  features: z.array(feature).max(200),
  prices: z
    .array(price)
    .max(200)
    .describe('One for each of the product’s currencies; none where it is priced per booking.'),
});

/** An option: when a product takes place, how many places there are, and what its units cost. */
export const optionDefinition = z.strictObject({
  id: step,
  default: z.boolean(),
  internalName: name,
  reference,
  cancellationCutoffAmount: z.int().min(0).max(100_000),
  cancellationCutoffUnit: z.enum(['minute', 'hour', 'day']),
  cancellationPolicy: z
    .array(
      z.strictObject({
        untilHoursBefore: z.number().min(0).max(100_000),
        refundPercent: z.number().min(0).max(100),
      }),
    )
    .max(50)
    .exactOptional(),
  requiredContactFields: contactFields,
  restrictions: z.strictObject({ minUnits: z.int().min(0).max(500), maxUnits: z.int().min(1).max(500).nullable() }),
  ...contentFields,
  schedule,
  seasons: z
    .array(schedule)
    .max(100)
    .optional()
    .describe(
      'Other schedules for their seasons, in place of `schedule` on the days that they cover; a later one wins.',
    ),
  closures: z.array(closure).max(1_000).optional(),
  capacities: z
    .array(capacityRule)
    .max(1_000)
    .optional()
    .describe('Of the rules that a slot falls under the last wins.'),
  slotContent: z.strictObject({ title: localised.nullable(), shortDescription: localised.nullable() }).optional(),
  prices: z
    .array(price)
    .max(200)
    .optional()
    .describe('Where the product is priced per booking: one for each currency.'),
  bookingCutoffMinutes: z.int().min(0).max(1_000_000).describe('Before the start, or before closing.'),
  units: z.array(unitDefinition).min(1).max(100),
});

const product = z.strictObject({
  internalName: name,
  reference,
  locale: language,
  timeZone: line(100).min(1).describe('IANA.'),
  allowFreesale: z.boolean(),
  instantConfirmation: z.boolean(),
  instantDelivery: z.boolean(),
  availabilityRequired: z.boolean(),
  availabilityType: z.enum(['START_TIME', 'OPENING_HOURS']),
  deliveryFormats: z
    .array(z.enum(['PDF_URL', 'QRCODE', 'CODE128', 'PKPASS_URL', 'AZTECCODE']))
    .min(1)
    .max(5),
  deliveryMethods: z
    .array(z.enum(['VOUCHER', 'TICKET']))
    .min(1)
    .max(2),
  redemptionMethod: z.enum(['DIGITAL', 'PRINT', 'MANIFEST']),
  ...contentFields,
  defaultCurrency: currency,
  availableCurrencies: z.array(currency).min(1).max(200),
  pricingPer: z.enum(['UNIT', 'BOOKING']).optional().describe('UNIT unless it says otherwise.'),
  taxes: z
    .array(z.strictObject({ name, percent: z.number().min(0).max(1_000) }))
    .max(20)
    .describe('Included in prices.'),
  options: z.array(optionDefinition).min(1).max(100),
});

/** A product as the operator edits it, with its id. */
export const productDefinition = product.extend({ id: step });
/** A new product; without an id it gets one. */
export const productCreation = product.extend({ id: step.optional() });
/** A product in the place of another; the id is that of the path. */
export const productReplacement = product.extend({ id: step.optional() });
/** Changes of a product: a field that is given takes the place of the one before, whole. */
export const productPatch = product.partial();
/** Changes of an option: a field that is given takes the place of the one before, whole. */
export const optionPatch = optionDefinition.omit({ id: true }).partial();
