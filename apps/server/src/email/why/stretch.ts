import type { BookingDocument, Occasion, OrderDocument } from '@carillon/contract';
import type { Campaign } from '../campaigns/campaign.ts';
import { type Decision, decide } from '../leaving/decision.ts';
import type { Concerned, Situation } from '../leaving/situation.ts';
import { type OrderEvent, occasionsIn, orderIdOf } from '../messages/news.ts';
import type { SupplierProfile } from '../suppliers.ts';

/** Events of one order that make one e-mail. */
export interface Stretch {
  readonly orderId: string;
  /** When the first of them was, ms UTC. */
  readonly at: number;
  readonly events: readonly [OrderEvent, ...OrderEvent[]];
  readonly occasions: readonly Occasion[];
}

/** Events as e-mails take them in: by order, each that is an occasion with all that follow within the settling window. */
export function stretchesOf(events: readonly OrderEvent[], settlingMs: number): Stretch[] {
  const open = new Map<string, { at: number; events: [OrderEvent, ...OrderEvent[]]; occasions: Set<Occasion> }>();
  const all: { orderId: string; at: number; events: [OrderEvent, ...OrderEvent[]]; occasions: Set<Occasion> }[] = [];
  for (const event of events) {
    const orderId = orderIdOf(event);
    const occasions = occasionsIn(event);
    const current = open.get(orderId);
    if (current !== undefined && event.createdAt <= current.at + settlingMs) {
      current.events.push(event);
      for (const occasion of occasions) current.occasions.add(occasion);
    } else if (occasions.length > 0) {
      const opened = { orderId, at: event.createdAt, events: [event] as [OrderEvent], occasions: new Set(occasions) };
      open.set(orderId, opened);
      all.push(opened);
    }
  }
  return all.map((each) => ({ ...each, occasions: [...each.occasions] }));
}

/** Of whom a stretch is decided: the supplier, the order as it is now, and whose connections write to guests. */
export interface Around {
  readonly supplier: SupplierProfile;
  readonly order: OrderDocument | undefined;
  readonly emails: ReadonlyMap<string, boolean>;
  readonly now: number;
}

/**
 * What a campaign would have decided when a stretch was over, as if it had been on; times of day, limits and suppressions are of
 * another day, and left out.
 */
export function decideThen(campaign: Campaign, stretch: Stretch, around: Around): Decision {
  const { supplier, emails, now } = around;
  const of = (connectionId: string | null) => ({
    connectionId,
    emails: connectionId === null || emails.get(connectionId) === true,
  });
  const bookings: Concerned[] = [];
  let order: { before: OrderDocument | null; current: OrderDocument } | undefined;
  for (const [, events] of Map.groupBy(stretch.events, ({ subjectId }) => subjectId)) {
    const [first, last] = [events[0], events.at(-1)];
    if (first === undefined || last === undefined) continue;
    if ('bookings' in last.after) order = { before: first.before as OrderDocument | null, current: last.after };
    else {
      const [before, current] = [first.before as BookingDocument | null, last.after];
      bookings.push({ before, current, position: last.position, ...of(last.connectionId) });
    }
  }
  const told = new Set(bookings.map(({ current }) => current.uuid));
  const ofOrder = of(stretch.events[0].connectionId);
  const rest = (order?.current.bookings ?? []).filter(({ uuid }) => !told.has(uuid));
  const others = rest.map((document): Concerned => ({ before: document, current: document, position: 0, ...ofOrder }));
  const known = order ?? (around.order === undefined ? undefined : { before: around.order, current: around.order });
  const situation: Situation = {
    message: {
      kind: 'again',
      campaignId: campaign.id,
      visitDate: null,
      momentAt: null,
      visitStartsAt: null,
      only: null,
      createdAt: stretch.at,
      newestAt: stretch.at,
      attempts: 0,
    },
    supplier,
    campaigns: [campaign],
    order: known,
    bookings: [...bookings, ...others],
    since: { cameBack: false, wasAsked: false },
    guest: { firstTime: true, marketingAt: [] },
    suppressions: [],
    now,
  };
  return decide(situation);
}
