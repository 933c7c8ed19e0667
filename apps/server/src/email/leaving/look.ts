import type { BookingDocument, OrderDocument } from '@carillon/contract';
import type { Reading, RecordedEvent } from '../../changes/index.ts';
import type { Queryable } from '../../platform/db/index.ts';
import { addressHash } from '../address-hash.ts';
import { type Campaign, campaignFor } from '../campaigns/campaign.ts';
import { campaignsOf } from '../campaigns/store.ts';
import { cameBack, cameBefore } from '../guests/store.ts';
import type { Claimed, MessageBooking } from '../messages/message.ts';
import { marketingSent, messageBookings, wasSent } from '../messages/store.ts';
import type { Suppliers } from '../suppliers.ts';
import { suppressionsOf } from '../suppressions/store.ts';
import { type Visit, visitsOf } from '../visits/store.ts';
import { guestOf } from './guest.ts';
import type { GuestSince } from './recovery.ts';
import type { Concerned, DecidedMessage, KnownGuest, OrderChange, Situation } from './situation.ts';

/** All that a message is decided on, and which of its events were looked at. */
export interface Looked {
  readonly situation: Situation;
  readonly bookings: readonly MessageBooking[];
}

/** Where it is read. */
export interface Sources {
  readonly changes: Reading;
  readonly suppliers: Suppliers;
}

/** Reads all that a message is decided on, at `now` (ms UTC). */
export async function lookAt(db: Queryable, message: Claimed, sources: Sources, now: number): Promise<Looked> {
  const { supplierId, orderId, visitDate } = message;
  const { changes, suppliers } = sources;
  const rows = await messageBookings(db, message.id);
  const eventIds = new Set(rows.flatMap(({ firstEventId, lastEventId }) => [firstEventId, lastEventId]));
  const [events, supplier, campaigns, current, visits] = await Promise.all([
    changes.events(db, supplierId, [...eventIds]),
    suppliers.profile(db, supplierId),
    campaignsOf(db, supplierId),
    changes.current(db, { supplierId, type: 'order_update', id: orderId }),
    visitDate === null ? [] : visitsOf(db, { supplierId, orderId, visitDate }),
  ]);
  const byId = new Map(events.map((event) => [event.id, event]));
  const order = orderChange(
    rows.find(({ uuid }) => uuid === orderId),
    byId,
    current,
  );
  const known = {
    rows: rows.filter(({ uuid }) => uuid !== orderId),
    byId,
    visits,
    order,
    orderRow: rows.find(({ uuid }) => uuid === orderId),
  };
  const concerned = await concernedOf(db, message, known, sources);
  const only = message.kind === 'copy' || message.kind === 'again' ? message.address : null;
  const guest =
    concerned.length === 0
      ? null
      : guestOf(
          order?.current,
          concerned.map(({ current: now }) => now),
        ).address;
  const address = only ?? guest;
  const [since, suppressions, knownGuest] = await Promise.all([
    sinceThen(db, message, { address: guest, concerned, campaigns }),
    address === null ? [] : suppressionsOf(db, supplierId, addressHash(address)),
    knownOf(db, message, { address, campaigns }),
  ]);
  const decided: DecidedMessage = {
    ...message,
    only,
    newestAt: Math.max(
      ...events.map(({ createdAt }) => createdAt),
      ...(events.length === 0 ? [message.createdAt] : []),
    ),
    visitStartsAt: visits.length === 0 ? null : Math.min(...visits.map(({ startsAt }) => startsAt)),
  };
  const situation = {
    message: decided,
    supplier,
    campaigns,
    order,
    bookings: concerned,
    since,
    guest: knownGuest,
    suppressions,
    now,
  };
  return { situation, bookings: rows };
}

type Events = ReadonlyMap<string, RecordedEvent>;

/** What happened to the order itself; where the message is not about that, nothing. */
function orderChange(
  row: MessageBooking | undefined,
  events: Events,
  current: OrderDocument | undefined,
): OrderChange | undefined {
  const first = row === undefined ? undefined : events.get(row.firstEventId);
  if (row !== undefined && first === undefined) throw new Error('The events of the order are gone.');
  if (current === undefined) return undefined;
  return { before: first === undefined ? current : (first.before as OrderDocument | null), current };
}

interface Known {
  readonly rows: readonly MessageBooking[];
  readonly byId: Events;
  readonly visits: readonly Visit[];
  readonly order: OrderChange | undefined;
  readonly orderRow: MessageBooking | undefined;
}

async function concernedOf(
  db: Queryable,
  { supplierId }: Claimed,
  { rows, byId, visits, order, orderRow }: Known,
  { changes, suppliers }: Sources,
): Promise<Concerned[]> {
  const uuids = [...rows.map(({ uuid }) => uuid), ...visits.map(({ bookingUuid }) => bookingUuid)];
  const ids = new Set([
    ...[...byId.values()].flatMap(({ connectionId }) => connectionId ?? []),
    ...visits.flatMap(({ connectionId }) => connectionId ?? []),
  ]);
  const [current, writing] = await Promise.all([
    changes.currentById(
      db,
      uuids.map((id) => ({ supplierId, type: 'booking_update' as const, id })),
    ),
    Promise.all([...ids].map(async (id) => [id, (await suppliers.connection(db, id)).emails] as const)),
  ]);
  const writes = new Map(writing);
  const of = (connectionId: string | null) => ({
    connectionId,
    emails: connectionId === null || writes.get(connectionId) === true,
  });
  const happened = rows.map(({ uuid, firstEventId, lastEventId }): Concerned => {
    const [first, last] = [byId.get(firstEventId), byId.get(lastEventId)];
    if (first === undefined || last === undefined) throw new Error(`The events of booking ${uuid} are gone.`);
    return {
      before: first.before as BookingDocument | null,
      current: current.get(uuid) ?? (last.after as BookingDocument),
      position: last.position,
      ...of(last.connectionId),
    };
  });
  const visited = visits.flatMap(({ bookingUuid, connectionId }): Concerned[] => {
    const document = current.get(bookingUuid);
    return document === undefined ? [] : [{ before: document, current: document, position: 0, ...of(connectionId) }];
  });
  const told = new Set(uuids);
  const lastOfOrder = orderRow === undefined ? undefined : byId.get(orderRow.lastEventId);
  const rest = lastOfOrder === undefined ? [] : (order?.current.bookings ?? []).filter(({ uuid }) => !told.has(uuid));
  const others = rest.map((document): Concerned => {
    return { before: document, current: document, position: 0, ...of(lastOfOrder?.connectionId ?? null) };
  });
  return [...happened, ...visited, ...others];
}

/** What the guest did since a hold ran out; asked only where one did. */
async function sinceThen(
  db: Queryable,
  { supplierId, orderId }: Claimed,
  known: {
    readonly address: string | null;
    readonly concerned: readonly Concerned[];
    readonly campaigns: readonly Campaign[];
  },
): Promise<GuestSince> {
  const { address } = known;
  const campaignId = campaignFor('expired', known.campaigns)?.id;
  if (
    address === null ||
    campaignId === undefined ||
    !known.concerned.some(({ current }) => current.status === 'EXPIRED')
  ) {
    return { cameBack: false, wasAsked: false };
  }
  const [again, asked] = await Promise.all([
    cameBack(db, { supplierId, orderId, address }),
    wasSent(db, { supplierId, orderId, campaignId, address }),
  ]);
  return { cameBack: again, wasAsked: asked };
}

/** What is known of the address; asked only where a campaign asks. */
async function knownOf(
  db: Queryable,
  { supplierId, orderId }: Claimed,
  { address, campaigns }: { readonly address: string | null; readonly campaigns: readonly Campaign[] },
): Promise<KnownGuest> {
  if (address === null) return { firstTime: true, marketingAt: [] };
  const asksFirst = campaigns.some(({ enabled, conditions }) => enabled && conditions.firstTime !== undefined);
  const isCapped = campaigns.some(({ enabled, marketing, cap }) => enabled && marketing && cap !== null);
  const [before, marketingAt] = await Promise.all([
    asksFirst ? cameBefore(db, { supplierId, orderId, address }) : false,
    isCapped ? marketingSent(db, { supplierId, address }) : [],
  ]);
  return { firstTime: !before, marketingAt };
}

/** Whether nothing joined a message since it was looked at. */
export function sameBookings(looked: readonly MessageBooking[], now: readonly MessageBooking[]): boolean {
  const last = new Map(looked.map(({ uuid, lastEventId }) => [uuid, lastEventId]));
  return now.length === looked.length && now.every(({ uuid, lastEventId }) => last.get(uuid) === lastEventId);
}
