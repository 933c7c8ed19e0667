import type { Occasion, OrderDocument } from '@carillon/contract';
import type { Reading } from '../../changes/index.ts';
import type { Queryable } from '../../platform/db/index.ts';
import type { Campaign } from '../campaigns/campaign.ts';
import { campaignsOf } from '../campaigns/store.ts';
import { searchMessages } from '../messages/log-store.ts';
import type { MessageRecord } from '../messages/message.ts';
import { isOfOrder } from '../messages/news.ts';
import type { Suppliers } from '../suppliers.ts';
import { type Visit, visitsOf } from '../visits/store.ts';
import { momentOfAll, visitOccasionOf } from '../visits/work.ts';
import { bookedLate } from './simulate.ts';
import { eventsOfOrder } from './store.ts';
import { decideThen, type Stretch, stretchesOf } from './stretch.ts';

/** What became of one campaign for an order. */
export interface Why {
  readonly campaignId: string;
  readonly campaign: string;
  /** `sent`: at least one e-mail left. `open`: one waits, or its moment is to come. `not_sent`: neither. */
  readonly state: 'sent' | 'open' | 'not_sent';
  /** One for each of its e-mails, or why there is none. */
  readonly sentences: readonly string[];
  readonly messageIds: readonly string[];
}

/** All that is known of an order. `emails`: whether the guests of each connection get e-mails. */
interface OrderPast {
  readonly order: OrderDocument | undefined;
  readonly stretches: readonly Stretch[];
  readonly messages: readonly MessageRecord[];
  readonly visits: readonly Visit[];
}

const mostEvents = 500;

/** Explains for each campaign of a supplier what was sent for an order, when, or why not; undefined without such an order. */
export async function whyOf(
  db: Queryable,
  asked: { readonly supplierId: string; readonly orderId: string; readonly now: number },
  sources: { readonly changes: Pick<Reading, 'currentById' | 'events'>; readonly suppliers: Suppliers },
): Promise<Why[] | undefined> {
  const { supplierId, orderId, now } = asked;
  const { changes, suppliers } = sources;
  const orders = await changes.currentById(db, [{ supplierId, type: 'order_update' as const, id: orderId }]);
  const order = orders.get(orderId);
  if (order === undefined) return undefined;
  const uuids = order.bookings.map(({ uuid }) => uuid);
  const [campaigns, supplier, messages, visits, ids] = await Promise.all([
    campaignsOf(db, supplierId),
    suppliers.profile(db, supplierId),
    searchMessages(db, { supplierId, orderId, limit: 200 }),
    visitsOf(db, { supplierId, orderId, visitDate: null }),
    eventsOfOrder(db, { supplierId, orderId, uuids, limit: mostEvents }),
  ]);
  const read = new Map((await changes.events(db, supplierId, ids)).map((event) => [event.id, event]));
  const events = ids.flatMap((id) => read.get(id) ?? []).filter(isOfOrder);
  const connections = [...new Set(events.flatMap(({ connectionId }) => connectionId ?? []))];
  const emails = new Map(
    await Promise.all(connections.map(async (id) => [id, (await suppliers.connection(db, id)).emails] as const)),
  );
  const past: OrderPast = { order, stretches: stretchesOf(events, supplier.settlingMs), messages, visits };
  const around = (stretch: Stretch) => ({ supplier, order, emails, now: stretch.at + supplier.settlingMs });
  const decided = (campaign: Campaign, stretch: Stretch) => decideThen(campaign, stretch, around(stretch));
  return campaigns.map((campaign) => explained(campaign, past, decided, now));
}

type Decided = (campaign: Campaign, stretch: Stretch) => ReturnType<typeof decideThen>;

/** What became of a campaign, at `now` (ms UTC). */
function explained(campaign: Campaign, past: OrderPast, decided: Decided, now: number): Why {
  const own = past.messages.filter(({ campaignId }) => campaignId === campaign.id);
  const about = { campaignId: campaign.id, campaign: campaign.name };
  if (own.length > 0) {
    const left = own.some(({ state }) => state === 'sent' || state === 'unknown');
    const open = own.some(({ state }) => state === 'settling' || state === 'sending');
    const state = left ? 'sent' : open ? 'open' : 'not_sent';
    return { ...about, state, sentences: own.map(sentenceOf), messageIds: own.map(({ id }) => id) };
  }
  const none = (sentence: string, state: Why['state'] = 'not_sent'): Why => {
    return { ...about, state, sentences: [sentence], messageIds: [] };
  };
  const byVisit = visitOccasionOf(campaign);
  if (byVisit !== undefined) {
    const days = [...Map.groupBy(past.visits, ({ localDate }) => localDate).values()];
    if (days.length === 0) return none('No visit of this order takes place, or nobody knows when.');
    const moments = days.map((together) => momentOfAll(byVisit, campaign, together));
    const next = moments.find((moment) => moment !== null && moment.at > now);
    if (!campaign.enabled) return none('The campaign is switched off.');
    if (next !== undefined && next !== null) return none(`It will be sent at ${at(next.at)}.`, 'open');
    return none(moments.every((moment) => moment === null) ? bookedLate : 'Its moment was before the campaign began.');
  }
  const stretches = past.stretches.filter(({ occasions }) => occasions.some(isOn(campaign)));
  const last = stretches.at(-1);
  if (last === undefined) return none(`Nothing of this order was ${campaign.occasions.map(words).join(' or ')}.`);
  if (!campaign.enabled) return none('The campaign is switched off.');
  const decision = decided(campaign, last);
  if (decision.kind === 'skip') return none(decision.reason);
  const other = past.messages.find(({ createdAt }) => createdAt >= last.at);
  if (other !== undefined)
    return none(
      `What happened at ${at(last.at)} was told by the e-mail of the campaign ${other.campaign}, which takes it in.`,
    );
  return none('When it happened, the campaign was off or was another one.');
}

const isOn = (campaign: Campaign) => (occasion: Occasion) => campaign.occasions.includes(occasion);
const words = (occasion: Occasion): string => occasion.replaceAll('_', ' ');
const at = (time: number): string => new Date(time).toISOString();

function sentenceOf({ state, reason, endedAt, dueAt }: MessageRecord): string {
  switch (state) {
    case 'sent':
      return `It was sent at ${at(endedAt ?? dueAt)}.`;
    case 'sending':
      return 'It is being handed over.';
    case 'settling':
      return `It leaves at ${at(dueAt)} at the earliest.${reason === null ? '' : ` ${reason}`}`;
    case 'unknown':
      return `Whether it arrived is not known: ${reason ?? 'nobody can tell'}`;
    case 'skipped':
      return `It was not sent: ${reason ?? ''}`;
    case 'failed':
      return `It could not be sent: ${reason ?? ''}`;
  }
}
