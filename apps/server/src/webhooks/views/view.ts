import {
  type AnyDocument,
  type AvailabilityDocument,
  type BookingDocument,
  type CapabilityId,
  type EventType,
  followsClock,
  type OrderDocument,
  objectKeys,
  view,
} from '@carillon/contract';
import { diff, type Json, type Operation } from '@carillon/diff';
import type { RecordedEvent } from '../../changes/index.ts';

/** Who an event is rendered for: two webhooks of the same audience share one view. */
export interface ViewAudience {
  readonly capabilities: readonly CapabilityId[];
  readonly language: string;
  readonly fallback: string;
}

/** An event as one audience sees it. `body` is the text of a delivery from its object on, with its diff. */
export interface View {
  readonly language: string;
  readonly body: string;
}

/** Tells audiences apart. */
export function audienceKey(audience: ViewAudience): string {
  const { language, fallback, capabilities } = audience;
  return `${language} ${fallback} ${[...capabilities].sort().join(' ')}`;
}

/** The languages that the guest of a document speaks, best first; none for products and availability. */
export function contactLocales(type: EventType, document: AnyDocument): readonly string[] {
  switch (type) {
    case 'booking_update':
      return (document as BookingDocument).contact.locales;
    case 'order_update': {
      const order = document as OrderDocument;
      if (order.contact.locales.length > 0) return order.contact.locales;
      return order.bookings.find((booking) => booking.primary)?.contact.locales ?? [];
    }
    default:
      return [];
  }
}

/**
 * Renders an event for an audience, both sides in the audience's language at the moment of the change, and compares what
 * *that audience* sees. Undefined when nothing changed for it apart from `utcUpdatedAt`: then nothing is owed to it.
 */
export function renderView(event: RecordedEvent, audience: ViewAudience): View | undefined {
  if (event.before === null) return undefined;
  const seen = { ...audience, capabilities: new Set(audience.capabilities) };
  const after = view(event.type, event.after, seen, event.createdAt);
  const operations = diff(view(event.type, event.before, seen, event.createdAt), after, {
    ignore: (path) => followsClock(event.type, path),
  });
  if (operations.every(isTouch)) return undefined;
  return { language: audience.language, body: bodyOf(event, after, operations) };
}

/** The bookings of an order have one of their own. */
const isTouch = (operation: Operation): boolean => operation.path.endsWith('/utcUpdatedAt');

function bodyOf(event: RecordedEvent, object: Json, operations: readonly Operation[]): string {
  const pair = `"${objectKeys[event.type]}":${JSON.stringify(object)},"diff":${JSON.stringify(operations)}`;
  if (event.type !== 'availability_update') return pair;
  const { productId, optionId } = event.after as AvailabilityDocument;
  return `"productId":${JSON.stringify(productId)},"optionId":${JSON.stringify(optionId)},${pair}`;
}
