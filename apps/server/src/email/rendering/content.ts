import type { GuestOccasion } from '../campaigns/campaign.ts';
import type { BookingFacts, MessageFacts } from '../facts.ts';
import { type BookingContent, bookingContentOf } from './booking-content.ts';
import { formatLocale, type Money } from './format.ts';
import { fill, type Strings, stringsFor } from './strings/index.ts';
import { oneLine, webLink } from './text.ts';
import { whenOf } from './when.ts';

/** What a template shows: `t` are the words of the templates, everything else is of this message. */
export interface Content {
  readonly t: Strings;
  /** BCP 47, in which dates and amounts are written. */
  readonly locale: string;
  readonly lead: GuestOccasion;
  readonly heading: string;
  readonly intro: string;
  /** What happened to: a product and its date, or several bookings of one product, or of the supplier. */
  readonly what: string;
  readonly greeting: string;
  readonly why: string;
  readonly supplier: {
    readonly name: string;
    readonly address: readonly string[];
    readonly telephone: string | null;
    /** For a `tel:` link: digits and a leading plus. */
    readonly dial: string | null;
    readonly email: string | null;
    readonly website: string | null;
  };
  readonly bookings: readonly BookingContent[];
  /** The price of all bookings where there are several that take place, in one currency. */
  readonly total: Money | null;
  readonly calendar: boolean;
}

/** QR codes are some 2 KB each; a message with more than these shows the others as text. */
const mostCodes = 50;

/** Everything that a template shows of a message, in the language of the guest. */
export function contentOf(facts: MessageFacts): Content {
  const t = stringsFor([facts.language, facts.supplier.language]);
  const locale = formatLocale(t.language, [...facts.locales, facts.language]);
  let codes = 0;
  const nextCid = () => (codes < mostCodes ? `code-${++codes}@carillon` : null);
  const writing = { strings: t, locale, checkoutUrl: facts.supplier.checkoutUrl, nextCid };
  const bookings = facts.bookings.map((booking) => bookingContentOf(booking, writing));
  const { heading, intro } = t.occasions[facts.lead];
  const leading = facts.bookings.filter(({ occasions }) => occasions[0] === facts.lead);
  const supplier = supplierOf(facts);
  return {
    t,
    locale,
    lead: facts.lead,
    heading: leading.length === 1 ? heading.one : heading.other,
    intro: replacesTickets(facts.lead, bookings) ? `${intro} ${t.newTickets}` : intro,
    what: whatOf(leading, locale) ?? supplier.name,
    greeting: greetingOf(facts, t),
    why: fill(t.why, supplier.name),
    supplier,
    bookings,
    total: totalOf(bookings),
    calendar: facts.bookings.some(({ after }) => after.availability !== null) && facts.lead !== 'expired',
  };
}

function whatOf(leading: readonly BookingFacts[], locale: string): string | null {
  const titles = [...new Set(leading.map(({ after }) => oneLine(after.product.title)))];
  const dates = [...new Set(leading.map(({ after }) => whenOf(after, locale).date))];
  if (titles.length !== 1) return null;
  return [titles[0], dates.length === 1 ? dates[0] : null].filter((part) => part !== null).join(', ');
}

/** Whether the guest has earlier tickets, which those of this message take the place of. */
function replacesTickets(lead: GuestOccasion, bookings: readonly BookingContent[]): boolean {
  const changed = lead === 'rescheduled' || lead === 'updated';
  return changed && bookings.some(({ codes, links }) => codes.length > 0 || links.length > 0);
}

function greetingOf({ contact }: MessageFacts, t: Strings): string {
  const name = oneLine(contact.firstName || contact.fullName || '');
  return name === '' ? t.greetingUnnamed : fill(t.greeting, name);
}

function supplierOf({ supplier }: MessageFacts): Content['supplier'] {
  const { name, contact } = supplier.document;
  const lines = (contact.address ?? '').split(/\r?\n/).map(oneLine);
  return {
    name: oneLine(name),
    address: lines.filter((line) => line !== ''),
    telephone: contact.telephone === null ? null : oneLine(contact.telephone),
    dial: contact.telephone === null ? null : contact.telephone.replace(/(?!^\+)[^\d]/g, ''),
    email: contact.email === null ? null : oneLine(contact.email),
    website: webLink(contact.website),
  };
}

function totalOf(bookings: readonly BookingContent[]): Money | null {
  const prices = bookings
    .filter(({ occasion }) => occasion !== 'cancelled' && occasion !== 'expired')
    .flatMap(({ price }) => price ?? []);
  const [first, ...others] = prices;
  if (first === undefined || others.length === 0) return null;
  const alike = others.every(({ currency, precision }) => currency === first.currency && precision === first.precision);
  return alike ? { ...first, amount: prices.reduce((sum, { amount }) => sum + amount, 0) } : null;
}
