import {
  type BookingDocument,
  type BookingPayload,
  type Occasion,
  type OrderDocument,
  occasionsOf,
} from '@carillon/contract';
import { diff, type Json } from '@carillon/diff';
import type { RecordedEvent } from '../../changes/index.ts';

/** An event of a booking or of an order. */
export type OrderEvent = RecordedEvent & {
  readonly before: BookingDocument | OrderDocument | null;
  readonly after: BookingDocument | OrderDocument;
};

/** Whether an event is of a booking or of an order. */
export const isOfOrder = (event: RecordedEvent): event is OrderEvent =>
  event.type === 'booking_update' || event.type === 'order_update';

/** The order that an event is of, or whose booking it is of. */
export const orderIdOf = ({ after }: OrderEvent): string => ('orderId' in after ? after.orderId : after.id);

/**
 * The occasions of an event. Texts stand here in every language at once: that may take a mended translation for news, but never news
 * for nothing; which it is is decided in the guest's language when the message leaves.
 */
export function occasionsIn({ before, after }: OrderEvent): Occasion[] {
  if (!('bookings' in after)) {
    const operations = diff((before ?? {}) as unknown as Json, after as unknown as Json);
    const payload: BookingPayload = { booking: after, diff: operations };
    return occasionsOf(payload).occasions.map(({ occasion }) => occasion);
  }
  const was = before === null ? null : (before as OrderDocument);
  const operations = diff(was === null ? {} : ofItself(was), ofItself(after));
  const found = occasionsOf({ order: after as never, diff: operations }).occasions.map(({ occasion }) => occasion);
  return was !== null && found.includes('contact_changed') && isElsewhere(was, after) ? [...found, 'confirmed'] : found;
}

/** What of an order can be an occasion: its bookings have events of their own. */
function ofItself({ status, contact, transactions, voucher, bookings }: OrderDocument): Json {
  const list = bookings.map(({ uuid, primary }) => ({ uuid, primary }));
  return { status, contact, transactions, voucher, bookings: list } as unknown as Json;
}

/** Whether a confirmed order is for another address than before: what was confirmed is to be told there. */
const isElsewhere = (before: OrderDocument, after: OrderDocument): boolean =>
  after.status === 'CONFIRMED' &&
  (after.contact.emailAddress ?? '') !== '' &&
  before.contact.emailAddress?.trim().toLowerCase() !== after.contact.emailAddress?.trim().toLowerCase();
