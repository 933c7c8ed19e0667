import type { BookingDocument } from '@carillon/contract';
import type { RecordedEvent } from '../../changes/index.ts';
import type { Visit } from './store.ts';

/** What events tell of visits: those that are to be noted, and bookings that have none. */
export interface VisitChanges {
  readonly noted: readonly Visit[];
  readonly gone: readonly { readonly supplierId: string; readonly bookingUuid: string }[];
}

/** What events of bookings tell of visits; of a booking that has several, the last. Test bookings have none that is noted. */
export function visitChangesOf(events: readonly RecordedEvent[]): VisitChanges {
  const noted = new Map<string, Visit>();
  const gone = new Map<string, VisitChanges['gone'][number]>();
  for (const event of events) {
    if (event.type !== 'booking_update') continue;
    const [before, after] = [event.before as BookingDocument | null, event.after as BookingDocument];
    const was = before === null ? null : visitOf(event, before);
    const is = visitOf(event, after);
    const { supplierId, subjectId: bookingUuid } = event;
    if (is === null && was !== null) {
      noted.delete(bookingUuid);
      gone.set(bookingUuid, { supplierId, bookingUuid });
    }
    if (is !== null && (was === null || !isSame(was, is))) {
      gone.delete(bookingUuid);
      noted.set(bookingUuid, is);
    }
  }
  return { noted: [...noted.values()], gone: [...gone.values()] };
}

const isSame = (one: Visit, other: Visit): boolean =>
  one.startsAt === other.startsAt && one.endsAt === other.endsAt && one.orderId === other.orderId;

/** The visit of a booking as it is after an event; null where none takes place, or nobody knows when. */
function visitOf(
  { supplierId, connectionId, createdAt }: RecordedEvent,
  { uuid, orderId, status, testMode, availability, product }: BookingDocument,
): Visit | null {
  if (availability === null || (status !== 'CONFIRMED' && status !== 'REDEEMED')) return null;
  const { localDateTimeStart: start, localDateTimeEnd: end, openingHours } = availability;
  // A day of opening hours begins when the venue opens: 00:00 is nothing that a guest comes for.
  const [opens, closes] = [openingHours[0]?.from, openingHours.at(-1)?.to];
  const timed = !availability.allDay && product.availabilityType !== 'OPENING_HOURS';
  const at = (local: string, clock: string | undefined) =>
    Date.parse(timed || clock === undefined ? local : `${start.slice(0, 11)}${clock}:00${start.slice(19)}`);
  const visit = {
    supplierId,
    bookingUuid: uuid,
    orderId,
    connectionId,
    startsAt: at(start, opens),
    endsAt: at(end, closes),
    localDate: start.slice(0, 10),
    timeZone: product.timeZone,
    knownAt: createdAt,
  };
  return testMode || Number.isNaN(visit.startsAt) || Number.isNaN(visit.endsAt) ? null : visit;
}
