import type { GuestOccasion } from '../campaigns/campaign.ts';
import type { BookingFacts, ShownBooking } from '../facts.ts';
import { recoveryUrl } from '../recovery-url.ts';
import { type Change, changesOf, optionTitleOf } from './changes.ts';
import { type Code, type Codes, codesOf } from './codes.ts';
import type { Money } from './format.ts';
import { meetingPointOf, type Place } from './place.ts';
import type { Strings } from './strings/index.ts';
import { oneLine } from './text.ts';
import { unitsOf, unitsText } from './units.ts';
import { type When, whenOf } from './when.ts';

/** What a template shows of one booking. */
export interface BookingContent {
  readonly occasion: GuestOccasion;
  readonly status: string;
  readonly title: string;
  readonly option: string | null;
  readonly when: When;
  /** "3 × Adult, 1 × Child". */
  readonly tickets: string | null;
  readonly price: Money | null;
  readonly reference: string | null;
  readonly changes: readonly Change[];
  readonly codes: readonly Code[];
  readonly links: Codes['links'];
  /** Those that the HTML has room for. `cid`: the attached picture of a code that is shown as QR code. */
  readonly shown: {
    readonly codes: readonly (Code & { readonly cid: string | null })[];
    readonly links: Codes['links'];
    readonly all: boolean;
  };
  readonly meeting: Place | null;
  readonly notes: readonly string[];
  readonly refund: string | null;
  readonly reason: string | null;
  readonly recoveryUrl: string | null;
}

/** How booking content is written: in which words and locale, and how the pictures of codes are named. */
export interface Writing {
  readonly strings: Strings;
  readonly locale: string;
  readonly checkoutUrl: string | null;
  readonly recoveryToken: string | null;
  /** Whether the guest booked with the supplier and pays it. */
  readonly direct: boolean;
  /** Takes room in the HTML for some of so many codes and links, in turn; how many. */
  readonly room: (wanted: number) => number;
  /** A name for the picture of the next QR code. */
  readonly nextCid: () => string;
}

/** A booking of such a status does not take place. */
const ended: readonly string[] = ['CANCELLED', 'EXPIRED', 'REJECTED'];
const none: Codes = { codes: [], links: [] };

/** What a template shows of a booking: tickets, meeting point and notes only of one that takes place. */
export function bookingContentOf(facts: BookingFacts, writing: Writing): BookingContent {
  const { before, after } = facts;
  const { strings, locale } = writing;
  const occasion = facts.occasions[0] ?? 'updated';
  const takesPlace = !['cancelled', 'expired', 'visit_over'].includes(occasion) && !ended.includes(after.status);
  const changed = occasion === 'rescheduled' || occasion === 'updated';
  const { codes, links } = takesPlace ? codesOf(after, strings) : none;
  return {
    occasion,
    status: strings.occasions[occasion].status,
    title: oneLine(after.product.title),
    option: optionTitleOf(after),
    when: whenOf(after, locale),
    tickets: unitsText(unitsOf(after)) || null,
    price: priceOf(after),
    reference: referenceOf(after),
    changes: changed && before !== null ? changesOf(before, after, strings, locale) : [],
    codes,
    links,
    shown: shownOf({ codes, links }, writing),
    meeting: takesPlace ? meetingPointOf(after) : null,
    notes: takesPlace ? notesOf(after) : [],
    refund: occasion === 'cancelled' && wasPaid(facts, writing) ? refundOf(after, strings) : null,
    reason: occasion === 'cancelled' ? reasonOf(after, writing.direct) : null,
    recoveryUrl: occasion === 'expired' ? recoveryUrl(writing.checkoutUrl, after, writing.recoveryToken) : null,
  };
}

function shownOf({ codes, links }: Codes, { room, nextCid }: Writing): BookingContent['shown'] {
  const shownCodes = codes.slice(0, room(codes.length));
  const shownLinks = links.slice(0, room(links.length));
  return {
    codes: shownCodes.map((code) => ({ ...code, cid: code.qr ? nextCid() : null })),
    links: shownLinks,
    all: shownCodes.length === codes.length && shownLinks.length === links.length,
  };
}

function priceOf({ pricing }: ShownBooking): Money | null {
  const { retail: amount, currency, currencyPrecision: precision } = pricing;
  return amount === 0 ? null : { amount, currency, precision };
}

function referenceOf(booking: ShownBooking): string | null {
  const reference = booking.supplierReference ?? booking.orderReference;
  return oneLine(reference) || null;
}

/** Whether there is a price that the guest may have paid here: a reseller's guest pays the reseller, and who waits for an answer nobody yet. */
function wasPaid({ before, after }: BookingFacts, { direct }: Writing): boolean {
  return direct && after.pricing.retail > 0 && before?.status !== 'PENDING';
}

function refundOf({ cancellation }: ShownBooking, strings: Strings): string | null {
  return cancellation === null ? null : strings.refund[cancellation.refund];
}

/** Why a booking was cancelled or not accepted. What a reseller gives as reason is written for the supplier, not for the guest. */
function reasonOf({ cancellation, rejection }: ShownBooking, direct: boolean): string | null {
  const reason = (direct ? cancellation?.reason : null) ?? rejection?.reason ?? null;
  return reason === null ? null : oneLine(reason) || null;
}

/** What a guest should know before coming (octo/content features). */
function notesOf({ option, product }: ShownBooking): string[] {
  const notes = [...option.features, ...product.features]
    .filter(({ type }) => type === 'REDEMPTION_INSTRUCTION' || type === 'PREARRIVAL_INFORMATION')
    .map(({ shortDescription }) => oneLine(shortDescription ?? ''));
  return [...new Set(notes)].filter((note) => note !== '');
}
