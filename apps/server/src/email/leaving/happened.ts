import {
  type BookingDocument,
  capabilityIds,
  type Finding,
  type OrderDocument,
  occasionsOf,
  view,
} from '@carillon/contract';
import { diff, type Json } from '@carillon/diff';
import { type NetChange, netChangeOf } from '../net-change.ts';
import { changesOf } from '../rendering/changes.ts';
import { stringsFor } from '../rendering/strings/index.ts';
import type { Concerned, OrderChange } from './situation.ts';

/** What happened to a booking. */
export interface Told extends NetChange {
  readonly booking: Concerned;
}

/** All that a message may be about. */
export interface Happened {
  /** Those to which something happened that concerns the guest. */
  readonly bookings: readonly Told[];
  /** What happened to the order itself. */
  readonly order: readonly Finding[];
  /** Whether the guest has another address than before: what was confirmed is to be told there. */
  readonly corrected: boolean;
}

/** How documents are read. */
export interface Reading {
  readonly language: string;
  readonly fallback: string;
  /** ms UTC. */
  readonly now: number;
}

/** What happened between the first of a message's events and now, as its guest sees it. */
export function happenedTo(bookings: readonly Concerned[], order: OrderChange | undefined, reading: Reading): Happened {
  const news = bookings
    .filter(({ before, current }) => before !== current)
    .map((booking): Told => ({ ...netChangeOf({ before: booking.before, after: booking.current }, reading), booking }))
    .filter((change) => change.occasions.length > 0 && hasContent(change, reading.language));
  const findings = order === undefined ? [] : orderFindings(order, reading);
  const corrected = order !== undefined && isCorrected(order, findings);
  return {
    bookings: news,
    // What comes and goes with a booking is told by it.
    order: news.length === 0 ? findings : findings.filter(({ occasion }) => occasion !== 'tickets_changed'),
    corrected,
  };
}

/** A booking as it is shown to which nothing happened, on an occasion that is not its own. */
export function shownOn(occasion: Finding['occasion'], booking: Concerned, reading: Reading): Told {
  const { before, after } = netChangeOf({ before: booking.current, after: booking.current }, reading);
  return { before, after, occasions: [occasion], booking };
}

/** A change must have something to show for itself: an e-mail that names none only puzzles its reader. */
function hasContent({ occasions, before, after }: NetChange, language: string): boolean {
  const [strongest] = occasions;
  if (before === null || (strongest !== 'rescheduled' && strongest !== 'updated')) return true;
  return changesOf(before, after, stringsFor([language]), language).length > 0;
}

const capabilities = new Set(capabilityIds);

function orderFindings({ before, current }: OrderChange, { language, fallback, now }: Reading): readonly Finding[] {
  const audience = { capabilities, language, fallback };
  const seen = (document: OrderDocument) => view('order_update', document, audience, now) as unknown as Json;
  const after = seen(current);
  const operations = diff(before === null ? {} : seen(before), after);
  return occasionsOf({ order: after as never, diff: operations }).occasions;
}

const addressOf = (document: Pick<BookingDocument, 'contact'>): string =>
  document.contact.emailAddress?.trim().toLowerCase() ?? '';

function isCorrected({ before, current }: OrderChange, findings: readonly Finding[]): boolean {
  if (before === null || current.status !== 'CONFIRMED' || addressOf(current) === '') return false;
  return findings.some(({ occasion }) => occasion === 'contact_changed') && addressOf(before) !== addressOf(current);
}
