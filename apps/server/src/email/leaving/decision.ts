import { type BookingDocument, chooseLanguage, type OrderDocument } from '@carillon/contract';
import { type Campaign, campaignFor, type GuestOccasion, strongestFirst } from '../campaigns/campaign.ts';
import type { BookingFacts, MessageFacts } from '../facts.ts';
import { type NetChange, netChangeOf } from '../net-change.ts';
import { changesOf } from '../rendering/changes.ts';
import { stringsFor } from '../rendering/strings/index.ts';
import type { SupplierProfile } from '../suppliers.ts';
import { addressProblem, guestOf } from './guest.ts';
import { type GuestSince, recoveryOf } from './recovery.ts';

/** A booking of a message that is about to leave. */
export interface Concerned {
  /** Before the first event that the message is about; null for a booking that was not there. */
  readonly before: BookingDocument | null;
  /** As it is now. */
  readonly current: BookingDocument;
  /** Of its last event. */
  readonly position: number;
  /** Whether its connection's guests get e-mails; otherwise `emailReceipt` decides. */
  readonly emails: boolean;
}

/** All that a message is decided on, at `now` (ms UTC). */
export interface Situation {
  readonly supplier: SupplierProfile;
  readonly campaigns: readonly Campaign[];
  /** As it is now; undefined where the order has no document of its own. */
  readonly order: OrderDocument | undefined;
  readonly bookings: readonly Concerned[];
  readonly since: GuestSince;
  readonly now: number;
}

/** Whether a message leaves, and with what; the reason is a sentence for the operator. */
export type Decision =
  | { readonly kind: 'send'; readonly facts: MessageFacts }
  | { readonly kind: 'skip'; readonly reason: string };

const skip = (reason: string): Decision => ({ kind: 'skip', reason });

/**
 * Decides what a message says, or why it is not sent, from what happened to its bookings between the first of its events and now.
 * Several occasions make one e-mail: the strongest leads it (confirmed, cancelled, rescheduled, updated, expired), and each booking
 * is shown with its own. A hold that ran out is worth an e-mail only where nothing else is.
 */
export function decide(situation: Situation): Decision {
  const { supplier, campaigns, order, now } = situation;
  const guest = guestOf(
    order,
    situation.bookings.map(({ current }) => current),
  );
  const { language: fallback } = supplier;
  const language = chooseLanguage(guest.locales, supplier.languages, fallback);
  const net = situation.bookings.map((booking) => {
    const change = netChangeOf({ before: booking.before, after: booking.current }, { language, fallback, now });
    return { ...change, booking };
  });

  const news = net.filter((change) => change.occasions.length > 0 && hasContent(change, language));
  if (news.length === 0) return skip('In the end nothing changed that concerns the guest.');
  const ours = news.filter(({ booking }) => booking.emails || booking.current.emailReceipt);
  if (ours.length === 0) return skip('The reseller writes to its own guests (emailReceipt is off).');
  const real = ours.filter(({ booking }) => !booking.current.testMode);
  if (real.length === 0) return skip('It is a test booking: guests get no e-mails about those.');

  const told = onlyEnabled(real, campaigns);
  const lead = strongestFirst(told.flatMap(({ occasions }) => occasions))[0];
  if (lead === undefined)
    return skip(
      offReason(
        real.flatMap(({ occasions }) => occasions),
        campaigns,
      ),
    );
  const campaign = campaignFor(lead, campaigns);
  if (campaign === undefined) throw new TypeError(`No campaign for ${lead}, though one is on.`);

  if (guest.address === null) return skip('The booking has no e-mail address.');
  const problem = addressProblem(guest.address);
  if (problem !== null) return skip(problem);
  if (campaign.marketing && !guest.contact.allowMarketing) return skip('The guest did not agree to marketing.');
  let shown = told.filter(({ occasions }) => occasions[0] !== 'expired');
  if (lead === 'expired') {
    const expired = told.map(({ booking }) => booking.current);
    const bookings = situation.bookings.map(({ current }) => current);
    const recovery = recoveryOf({ supplier, order, bookings, expired, since: situation.since, now });
    if (recovery.kind === 'leave_alone') return skip(recovery.reason);
    shown = told.filter(({ booking }) => recovery.bookings.has(booking.current));
  }
  const bookings = shown.map(({ occasions, before, after, booking }): BookingFacts => {
    return { occasions, before, after, position: booking.position };
  });
  const { contact, address, locales } = guest;
  const direct = order?.settlementMethod === 'DIRECT';
  return { kind: 'send', facts: { campaign, lead, address, contact, language, locales, supplier, bookings, direct } };
}

/** A change must have something to show for itself: an e-mail that names none only puzzles its reader. */
function hasContent({ occasions, before, after }: NetChange, language: string): boolean {
  const [strongest] = occasions;
  if (before === null || (strongest !== 'rescheduled' && strongest !== 'updated')) return true;
  return changesOf(before, after, stringsFor([language]), language).length > 0;
}

/** What happened to each booking, without the occasions whose campaign is off. */
function onlyEnabled<T extends { readonly occasions: readonly GuestOccasion[] }>(
  news: readonly T[],
  campaigns: readonly Campaign[],
): T[] {
  return news
    .map((one) => ({ ...one, occasions: one.occasions.filter((each) => campaignFor(each, campaigns)?.enabled) }))
    .filter(({ occasions }) => occasions.length > 0);
}

function offReason(occasions: readonly GuestOccasion[], campaigns: readonly Campaign[]): string {
  const names = new Set(strongestFirst(occasions).flatMap((occasion) => campaignFor(occasion, campaigns)?.name ?? []));
  return names.size === 0 ? 'No campaign is for this.' : `Switched off: ${[...names].join(', ')}.`;
}
