import type { BookingDocument } from '@carillon/contract';
import type { Conditions } from './rule.ts';

/** A booking that conditions are asked of. */
export interface AskedBooking {
  readonly document: BookingDocument;
  readonly connectionId: string | null;
}

/** What conditions are asked of. */
export interface Asked {
  /** Those that the e-mail is about, at least one. */
  readonly bookings: readonly AskedBooking[];
  /** BCP 47. */
  readonly language: string;
  /** Whether the guest pays the supplier; undefined: not known, which is neither direct nor a reseller's. */
  readonly direct: boolean | undefined;
  /** Whether nothing was held or booked with the guest's address before, in another order. */
  readonly firstTime: boolean;
}

/** Why the conditions of a campaign do not hold, as a sentence for the operator; null where they do. */
export function unmatched(conditions: Conditions, asked: Asked): string | null {
  const { languages, price, firstTime, sold } = conditions;
  const amount = asked.bookings.reduce((sum, { document }) => sum + document.pricing.retail, 0);
  if (languages !== undefined && !languages.some((wanted) => isLanguage(asked.language, wanted)))
    return `It is for guests who read ${languages.join(', ')}, and this one reads ${asked.language}.`;
  if (price !== undefined && !within(price, amount)) return `It is for other prices than ${amount}.`;
  if (firstTime !== undefined && firstTime !== asked.firstTime)
    return firstTime ? 'It is for guests who come for the first time.' : 'It is for guests who came before.';
  if (sold !== undefined && asked.direct !== (sold === 'direct'))
    return sold === 'direct' ? 'It is for what the supplier sells itself.' : 'It is for what resellers sell.';
  const reasons = asked.bookings.map((booking) => ofBooking(conditions, booking));
  return reasons.includes(null) ? null : (reasons[0] ?? null);
}

function ofBooking(conditions: Conditions, { document, connectionId }: AskedBooking): string | null {
  const { products, options, connections, leadTimeHours, fields } = conditions;
  if (products !== undefined && !products.includes(document.productId))
    return `It is not for the product ${document.productId}.`;
  if (options !== undefined && !options.includes(document.optionId))
    return `It is not for the option ${document.optionId}.`;
  if (connections !== undefined && !connections.includes(connectionId ?? ''))
    return `It is not for the connection ${connectionId ?? 'of nobody'}.`;
  if (leadTimeHours !== undefined) {
    const hours = leadTimeOf(document);
    if (hours === null || !within(leadTimeHours, hours)) return 'It is for another time between booking and visit.';
  }
  const field = fields?.find((each) => !isField(each, valueAt(document, each.pointer)));
  return field === undefined ? null : `${field.pointer} of the booking is not as it must be.`;
}

/** From the booking to the visit, hours; null without a visit. */
function leadTimeOf({ availability, utcCreatedAt, utcConfirmedAt }: BookingDocument): number | null {
  if (availability === null) return null;
  return (Date.parse(availability.localDateTimeStart) - Date.parse(utcConfirmedAt ?? utcCreatedAt)) / 3_600_000;
}

/** `en` wants every English, `en-GB` that alone. */
const isLanguage = (language: string, wanted: string): boolean =>
  `${language.toLowerCase()}-`.startsWith(`${wanted.toLowerCase()}-`);

const within = (
  { from, to }: { readonly from?: number | undefined; readonly to?: number | undefined },
  value: number,
) => (from === undefined || value >= from) && (to === undefined || value <= to);

function isField({ is, not }: NonNullable<Conditions['fields']>[number], value: unknown): boolean {
  if (is === undefined && not === undefined) return value !== undefined && value !== null;
  if (is !== undefined && !is.some((each) => each === (value ?? null))) return false;
  return not === undefined || !not.some((each) => each === (value ?? null));
}

/** What stands at a JSON Pointer (RFC 6901); undefined where nothing does. */
function valueAt(document: unknown, pointer: string): unknown {
  const names = pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  return names.reduce<unknown>((here, name) => {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, name)) return undefined;
    return (here as Readonly<Record<string, unknown>>)[name];
  }, document);
}
