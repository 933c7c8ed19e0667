import type { AnyDocument, BookingDocument, EventType, OrderDocument } from '@carillon/contract';
import type { Operation } from '@carillon/diff';
import { type Pattern, readPattern, touches } from './pattern.ts';

/** Statuses of bookings, orders and availability (OCTO). */
export const filterStatuses = [
  'ON_HOLD',
  'PENDING',
  'CONFIRMED',
  'REDEEMED',
  'NOSHOW',
  'EXPIRED',
  'CANCELLED',
  'REJECTED',
  'AVAILABLE',
  'LIMITED',
  'FREESALE',
  'SOLD_OUT',
  'CLOSED',
] as const;

/** What a webhook wants to be told of: everything that is named must hold; what is left out does not matter. */
export interface Filter {
  /** Ids of products: one of them is the subject's, before or after, so that a move away is told as well. */
  readonly products?: readonly string[];
  /** One of them is the subject's after the change. A product has none, which a filter does not mind. */
  readonly statuses?: readonly (typeof filterStatuses)[number][];
  /** Bookings and orders of this kind only. */
  readonly mode?: 'live' | 'test';
  /** Patterns of places (see `patternProblem`): what stands at one of them changed, as the webhook's audience sees it. */
  readonly changes?: readonly string[];
}

/** An event as far as filters look at it: its documents, and the diff of one audience. */
export interface FilteredEvent {
  readonly type: EventType;
  readonly before: AnyDocument | null;
  readonly after: AnyDocument;
  readonly operations: readonly Operation[];
}

/** Whether an event is what a filter wants. A diff is always of the event's own before and after, whatever was left out before it. */
export function matches(filter: Filter, event: FilteredEvent): boolean {
  const { products, statuses, mode, changes } = filter;
  const { type, before, after } = event;
  if (products !== undefined) {
    const own = [...productsOf(type, after), ...(before === null ? [] : productsOf(type, before))];
    if (!own.some((id) => products.includes(id))) return false;
  }
  const status = statusOf(type, after);
  if (statuses !== undefined && status !== undefined && !statuses.some((each) => each === status)) return false;
  const test = testModeOf(type, after);
  if (mode !== undefined && test !== undefined && test !== (mode === 'test')) return false;
  if (changes === undefined) return true;
  const patterns = patternsOf(changes);
  return event.operations.some((operation) => patterns.some((pattern) => touches(pattern, operation)));
}

const read = new Map<string, Pattern>();
const mostRead = 1000;

/** The patterns of a filter, kept: the same ones are asked for with every event. */
function patternsOf(texts: readonly string[]): Pattern[] {
  return texts.map((text) => {
    const known = read.get(text);
    if (known !== undefined) return known;
    if (read.size >= mostRead) read.clear();
    const pattern = readPattern(text);
    read.set(text, pattern);
    return pattern;
  });
}

function productsOf(type: EventType, document: AnyDocument): readonly string[] {
  if (type === 'order_update') return (document as OrderDocument).bookings.map(({ productId }) => productId);
  if (type === 'product_update') return [(document as { readonly id: string }).id];
  return [(document as BookingDocument).productId];
}

function statusOf(type: EventType, document: AnyDocument): string | undefined {
  return type === 'product_update' ? undefined : (document as BookingDocument).status;
}

function testModeOf(type: EventType, document: AnyDocument): boolean | undefined {
  return type === 'booking_update' || type === 'order_update' ? (document as BookingDocument).testMode : undefined;
}
