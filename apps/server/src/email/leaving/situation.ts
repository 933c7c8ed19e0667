import type { BookingDocument } from '@carillon/contract';
import type { Reading, RecordedEvent } from '../../changes/index.ts';
import type { Queryable } from '../../platform/db/index.ts';
import { campaignsOf } from '../campaigns/store.ts';
import type { Claimed, MessageBooking } from '../messages/message.ts';
import { messageBookings } from '../messages/store.ts';
import type { Suppliers } from '../suppliers.ts';
import type { Concerned, Situation } from './decision.ts';

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
  const [events, supplier, campaigns, order] = await Promise.all([
    changes.events(db, supplierId, [
      ...new Set(bookings.flatMap(({ firstEventId, lastEventId }) => [firstEventId, lastEventId])),
    ]),
    suppliers.profile(db, supplierId),
    campaignsOf(db, supplierId),
    changes.current(db, { supplierId, type: 'order_update', id: orderId }),
  ]);
  const byId = new Map(events.map((event) => [event.id, event]));
  const concerned = await Promise.all(
    bookings.map((booking) => concernedOf(db, booking, byId, { changes, suppliers })),
  );
  return { situation: { supplier, campaigns, order, bookings: concerned, now }, bookings };
}

async function concernedOf(
  db: Queryable,
  booking: MessageBooking,
  events: ReadonlyMap<string, RecordedEvent>,
  { changes, suppliers }: Sources,
): Promise<Concerned> {
  const first = events.get(booking.firstEventId);
  const last = events.get(booking.lastEventId);
  if (first === undefined || last === undefined) throw new Error(`The events of booking ${booking.uuid} are gone.`);
  const { supplierId, connectionId } = last;
  const [current, connection] = await Promise.all([
    changes.current(db, { supplierId, type: 'booking_update', id: booking.uuid }),
    connectionId === null ? { emails: true } : suppliers.connection(db, connectionId),
  ]);
  return {
    before: first.before as BookingDocument | null,
    current: current ?? (last.after as BookingDocument),
    position: last.position,
    emails: connection.emails,
  };
}

/** Whether nothing joined a message since it was looked at. */
export function sameBookings(looked: readonly MessageBooking[], now: readonly MessageBooking[]): boolean {
  const last = new Map(looked.map(({ uuid, lastEventId }) => [uuid, lastEventId]));
  return now.length === looked.length && now.every(({ uuid, lastEventId }) => last.get(uuid) === lastEventId);
}
