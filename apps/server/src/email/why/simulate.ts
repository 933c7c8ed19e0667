import type { Occasion } from '@carillon/contract';
import type { Reading } from '../../changes/index.ts';
import type { Queryable } from '../../platform/db/index.ts';
import type { Campaign } from '../campaigns/campaign.ts';
import { roughly } from '../campaigns/timing.ts';
import { isOfOrder } from '../messages/news.ts';
import type { Suppliers } from '../suppliers.ts';
import { visitsBetween } from '../visits/store.ts';
import { momentOfAll, visitOccasionOf } from '../visits/work.ts';
import { eventsBetween } from './store.ts';
import { decideThen, stretchesOf } from './stretch.ts';

/** What a campaign would have done with one thing that happened. */
export interface Would {
  readonly orderId: string;
  /** When it happened, or when the moment of the visit's e-mail was; ms UTC. */
  readonly at: number;
  readonly occasions: readonly Occasion[];
  readonly sends: boolean;
  /** A sentence for the operator. */
  readonly reason: string;
}

/** What a campaign would have done with what happened in a time. */
export interface Simulation {
  /** Events, or visits, that were looked at. */
  readonly events: number;
  /** There are more in that time than were looked at. */
  readonly more: boolean;
  readonly would: readonly Would[];
}

/** Where it is read. */
export interface SimulationSources {
  readonly changes: Pick<Reading, 'currentById' | 'events'>;
  readonly suppliers: Suppliers;
}

const most = 1000;

/** Runs a campaign against the past, from one time to another (ms UTC), as if it had been on; nothing is sent or stored. */
export async function simulate(
  db: Queryable,
  asked: { readonly supplierId: string; readonly campaign: Campaign; readonly from: number; readonly until: number },
  sources: SimulationSources,
): Promise<Simulation> {
  const occasion = visitOccasionOf(asked.campaign);
  if (occasion !== undefined) return overVisits(db, asked, occasion);
  const { supplierId, campaign, from, until } = asked;
  const { changes, suppliers } = sources;
  const ids = await eventsBetween(db, { supplierId, from, until, limit: most + 1 });
  const looked = ids.slice(0, most);
  const [read, supplier] = await Promise.all([
    changes.events(db, supplierId, looked),
    suppliers.profile(db, supplierId),
  ]);
  const byId = new Map(read.map((event) => [event.id, event]));
  const events = looked.flatMap((id) => byId.get(id) ?? []).filter(isOfOrder);
  const stretches = stretchesOf(events, supplier.settlingMs).filter(({ occasions }) =>
    occasions.some((each) => campaign.occasions.includes(each)),
  );
  const connections = [...new Set(events.flatMap(({ connectionId }) => connectionId ?? []))];
  const subjects = stretches.map(({ orderId: id }) => ({ supplierId, type: 'order_update' as const, id }));
  const [orders, writing] = await Promise.all([
    changes.currentById(db, subjects),
    Promise.all(connections.map(async (id) => [id, (await suppliers.connection(db, id)).emails] as const)),
  ]);
  const emails = new Map(writing);
  const would = stretches.map((stretch): Would => {
    const { orderId, at, occasions } = stretch;
    const around = { supplier, order: orders.get(orderId), emails, now: at + supplier.settlingMs };
    const decision = decideThen(campaign, stretch, around);
    const sends = decision.kind !== 'skip';
    const reason = sends ? `It would have been sent on: ${occasions.join(', ')}.` : decision.reason;
    return { orderId, at, occasions, sends, reason };
  });
  return { events: looked.length, more: ids.length > most, would };
}

async function overVisits(
  db: Queryable,
  {
    supplierId,
    campaign,
    from,
    until,
  }: { readonly supplierId: string; readonly campaign: Campaign; readonly from: number; readonly until: number },
  occasion: 'visit_ahead' | 'visit_over',
): Promise<Simulation> {
  const by = occasion === 'visit_ahead' ? 'starts_at' : 'ends_at';
  const shift = roughly(campaign.offset);
  const visits = await visitsBetween(db, { supplierId, by, from: from - shift, until: until - shift, limit: most + 1 });
  const looked = visits.slice(0, most);
  const groups = Map.groupBy(looked, ({ orderId, localDate }) => `${orderId} ${localDate}`);
  const would = [...groups.values()].flatMap((together): Would[] => {
    const moment = momentOfAll(occasion, campaign, together);
    const [first] = together;
    if (first === undefined) return [];
    const at = moment?.at ?? (by === 'starts_at' ? first.startsAt : first.endsAt) + shift;
    const reason = moment === null ? bookedLate : `It would have been opened for the visit on ${first.localDate}.`;
    return [{ orderId: first.orderId, at, occasions: [occasion], sends: moment !== null, reason }];
  });
  return { events: looked.length, more: visits.length > most, would };
}

/** Why nothing is sent of a visit that was booked or moved after its moment. */
export const bookedLate = 'The visit was booked or moved after its moment.';
