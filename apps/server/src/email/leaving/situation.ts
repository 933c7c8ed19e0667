import type { BookingDocument } from '@carillon/contract';
import type { Reading, RecordedEvent } from '../../changes/index.ts';
import type { Queryable } from '../../platform/db/index.ts';
import { campaignFor } from '../campaigns/campaign.ts';
import { campaignsOf } from '../campaigns/store.ts';
import { cameBack } from '../guests/store.ts';
import type { Claimed, MessageBooking } from '../messages/message.ts';
import { messageBookings, wasSent } from '../messages/store.ts';
import type { Suppliers } from '../suppliers.ts';
import type { Concerned, Situation } from './decision.ts';
import { guestOf } from './guest.ts';
import type { GuestSince } from './recovery.ts';

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
export async function lookAt(
  db: Queryable,
  message: Claimed,
  { changes, suppliers }: Sources,
  now: number,
): Promise<Looked> {
  const { supplierId, orderId } = message;
  const bookings = await messageBookings(db, message.id);
  const eventIds = new Set(bookings.flatMap(({ firstEventId, lastEventId }) => [firstEventId, lastEventId]));
  const subjects = bookings.map(({ uuid }) => ({ supplierId, type: 'booking_update' as const, id: uuid }));
  const [events, current, supplier, campaigns, order] = await Promise.all([
    changes.events(db, supplierId, [...eventIds]),
    changes.currentById(db, subjects),
    suppliers.profile(db, supplierId),
    campaignsOf(db, supplierId),
    changes.current(db, { supplierId, type: 'order_update', id: orderId }),
  ]);
  const byId = new Map(events.map((event) => [event.id, event]));
  const emails = await connectionsEmails(db, events, suppliers);
  const concerned = bookings.map(({ uuid, firstEventId, lastEventId }): Concerned => {
    const [first, last] = [byId.get(firstEventId), byId.get(lastEventId)];
    if (first === undefined || last === undefined) throw new Error(`The events of booking ${uuid} are gone.`);
    return {
      before: first.before as BookingDocument | null,
      current: current.get(uuid) ?? (last.after as BookingDocument),
      position: last.position,
      emails: last.connectionId === null || emails.get(last.connectionId) === true,
    };
  });
  const since = await sinceThen(db, message, { order, concerned, campaigns });
  return { situation: { supplier, campaigns, order, bookings: concerned, since, now }, bookings };
}

/** Whether the guests of each connection get e-mails. */
async function connectionsEmails(
  db: Queryable,
  events: readonly RecordedEvent[],
  suppliers: Suppliers,
): Promise<ReadonlyMap<string, boolean>> {
  const ids = [...new Set(events.flatMap(({ connectionId }) => connectionId ?? []))];
  return new Map(await Promise.all(ids.map(async (id) => [id, (await suppliers.connection(db, id)).emails] as const)));
}

/** What the guest did since a hold ran out; asked only where one did. */
async function sinceThen(
  db: Queryable,
  { supplierId, orderId }: Claimed,
  known: Pick<Situation, 'order' | 'campaigns'> & { readonly concerned: readonly Concerned[] },
): Promise<GuestSince> {
  const documents = known.concerned.map(({ current }) => current);
  const campaignId = campaignFor('expired', known.campaigns)?.id;
  const { address } = guestOf(known.order, documents);
  if (address === null || campaignId === undefined || !documents.some(({ status }) => status === 'EXPIRED')) {
    return { cameBack: false, wasAsked: false };
  }
  const [again, asked] = await Promise.all([
    cameBack(db, { supplierId, orderId, address }),
    wasSent(db, { supplierId, orderId, campaignId, address }),
  ]);
  return { cameBack: again, wasAsked: asked };
}

/** Whether nothing joined a message since it was looked at. */
export function sameBookings(looked: readonly MessageBooking[], now: readonly MessageBooking[]): boolean {
  const last = new Map(looked.map(({ uuid, lastEventId }) => [uuid, lastEventId]));
  return now.length === looked.length && now.every(({ uuid, lastEventId }) => last.get(uuid) === lastEventId);
}
