import type { BookingDocument, OrderDocument } from '@carillon/contract';
import type { RecordedEvent } from '../../changes/index.ts';
import type { OrderGuest } from './store.ts';

/** What both kinds of documents tell of their guest. */
type Told = Pick<BookingDocument | OrderDocument, 'contact' | 'status' | 'testMode'>;

/**
 * For which addresses something was held or booked by these events: where a booking or an order is new, gets another address, or is
 * booked. Each pair of address and order once, with its last time. Test bookings hold nothing.
 */
export function orderGuestsOf(events: readonly RecordedEvent[]): OrderGuest[] {
  const guests = new Map<string, OrderGuest>();
  for (const { type, supplierId, before, after, createdAt } of events) {
    if (type !== 'booking_update' && type !== 'order_update') continue;
    const document = after as BookingDocument | OrderDocument;
    const address = addressOf(document);
    if (address === null || document.testMode || !isNews(before as Told | null, document)) continue;
    const orderId = 'orderId' in document ? document.orderId : document.id;
    guests.set(`${supplierId} ${orderId} ${address}`, { supplierId, address, orderId, heldAt: createdAt });
  }
  return [...guests.values()];
}

function isNews(before: Told | null, after: Told): boolean {
  if (before === null || addressOf(before) !== addressOf(after)) return true;
  return before.status !== after.status && (after.status === 'CONFIRMED' || after.status === 'PENDING');
}

const addressOf = ({ contact }: Told): string | null => contact.emailAddress?.trim().toLowerCase() || null;
