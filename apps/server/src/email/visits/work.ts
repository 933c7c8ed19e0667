import type { Db } from '../../platform/db/index.ts';
import { type Campaign, type VisitOccasion, visitOccasions } from '../campaigns/campaign.ts';
import { momentOf, offsetSlackMs, roughly } from '../campaigns/timing.ts';
import { insertApart } from '../messages/apart-store.ts';
import { type VisitCampaign, visitCampaigns, writeOpenedUntil } from './campaign-store.ts';
import { type Visit, visitsOf, visitsWithout } from './store.ts';

/** What opening messages by the time of visits needs. `now` gives ms UTC; `notify` tells the workers that something is due. */
export interface VisitWorkDeps {
  readonly db: Db;
  readonly notify: () => void;
  readonly now: () => number;
  readonly newId: () => string;
}

/** Visits that are looked at at once. */
const page = 500;
/** A transaction that noted a visit may be seen so much later, ms. */
const lateMs = 60_000;

/**
 * One run of the worker that opens the messages of campaigns that go by the time of visits: for each order and day one, when its
 * moment has come. A campaign that was just switched on begins now: what is past was never owed. A visit that was booked or moved after
 * its moment is not written of.
 */
export function visitWork(deps: VisitWorkDeps): () => Promise<'idle'> {
  const { db, now, notify } = deps;
  return async () => {
    let opened = 0;
    for (const campaign of await visitCampaigns(db)) {
      const at = now();
      if (campaign.openedUntil !== null) opened += await openFor(campaign, campaign.openedUntil, at, deps);
      const until = Math.max(campaign.openedUntil ?? at, at - lateMs);
      if (until !== campaign.openedUntil) await writeOpenedUntil(db, campaign.campaign.id, campaign.openedUntil, until);
    }
    if (opened > 0) notify();
    return 'idle';
  };
}

/** The occasion by which a campaign goes by visits; undefined where it does not. */
export const visitOccasionOf = (campaign: Pick<Campaign, 'occasions'>): VisitOccasion | undefined =>
  visitOccasions.find((occasion) => campaign.occasions.includes(occasion));

async function openFor(
  { campaign, supplierId }: VisitCampaign,
  openedUntil: number,
  now: number,
  { db, newId }: VisitWorkDeps,
): Promise<number> {
  const occasion = visitOccasionOf(campaign);
  if (occasion === undefined) return 0;
  const from = roughly(campaign.offset);
  const by = occasion === 'visit_ahead' ? 'starts_at' : 'ends_at';
  let after = { at: openedUntil - from - offsetSlackMs, bookingUuid: '' };
  let opened = 0;
  for (;;) {
    const until = now - from + offsetSlackMs;
    const found = await visitsWithout(db, { supplierId, by, after, until, campaignId: campaign.id, limit: page });
    for (const [, [visit]] of Map.groupBy(found, ({ orderId, localDate }) => `${orderId} ${localDate}`)) {
      if (visit === undefined) continue;
      const { orderId, localDate: visitDate } = visit;
      const together = await visitsOf(db, { supplierId, orderId, visitDate });
      const moment = momentOfAll(occasion, campaign, together);
      if (moment === null || moment.at <= openedUntil || moment.at > now) continue;
      const apart = `visit:${campaign.id}:${visitDate}`;
      const message = { id: newId(), supplierId, campaignId: campaign.id, orderId, kind: 'visit', apart } as const;
      const times = { momentAt: moment.at, visitDate, dueAt: now, createdAt: now };
      const isNew = await db.transaction((tx) =>
        insertApart(tx, { ...message, ...times, address: null, copyOf: null }),
      );
      if (isNew) opened += 1;
    }
    const last = found.at(-1);
    if (last === undefined || found.length < page) return opened;
    after = { at: by === 'starts_at' ? last.startsAt : last.endsAt, bookingUuid: last.bookingUuid };
  }
}

/**
 * The moment of an e-mail about the visits of an order on one day, ms UTC: by the first to begin (`visit_ahead`), or the last to end, and
 * the visit that it goes by. Null where the guest booked or moved that visit after it.
 */
export function momentOfAll(
  occasion: VisitOccasion,
  campaign: Pick<Campaign, 'offset'>,
  visits: readonly Visit[],
): { readonly at: number; readonly visit: Visit } | null {
  const [first, ...others] = visits;
  if (first === undefined) return null;
  const isBefore = (one: Visit, other: Visit) =>
    occasion === 'visit_ahead' ? one.startsAt < other.startsAt : one.endsAt > other.endsAt;
  const visit = others.reduce((best, each) => (isBefore(each, best) ? each : best), first);
  const at = momentOf(occasion, campaign.offset, visit);
  return at < visit.knownAt ? null : { at, visit };
}
