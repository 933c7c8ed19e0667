import type { Occasion } from '@carillon/contract';
import type { Listener } from '../../changes/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import { type Campaign, campaignFor, strongestFirst } from '../campaigns/campaign.ts';
import { campaignsOf } from '../campaigns/store.ts';
import { orderGuestsOf } from '../guests/order-guests.ts';
import { writeOrderGuests } from '../guests/store.ts';
import { recoveredBy } from '../recovery/recovered.ts';
import { writeRecovered } from '../recovery/store.ts';
import type { RecoveryTokens } from '../recovery/token.ts';
import type { Suppliers } from '../suppliers.ts';
import { deleteVisits, writeVisits } from '../visits/store.ts';
import { visitChangesOf } from '../visits/visit-changes.ts';
import { isOfOrder, type OrderEvent, occasionsIn as occasionsOfEvent, orderIdOf } from './news.ts';
import {
  insertMessages,
  joinMessages,
  lockOpenMessages,
  type NewMessage,
  type OpenMessage,
  putForward,
} from './store.ts';
import { keepSupplier } from './supplier-store.ts';

/** What opening messages needs. `notify` tells the workers that something is due; `now` gives ms UTC. */
export interface ListenerDeps {
  readonly suppliers: Suppliers;
  readonly notify: () => void;
  /** Knows what the links of recoveries carry. */
  readonly recoveryTokens: Pick<RecoveryTokens, 'read'>;
  readonly now: () => number;
  readonly newId: () => string;
}

/** An order in which something happened, with its events in the order they were recorded. */
interface OrderEvents {
  readonly orderId: string;
  readonly events: readonly OrderEvent[];
}

/**
 * Opens messages, in the transaction that records events. The first event that is an occasion to the guest opens a message for its
 * order, due when the supplier's settling window is over; until the message leaves, whatever else happens to that order and its bookings
 * joins it, occasion or not: what the message says is decided when it leaves. One that waits for another attempt because it could not
 * leave is brought forward by an occasion. For a supplier that was deleted it opens none. It also notes for which
 * addresses orders are, when their guests come, and which bookings a recovery brought.
 */
export function messageListener(deps: ListenerDeps): Listener {
  return {
    async recorded(tx, events) {
      for (const [supplierId, ours] of Map.groupBy(events.filter(isOfOrder), (event) => event.supplierId)) {
        await openAndJoin(tx, supplierId, byOrder(ours), deps);
      }
      writeOrderGuests(tx, orderGuestsOf(events));
      const { noted, gone } = visitChangesOf(events);
      writeVisits(tx, noted);
      for (const [supplierId, visits] of Map.groupBy(gone, (visit) => visit.supplierId)) {
        deleteVisits(
          tx,
          supplierId,
          visits.map(({ bookingUuid }) => bookingUuid),
        );
      }
      writeRecovered(tx, recoveredBy(events, deps.recoveryTokens));
    },
  };
}

async function openAndJoin(
  tx: Tx,
  supplierId: string,
  orders: readonly OrderEvents[],
  deps: ListenerDeps,
): Promise<void> {
  const open = new Map<string, OpenMessage>();
  const isClosed = ({ orderId }: { readonly orderId: string }) => !open.has(orderId);
  const lock = async (orderIds: readonly string[]) => {
    const found = await lockOpenMessages(tx, supplierId, orderIds);
    for (const message of found) open.set(message.orderId, message);
  };

  await lock(orders.map(({ orderId }) => orderId));
  const opening = await messagesToOpen(tx, supplierId, orders.filter(isClosed), deps);
  // A message that another node opened meanwhile is joined; should that one leave before it is locked, ours is opened after all.
  for (let missing = opening; missing.length > 0; missing = opening.filter(isClosed)) {
    await insertMessages(tx, missing);
    await lock(missing.map(({ orderId }) => orderId));
  }

  const joining = orders.flatMap(({ orderId, events }) => {
    const message = open.get(orderId);
    return message === undefined ? [] : events.map((event) => joined(message.id, event));
  });
  joinMessages(tx, joining);
  // What waits for another attempt waits up to eight hours, which is too long for news.
  const late = orders.filter((order) => open.get(order.orderId)?.waits && occasionsIn(order).length > 0);
  if (late.length > 0) {
    const { settlingMs } = await deps.suppliers.profile(tx, supplierId);
    const ids = late.flatMap(({ orderId }) => open.get(orderId)?.id ?? []);
    await putForward(tx, ids, deps.now() + settlingMs);
  }
  if (opening.length > 0 || late.length > 0) tx.afterCommit(deps.notify);
}

const joined = (messageId: string, event: OrderEvent) => ({
  messageId,
  uuid: event.subjectId,
  firstEventId: event.id,
  lastEventId: event.id,
});

const byOrder = (events: readonly OrderEvent[]): OrderEvents[] =>
  [...Map.groupBy(events, orderIdOf)].map(([orderId, list]) => ({ orderId, events: list }));

/** The messages that are owed for orders that have none open: one for each in which an occasion calls for a campaign that is on. */
async function messagesToOpen(
  tx: Tx,
  supplierId: string,
  orders: readonly OrderEvents[],
  { suppliers, now, newId }: ListenerDeps,
): Promise<NewMessage[]> {
  const occasions = new Map(orders.map((order) => [order.orderId, occasionsIn(order)]));
  const told = orders.filter(({ orderId }) => (occasions.get(orderId)?.length ?? 0) > 0);
  if (told.length === 0) return [];
  const emails = await connectionsWithEmails(tx, told, suppliers);
  const wanted = told.filter(({ events }) =>
    events.some(({ connectionId, after }) => connectionId === null || emails.has(connectionId) || after.emailReceipt),
  );
  if (wanted.length === 0) return [];
  const [there, campaigns, profile] = await Promise.all([
    keepSupplier(tx, supplierId),
    campaignsOf(tx, supplierId),
    suppliers.profile(tx, supplierId),
  ]);
  // Its holds expire still, and nothing of it leaves any more.
  if (!there) return [];
  const createdAt = now();
  return wanted.flatMap(({ orderId }) => {
    const campaign = owingCampaign(occasions.get(orderId) ?? [], campaigns);
    if (campaign === undefined) return [];
    return [
      { id: newId(), supplierId, campaignId: campaign.id, orderId, dueAt: createdAt + profile.settlingMs, createdAt },
    ];
  });
}

function owingCampaign(occasions: readonly Occasion[], campaigns: readonly Campaign[]): Campaign | undefined {
  return strongestFirst(occasions)
    .map((occasion) => campaignFor(occasion, campaigns))
    .find((campaign) => campaign?.enabled);
}

const occasionsIn = ({ events }: OrderEvents): Occasion[] => events.flatMap(occasionsOfEvent);

async function connectionsWithEmails(
  tx: Tx,
  orders: readonly OrderEvents[],
  suppliers: Suppliers,
): Promise<Set<string>> {
  const ids = new Set(orders.flatMap(({ events }) => events.flatMap(({ connectionId }) => connectionId ?? [])));
  const found = await Promise.all(
    [...ids].map(async (id) => ({ id, emails: (await suppliers.connection(tx, id)).emails })),
  );
  return new Set(found.filter(({ emails }) => emails).map(({ id }) => id));
}
