import type { Json } from '@carillon/diff';
import type { CapabilityId, Shape } from './capabilities.ts';
import { shapes } from './capabilities.ts';
import { availabilityClock, bookingClock, orderClock } from './clock.ts';
import type {
  AnyDocument,
  AvailabilityDocument,
  BookingDocument,
  DocumentOf,
  EventType,
  OrderDocument,
} from './document.ts';
import { chooseLanguage } from './language.ts';

/** Who looks: the capabilities that they asked for, and the language of texts with the one to fall back to. */
export interface Audience {
  readonly capabilities: ReadonlySet<CapabilityId>;
  readonly language: string;
  readonly fallback: string;
}

type JsonObject = { [key: string]: Json };

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function text(texts: Readonly<Record<string, string>>, audience: Audience): string {
  const tag = chooseLanguage([audience.language, audience.fallback], Object.keys(texts), '');
  return texts[tag] ?? Object.values(texts)[0] ?? '';
}

/** The shapes of what a booking embeds as it was when it was booked: many bookings share one such object. */
const shared: ReadonlySet<Shape | undefined> = new Set([
  shapes.booking_update.get('product')?.shape,
  shapes.booking_update.get('option')?.shape,
]);
/** Shared objects as audiences see them: rendering a product takes longer than the rest of its booking. */
const rendered = new WeakMap<object, Map<string, JsonObject>>();

function sharedFields(node: Readonly<Record<string, unknown>>, shape: Shape, audience: Audience): JsonObject {
  const key = `${audience.language} ${audience.fallback} ${[...audience.capabilities].sort().join(' ')}`;
  let views = rendered.get(node);
  if (views === undefined) {
    views = new Map();
    rendered.set(node, views);
  }
  let shown = views.get(key);
  if (shown === undefined) {
    shown = fields(node, shape, audience);
    views.set(key, shown);
  }
  return shown;
}

function value(node: unknown, shape: Shape | undefined, audience: Audience): Json {
  if (Array.isArray(node)) return node.map((element) => value(element, shape, audience));
  if (!isObject(node)) return node as Json;
  if (isObject(node.$text)) return text(node.$text as Record<string, string>, audience);
  return shape !== undefined && shared.has(shape) ? sharedFields(node, shape, audience) : fields(node, shape, audience);
}

function fields(node: Readonly<Record<string, unknown>>, shape: Shape | undefined, audience: Audience): JsonObject {
  const shown: JsonObject = {};
  for (const key in node) {
    const child = node[key];
    if (child === undefined) continue;
    const rule = shape?.get(key);
    if (rule?.beside || (rule?.capability !== undefined && !audience.capabilities.has(rule.capability))) continue;
    const seen = value(child, rule?.shape, audience);
    // A plain assignment would set the prototype and lose the field.
    if (key === '__proto__') Object.defineProperty(shown, key, { value: seen, enumerable: true });
    else shown[key] = seen;
  }
  return shown;
}

/** Fields that follow the clock, worked out at `now`, in the document itself and in what it embeds. */
function atTheClock(type: EventType, document: AnyDocument, now: number): AnyDocument {
  switch (type) {
    case 'booking_update':
      return bookingNow(document as BookingDocument, now);
    case 'order_update': {
      const order = document as OrderDocument;
      const bookings = order.bookings.map((booking) => bookingNow(booking, now));
      return { ...order, ...orderClock(order, now), bookings };
    }
    case 'availability_update': {
      const slot = document as AvailabilityDocument;
      return { ...slot, ...availabilityClock(slot, now) };
    }
    default:
      return document;
  }
}

function bookingNow(booking: BookingDocument, now: number): BookingDocument {
  const slot = booking.availability;
  const availability = slot === null ? null : { ...slot, ...availabilityClock(slot, now) };
  return { ...booking, ...bookingClock(booking, now), availability };
}

/**
 * A document as one audience sees it at `now` (ms UTC): the fields of its capabilities, texts in its language, fields that
 * follow the clock worked out. Key order is the document's, so that equal documents give equal bytes. Never changes its input,
 * and gives a product or an option that it has shown before as the same object: documents and views are not to be changed.
 */
export function view<T extends EventType>(
  type: T,
  document: DocumentOf[T],
  audience: Audience,
  now: number,
): JsonObject {
  const current = atTheClock(type, document, now);
  return fields(current as unknown as Record<string, unknown>, shapes[type], audience);
}

/** Any other object through the same rules (a supplier, say), by its shape. */
export function viewBy(shape: Shape, node: object, audience: Audience): JsonObject {
  return fields(node as Record<string, unknown>, shape, audience);
}

/** True for a path, as segments, that ends in a field that follows the clock: such a field takes no part in diffs. */
export function followsClock(type: EventType, path: readonly (string | number)[]): boolean {
  let shape: Shape | undefined = shapes[type];
  let rule: ReturnType<Shape['get']>;
  for (const segment of path) {
    if (typeof segment === 'number') continue;
    rule = shape?.get(segment);
    shape = rule?.shape;
  }
  return rule?.clock === true;
}
