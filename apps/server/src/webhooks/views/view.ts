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
import { diff, type Json, type JsonObject, type Operation } from '@carillon/diff';
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

/** What an audience sees of an event: the object after the change, and what changed of it. */
export interface Seen {
  readonly language: string;
  readonly after: JsonObject;
  readonly operations: readonly Operation[];
}

/**
 * Shows an event to an audience, both sides in the audience's language at the moment of the change, and compares what
 * *that audience* sees. Undefined when nothing changed for it apart from `utcUpdatedAt`: then nothing is owed to it.
 */
export function seenBy(audience: ViewAudience, event: RecordedEvent): Seen | undefined {
  if (event.before === null) return undefined;
  const { type, createdAt } = event;
  const seen = { ...audience, capabilities: new Set(audience.capabilities) };
  const after = view(type, event.after, seen, createdAt);
  const operations = diff(view(type, event.before, seen, createdAt), after, {
    ignore: (path) => followsClock(type, path),
  });
  if (operations.every(isTouch)) return undefined;
  return { language: audience.language, after, operations };
}

/** The text of what was seen of an event. */
export function viewOf(event: RecordedEvent, { language, after, operations }: Seen): View {
  return { language, body: bodyOf(event.type, event.after, after, operations) };
}

/** Renders an event for an audience; undefined as in `seenBy`. */
export function renderView(event: RecordedEvent, audience: ViewAudience): View | undefined {
  const seen = seenBy(audience, event);
  return seen && viewOf(event, seen);
}

/** Renders a document as it is at `now` (ms UTC), as after a change that changed nothing: for a test. */
export function renderCurrent(type: EventType, document: AnyDocument, audience: ViewAudience, now: number): View {
  const object = view(type, document, { ...audience, capabilities: new Set(audience.capabilities) }, now);
  return { language: audience.language, body: bodyOf(type, document, object, []) };
}

/** The bookings of an order have one of their own. */
const isTouch = (operation: Operation): boolean => operation.path.endsWith('/utcUpdatedAt');

function bodyOf(type: EventType, document: AnyDocument, object: Json, operations: readonly Operation[]): string {
  const pair = `"${objectKeys[type]}":${JSON.stringify(object)},"diff":${JSON.stringify(operations)}`;
  if (type !== 'availability_update') return pair;
  const { productId, optionId } = document as AvailabilityDocument;
  return `"productId":${JSON.stringify(productId)},"optionId":${JSON.stringify(optionId)},${pair}`;
}
