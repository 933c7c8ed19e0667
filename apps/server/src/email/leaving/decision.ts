import { chooseLanguage, type Finding } from '@carillon/contract';
import {
  type Campaign,
  campaignFor,
  campaignsOn,
  type GuestOccasion,
  strongestFirst,
  visitOccasions,
} from '../campaigns/campaign.ts';
import { unmatched } from '../campaigns/matching.ts';
import { quietUntil } from '../campaigns/timing.ts';
import type { BookingFacts, MessageFacts } from '../facts.ts';
import { suppressedReason } from '../suppressions/suppression.ts';
import { type Guest, guestOf } from './guest.ts';
import { type Happened, happenedTo, shownOn, type Told } from './happened.ts';
import { recipientsOf } from './recipients.ts';
import { recoveryOf } from './recovery.ts';
import type { Concerned, Situation } from './situation.ts';

/** Another e-mail that a message brings with it: to another recipient, or of another campaign (`address`: null). */
export interface Copy {
  readonly campaignId: string;
  readonly address: string | null;
}

/** Whether a message leaves, and with what; the reason is a sentence for the operator, `until` ms UTC. */
export type Decision =
  | { readonly kind: 'send'; readonly facts: MessageFacts; readonly copies: readonly Copy[] }
  | { readonly kind: 'wait'; readonly until: number; readonly reason: string }
  | { readonly kind: 'skip'; readonly reason: string };

const skip = (reason: string): Decision => ({ kind: 'skip', reason });
const minute = 60_000;

/**
 * Decides what a message says, or why it is not sent, from what happened to its order and bookings between the first of its events and
 * now, or from the visit that it is about. Several occasions make one e-mail: the strongest one that a campaign sends on leads it,
 * and each booking is shown with its own. A hold that ran out is worth an e-mail only where nothing else is.
 */
export function decide(situation: Situation): Decision {
  const { message, supplier, order } = situation;
  if (situation.bookings.length === 0) return skip(nothingLeft(situation));
  const guest = guestOf(
    order?.current,
    situation.bookings.map(({ current }) => current),
  );
  const { language: fallback } = supplier;
  const language = chooseLanguage(guest.locales, supplier.languages, fallback);
  const reading = { language, fallback, now: situation.now };
  // One that is for one campaign asks that alone; one that is sent again has been asked for by hand.
  const own = message.kind === 'news' ? situation.campaigns : situation.campaigns.filter(isOf(message.campaignId));
  const campaigns = message.kind === 'again' ? own.map((campaign) => ({ ...campaign, enabled: true })) : own;

  const { bookings: changed, order: ofOrder, corrected } = happened();
  const occasions = strongestFirst([
    ...changed.flatMap((told) => told.occasions),
    ...ofOrder.map(({ occasion }) => occasion),
    ...(corrected ? (['confirmed'] as const) : []),
  ]);
  if (occasions.length === 0) return skip(nothingLeft(situation));
  // What happened to the order is told of all of its bookings.
  const others = situation.bookings.filter((booking) => changed.every((told) => told.booking !== booking));
  const standing = others.filter(({ current }) => current.status === 'CONFIRMED');
  const withOthers = (occasion: GuestOccasion): Told[] => {
    const on = corrected && occasion === 'confirmed' ? 'contact_changed' : occasion;
    const whole = ofOrder.some((finding) => finding.occasion === on);
    return [
      ...changed,
      ...(whole ? (on === 'refunded' ? others : standing).map((each) => shownOn(on, each, reading)) : []),
    ];
  };

  const all = [...changed, ...(ofOrder.length > 0 || corrected ? others : []).map((booking) => ({ booking }))];
  const ours = all.filter(({ booking }) => booking.emails || booking.current.emailReceipt);
  if (ours.length === 0) return skip('The reseller writes to its own guests (emailReceipt is off).');
  const real = ours.some(({ booking }) => !booking.current.testMode);
  const asked = real ? campaigns : campaigns.filter(({ testAddress }) => testAddress !== null);
  if (!real && asked.length === 0) return skip('It is a test booking: guests get no e-mails about those.');
  const wanted = new Set(ours.filter(({ booking }) => booking.current.testMode !== real).map(({ booking }) => booking));

  const reasons: string[] = [];
  for (const occasion of occasions) {
    const told = withOthers(occasion).filter(({ booking }) => wanted.has(booking));
    if (told.length === 0) continue;
    const sending = campaignsOn(occasion, asked, (campaign) => {
      const reason = unsent(campaign, situation, guest, told, language);
      if (reason !== null) reasons.push(reason);
      return reason === null;
    });
    const [campaign, ...further] = sending;
    if (campaign === undefined) continue;
    return lead({ occasion, campaign, further, told, findings: ofOrder, campaigns: asked, guest, language }, situation);
  }
  return skip(reasons[0] ?? offReason(occasions, campaigns));

  function happened(): Happened {
    const visited = campaigns[0];
    if (message.visitDate === null || visited === undefined) return happenedTo(situation.bookings, order, reading);
    const occasion = visitOccasions.find((each) => visited.occasions.includes(each)) ?? 'visit_ahead';
    const there = situation.bookings.filter((booking) => isVisit(booking, occasion, message.visitDate));
    return { bookings: there.map((each) => shownOn(occasion, each, reading)), order: [], corrected: false };
  }
}

const isOf = (id: string) => (campaign: Campaign) => campaign.id === id;

/** Whether a booking takes place, or took place, on that day at the venue. */
function isVisit({ current }: Concerned, occasion: GuestOccasion, date: string | null): boolean {
  const { status, availability } = current;
  const states = occasion === 'visit_over' ? ['CONFIRMED', 'REDEEMED'] : ['CONFIRMED'];
  return states.includes(status) && availability?.localDateTimeStart.slice(0, 10) === date;
}

function nothingLeft({ message }: Situation): string {
  return message.visitDate === null
    ? 'In the end nothing changed that concerns the guest.'
    : 'The visit was cancelled or moved to another day.';
}

/** Why a campaign does not send what was told, for the operator; null where it does. */
function unsent(
  campaign: Campaign,
  situation: Situation,
  guest: Guest,
  told: readonly Told[],
  language: string,
): string | null {
  const { message, order } = situation;
  const recipients = recipientsOf(
    campaign,
    guest,
    told.map(({ after }) => after),
    message.only,
  );
  if (recipients.kind === 'nobody') return recipients.reason;
  if (campaign.testAddress === null) {
    const suppressed = suppressedReason(situation.suppressions, campaign);
    if (suppressed !== null) return suppressed;
    if (campaign.marketing && !guest.contact.allowMarketing) return 'The guest did not agree to marketing.';
    const since = situation.now - (campaign.cap?.days ?? 0) * 1440 * minute;
    const got = situation.guest.marketingAt.filter((at) => at > since).length;
    if (campaign.marketing && campaign.cap !== null && got >= campaign.cap.most && message.kind !== 'again')
      return `The guest got ${got} e-mails of marketing within ${campaign.cap.days} days: no more than ${campaign.cap.most} are sent.`;
  }
  return unmatched(campaign.conditions, {
    bookings: told.map(({ booking }) => ({ document: booking.current, connectionId: booking.connectionId })),
    language,
    direct: order === undefined ? undefined : order.current.settlementMethod === 'DIRECT',
    firstTime: situation.guest.firstTime,
  });
}

/** What an e-mail is made of that one campaign sends on one occasion. */
interface Leading {
  readonly occasion: GuestOccasion;
  readonly campaign: Campaign;
  readonly further: readonly Campaign[];
  readonly told: readonly Told[];
  readonly findings: readonly Finding[];
  readonly campaigns: readonly Campaign[];
  readonly guest: Guest;
  readonly language: string;
}

function lead(leading: Leading, situation: Situation): Decision {
  const { occasion, campaign, guest, language } = leading;
  const { supplier, message, order, now } = situation;
  const timing = timingOf(campaign, occasion, situation);
  if (timing !== null) return timing;
  let shown = onlyEnabled(leading.told, leading.campaigns, occasion).filter(
    ({ occasions }) => occasions[0] !== 'expired',
  );
  if (occasion === 'expired') {
    const expired = leading.told.map(({ booking }) => booking.current);
    const bookings = situation.bookings.map(({ current }) => current);
    const since = message.kind === 'news' ? situation.since : { ...situation.since, wasAsked: false };
    const recovery = recoveryOf({ supplier, order: order?.current, bookings, expired, since, now });
    if (recovery.kind === 'leave_alone') return skip(recovery.reason);
    shown = leading.told.filter(({ booking }) => recovery.bookings.has(booking.current));
  }
  const recipients = recipientsOf(
    campaign,
    guest,
    shown.map(({ after }) => after),
    message.only,
  );
  if (recipients.kind === 'nobody') return skip(recipients.reason);
  const money = (of: GuestOccasion) => leading.findings.find((finding) => finding.occasion === of)?.money ?? null;
  const facts: MessageFacts = {
    campaign,
    lead: shown.some(({ occasions }) => occasions.includes(occasion)) ? occasion : (shown[0]?.occasions[0] ?? occasion),
    address: recipients.address,
    contact: recipients.contact,
    language,
    locales: guest.locales,
    supplier,
    bookings: shown.map(({ occasions, before, after, booking }): BookingFacts => {
      return { occasions, before, after, position: booking.position };
    }),
    direct: order?.current.settlementMethod === 'DIRECT',
    refunded: money('refunded'),
    paid: money('paid'),
    goneTickets: leading.findings.flatMap(({ tickets }) => tickets?.gone ?? []),
    test: campaign.testAddress !== null,
    recoveryToken: null,
  };
  const copies =
    message.only !== null ? [] : recipients.others.map((address) => ({ campaignId: campaign.id, address }));
  const further = message.kind === 'news' || message.kind === 'visit' ? leading.further : [];
  return { kind: 'send', facts, copies: [...copies, ...further.map(({ id }) => ({ campaignId: id, address: null }))] };
}

/** Whether it is too early or too late; null: it is time. One that was asked for by hand leaves at any time. */
function timingOf(campaign: Campaign, occasion: GuestOccasion, { message, supplier, now }: Situation): Decision | null {
  if (message.kind === 'again') return null;
  const delayed = message.momentAt ?? message.newestAt + campaign.delayMinutes * minute;
  const ready = message.momentAt ?? message.createdAt + campaign.delayMinutes * minute;
  if (message.attempts === 0 && now - delayed > campaign.maxLatenessMinutes * minute)
    return skip(`It is too late: it should have left at ${new Date(delayed).toISOString()}.`);
  if (occasion === 'visit_ahead' && message.visitStartsAt !== null && now >= message.visitStartsAt)
    return skip('The visit has begun.');
  if (now < ready) return { kind: 'wait', until: ready, reason: 'The campaign sends it later.' };
  const until = quietUntil(campaign.quietHours, now, supplier.timeZone);
  return until === null ? null : { kind: 'wait', until, reason: 'It waits until the quiet hours are over.' };
}

/** What happened to each booking, without the occasions on which no campaign sends. */
function onlyEnabled(told: readonly Told[], campaigns: readonly Campaign[], lead: GuestOccasion): Told[] {
  const isOn = (occasion: GuestOccasion) =>
    occasion === lead || occasion === 'contact_changed' || campaignFor(occasion, campaigns)?.enabled === true;
  return told
    .map((one) => ({ ...one, occasions: one.occasions.filter(isOn) }))
    .filter(({ occasions }) => occasions.length > 0);
}

function offReason(occasions: readonly GuestOccasion[], campaigns: readonly Campaign[]): string {
  const names = new Set(occasions.flatMap((occasion) => campaignFor(occasion, campaigns)?.name ?? []));
  return names.size === 0 ? 'No campaign is for this.' : `Switched off: ${[...names].join(', ')}.`;
}
