import * as z from 'zod';

/** Several lines of text, at most `max` UTF-16 units; NUL and unpaired surrogates are refused, no database stores them as they are. */
export function text(max: number) {
  return z
    .string()
    .max(max)
    .refine((value) => value.isWellFormed() && !value.includes('\0'), 'must be well-formed Unicode without NUL');
}

/** One line of text, at most `max` UTF-16 units, without control characters. */
export function line(max: number) {
  return z
    .string()
    .max(max)
    .refine((value) => value.isWellFormed() && !/\p{Cc}/u.test(value), 'must be one line without control characters');
}

/** An id that somebody else made: opaque, at most 255 characters (OCTO: ids are strings). */
export const opaqueId = line(255);

/** A UUID of any version of RFC 9562, given back in lower case as OCTO's validator wants it. */
export const uuid = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i, 'must be a UUID (RFC 9562)')
  .toLowerCase();

/** An order's id, a UUID in lower case; what is none is given back as it is, because nobody's order has it. */
export const orderId = opaqueId.transform((id) => uuid.safeParse(id).data ?? id);

/** A date of the calendar, YYYY-MM-DD, in the venue's zone. */
export const localDate = z.iso.date({ error: 'must be a date that exists, YYYY-MM-DD' });

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** Whether a text is the code of a currency (ISO 4217, three capital letters) that there is or was. */
export function isCurrency(code: string): boolean {
  return currencies.has(code);
}

/** An ISO 4217 code, given back in upper case. */
export const currency = z
  .string()
  .regex(/^[A-Za-z]{3}$/, { error: 'must be a currency code of three letters (ISO 4217)', abort: true })
  .toUpperCase()
  .refine(isCurrency, 'must be the code of a currency that exists (ISO 4217)');

/** Minutes of a hold: 1 to a year; the supplier may grant less (OCTO). */
export const expirationMinutes = z.int().min(1).max(527_040);
