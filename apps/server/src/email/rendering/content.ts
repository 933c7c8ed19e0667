import type { MovedMoney } from '@carillon/contract';
import type { GuestOccasion } from '../campaigns/campaign.ts';
import type { BookingFacts, MessageFacts, ShownBooking } from '../facts.ts';
import { type BookingContent, bookingContentOf } from './booking-content.ts';
import { type BrandContent, brandOf, linesOf } from './brand.ts';
import { codesOf } from './codes.ts';
import { formatLocale, formatMoney, type Money } from './format.ts';
import { fill, type Strings, stringsFor } from './strings/index.ts';
import { isName, oneLine, webLink } from './text.ts';
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
  readonly brand: BrandContent;
  readonly bookings: readonly BookingContent[];
  /** Those that the HTML has room for. */
  readonly shown: readonly BookingContent[];
  /** Whether there is more than the HTML shows; the plain text has all of it and comes along as a file. */
  readonly rest: boolean;
  /** The price of all bookings where there are several that take place, in one currency. */
  readonly total: Money | null;
  readonly calendar: boolean;
  /** What was given back and paid, and which tickets are not valid any more: a line each. */
  readonly money: readonly string[];
  /** Where the campaign's button leads; null: it has none. */
  readonly link: { readonly url: string; readonly label: string } | null;
  /** Where the reader unsubscribes; null where there is nothing to unsubscribe from. */
  readonly unsubscribe_url: string | null;
}

/** Gmail clips an HTML part that is larger than 102 KB; so many bookings, with so many codes and links in all, stay below. */
const mostBookings = 15;
const mostTickets = 60;

/** Everything that a template shows of a message, in the language of the guest. */
export function contentOf(facts: MessageFacts, unsubscribeUrl: string | null): Content {
  const t = stringsFor([facts.language, facts.supplier.language]);
  const locale = formatLocale(t.language, [...facts.locales, facts.language], facts.supplier.timeZone);
  let pictures = 0;
  const nextCid = () => `code-${++pictures}@carillon`;
  let left = mostTickets;
  const room = (wanted: number) => {
    const taken = Math.min(wanted, left);
    left -= taken;
    return taken;
  };
  const { direct, recoveryToken } = facts;
  const { checkoutUrl } = facts.supplier;
  const writing = { strings: t, locale, checkoutUrl, recoveryToken, direct, nextCid, room };
  const bookings = facts.bookings.map((booking, index) =>
    bookingContentOf(booking, index < mostBookings ? writing : { ...writing, room: () => 0 }),
  );
  const shown = bookings.slice(0, mostBookings);
  const { heading, intro } = facts.campaign.template === 'waiver_reminder' ? t.waiver : t.occasions[facts.lead];
  const leading = facts.bookings.filter(({ occasions }) => occasions[0] === facts.lead);
  const supplier = supplierOf(facts);
  return {
    t,
    locale,
    lead: facts.lead,
    heading: leading.length === 1 ? heading.one : heading.other,
    intro: facts.bookings.some((booking) => replacesTickets(booking, t)) ? `${intro} ${t.newTickets}` : intro,
    what: whatOf(leading, locale) ?? supplier.name,
    greeting: greetingOf(facts, t),
    why: fill(facts.lead === 'expired' ? t.whyHeld : t.why, supplier.name),
    supplier,
    brand: brandOf(facts.supplier.brand),
    bookings,
    shown,
    rest: shown.length < bookings.length || shown.some((booking) => !booking.shown.all),
    total: totalOf(bookings),
    calendar: facts.bookings.some(({ after }) => after.availability !== null) && !withoutCalendar.includes(facts.lead),
    money: moneyOf(facts, t, locale),
    link: linkOf(facts, t),
    unsubscribe_url: unsubscribeUrl,
  };
}

/** A booking's entry in the guest's calendar stays as it is on these. */
const withoutCalendar: readonly GuestOccasion[] = ['refunded', 'paid', 'visit_ahead', 'visit_over', 'expired'];

function moneyOf({ refunded, paid, goneTickets }: MessageFacts, t: Strings, locale: string): string[] {
  const amount = ({ amount, currency, currencyPrecision: precision, methods }: MovedMoney): string =>
    [
      formatMoney({ amount, currency, precision }, locale),
      ...(methods.length > 0 ? [`(${methods.join(', ')})`] : []),
    ].join(' ');
  return [
    ...(refunded === null ? [] : [fill(t.refunded, amount(refunded))]),
    ...(paid === null ? [] : [fill(t.paid, amount(paid))]),
    ...(goneTickets.length === 0 ? [] : [fill(t.goneTickets, goneTickets.map(oneLine).join(', '))]),
  ];
}

function linkOf({ campaign }: MessageFacts, t: Strings): Content['link'] {
  const { link, template } = campaign;
  if (link === null || (template !== 'waiver_reminder' && template !== 'review_request')) return null;
  return { url: link, label: t.links[template] };
}

function whatOf(leading: readonly BookingFacts[], locale: string): string | null {
  const titles = [...new Set(leading.map(({ after }) => oneLine(after.product.title)))];
  const dates = [...new Set(leading.map(({ after }) => whenOf(after, locale).date))];
  if (titles.length !== 1) return null;
  return [titles[0], dates.length === 1 ? dates[0] : null].filter((part) => part !== null).join(', ');
}

/** Whether the guest has earlier tickets that are not valid any more, and this message brings others. */
function replacesTickets({ occasions, before, after }: BookingFacts, t: Strings): boolean {
  const [occasion] = occasions;
  if (before === null || (occasion !== 'rescheduled' && occasion !== 'updated')) return false;
  const now = new Set(ticketsOf(after, t));
  return now.size > 0 && ticketsOf(before, t).some((ticket) => !now.has(ticket));
}

function ticketsOf(booking: ShownBooking, t: Strings): string[] {
  const { codes, links } = codesOf(booking, t);
  return [...codes.map(({ value }) => value), ...links.map(({ url }) => url)];
}

/** Anybody can book with anybody's address, so a name that may be a message or a link of theirs is not said in the supplier's name. */
function greetingOf({ contact }: MessageFacts, t: Strings): string {
  const name = oneLine(contact.firstName || contact.fullName || '');
  return isName(name) ? fill(t.greeting, name) : t.greetingUnnamed;
}

function supplierOf({ supplier }: MessageFacts): Content['supplier'] {
  const { name, contact } = supplier.document;
  return {
    name: oneLine(supplier.brand.name ?? name),
    address: linesOf(contact.address),
    telephone: contact.telephone === null ? null : oneLine(contact.telephone),
    dial: contact.telephone === null ? null : dialOf(contact.telephone),
    email: contact.email === null ? null : oneLine(contact.email),
    website: webLink(contact.website),
  };
}

/** A zero in brackets is dialled within the country only: it has no place after a country's prefix. */
function dialOf(telephone: string): string {
  const international = telephone.trim().startsWith('+') ? telephone.replace(/\(0+\)/, '') : telephone;
  return international.trim().replace(/(?!^\+)[^\d]/g, '');
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
