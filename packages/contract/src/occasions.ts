import { changed, type Json, type Operation } from '@carillon/diff';
import { type EmailType, emailTypeOf, statusChange } from './email-type.ts';
import { elementsAt, listOf, objectOf, valueAt } from './member.ts';
import { type Finding, type UpdatedPart, updatedParts } from './occasion.ts';
import { orderOccasions } from './order-occasions.ts';
import type { BookingPayload, OrderPayload, Payload, PayloadOperation } from './payload.ts';

/** What a payload means to a guest. */
export interface Meaning {
  /** What the help article's four rules say. */
  readonly emailType: EmailType | 'none';
  readonly occasions: readonly Finding[];
  /** In one sentence, why the occasions are not what `emailType` says; null where they are. */
  readonly difference: string | null;
}

/** From which statuses a booking becomes what a guest calls confirmed, cancelled or expired; undefined: not known. */
const confirmedFrom: readonly unknown[] = ['ON_HOLD', 'PENDING', 'CANCELLED', 'EXPIRED', 'REJECTED', undefined, null];
const cancelledFrom: readonly unknown[] = ['CONFIRMED', 'PENDING', 'REDEEMED', 'NOSHOW'];
const expiredFrom: readonly unknown[] = ['ON_HOLD', 'PENDING', undefined, null];

/**
 * What a payload means to a guest. It starts from the four rules of the help article and differs from them where a guest
 * would be told something untrue or unneeded:
 *
 * | in the diff | by the rules | to a guest |
 * |---|---|---|
 * | a redemption or no-show taken back (REDEEMED → CONFIRMED) | confirmation | nothing: it was confirmed before |
 * | a hold, or what had ended before, is cancelled | cancellation | nothing: no booking was announced |
 * | a confirmed booking expires | recovery | nothing: there is nothing left to complete |
 * | a booking that waited for the supplier is rejected (PENDING → REJECTED) | none | cancelled |
 * | another slot, date or start time; with opening hours: another day | update | rescheduled |
 * | how many units of which kind, product, option, end, opening hours, pickup, meeting point as it is told to people | update | updated |
 * | only other fields: `utcUpdatedAt`, redemption, ticket URLs, notes, references, prices, texts, … | update | nothing |
 *
 * and of an order (`orderOccasions`), for which there are no rules:
 *
 * | in the diff | to a guest |
 * |---|---|
 * | transactions of type PAYMENT were added | paid: how much |
 * | transactions of type REFUND were added | refunded: how much, in full when all that was ever paid is given back, else in part |
 * | a booking or a ticket was taken away, exchanged or added while the order stays CONFIRMED | tickets changed: which |
 * | `contact` changed while the order stays CONFIRMED or PENDING, and not because another booking became primary | contact changed |
 *
 * `visit_ahead` and `visit_over` come from time, not from a payload. Products and availability mean nothing to a guest.
 */
export function occasionsOf(payload: Payload): Meaning {
  const emailType = emailTypeOf(payload);
  if ('order' in payload) return ofOrder(payload, emailType);
  if (!('booking' in payload)) return { emailType, occasions: [], difference: null };
  return byStatus(payload, emailType) ?? byContent(payload, emailType);
}

function ofOrder(payload: OrderPayload, emailType: EmailType | 'none'): Meaning {
  const found = orderOccasions(payload);
  const difference = found.length === 0 ? null : 'The four rules are about bookings; this is told by the order.';
  return { emailType, occasions: found, difference };
}

/** The meaning of a status that changed; undefined where what else changed decides. */
function byStatus(payload: BookingPayload, emailType: EmailType | 'none'): Meaning | undefined {
  const change = statusChange(payload.diff);
  if (change === undefined) return undefined;
  const { from, to } = change;
  const step = `${from ?? 'nothing'} → ${to ?? 'nothing'}`;
  const means = (occasion: Finding['occasion']): Meaning => ({
    emailType,
    occasions: [{ occasion, reason: `The status changed: ${step}.` }],
    difference: null,
  });
  const nothing = (difference: string | null): Meaning => ({ emailType, occasions: [], difference });

  switch (to) {
    case 'CONFIRMED':
      return confirmedFrom.includes(from) ? means('confirmed') : undefined;
    case 'CANCELLED':
      if (cancelledFrom.includes(from)) return means('cancelled');
      return nothing(`${step} ends a booking that the guest was never told of, or that had ended before.`);
    case 'EXPIRED':
      if (expiredFrom.includes(from)) return means('expired');
      return nothing(`${step} is no hold that ran out, so there is nothing for the guest to complete.`);
    case 'REJECTED':
      if (from !== 'PENDING') return nothing(null);
      return { ...means('cancelled'), difference: `${step}: the guest waits for an answer, and the answer is no.` };
    default:
      return nothing(null);
  }
}

/** The meaning of what changed beside the status. */
function byContent(payload: BookingPayload, emailType: EmailType | 'none'): Meaning {
  if (emailType === 'none') return { emailType, occasions: [], difference: null };
  const { diff } = payload;
  const allDay = isAllDay(payload);
  const moved = allDay ? dayChanged(diff) : touchesAny(diff, slotPointers);
  const changedParts: Readonly<Record<UpdatedPart, boolean>> = {
    hours: !moved && touchesAny(diff, allDay ? ['/availability/openingHours'] : hoursPointers),
    product: touchesAny(diff, ['/productId']),
    option: touchesAny(diff, ['/optionId']),
    units: unitsChanged(payload),
    pickup: touchesAny(diff, pickupPointers),
    meeting_point: touchesAny(diff, meetingPointers) || startChanged(payload),
  };
  const parts = updatedParts.filter((part) => changedParts[part]);
  const news = parts.map((part) => `the ${part.replace('_', ' ')}`).join(', ');
  const found: Finding[] = [];
  if (moved) found.push({ occasion: 'rescheduled', reason: 'The slot changed: the guest comes at another time.' });
  if (parts.length > 0) found.push({ occasion: 'updated', reason: `Changed for the guest: ${news}.`, parts });
  return { emailType, occasions: found, difference: differenceOf(payload, emailType, found) };
}

function differenceOf(
  payload: BookingPayload,
  emailType: EmailType | 'none',
  found: readonly Finding[],
): string | null {
  if (emailType === 'confirmation') {
    const from = statusChange(payload.diff)?.from;
    return `${from} → CONFIRMED is no new confirmation: the booking was confirmed before.`;
  }
  if (found.length > 0) return null;
  const fields = [...new Set(payload.diff.map((operation) => operation.path.split('/')[1] ?? ''))];
  if (fields.length === 0) return 'Nothing changed.';
  return `Nothing changed that concerns the guest, only: ${fields.join(', ')}.`;
}

/** Ventrata has the local start beside the availability too. */
const slotPointers = ['/availabilityId', '/availability/localDateTimeStart', '/localDateTimeStart'];
const hoursPointers = ['/availability/localDateTimeEnd', '/availability/openingHours', '/localDateTimeEnd'];
/** octo/pickups. */
const pickupPointers = ['/pickupRequested', '/pickupPointId', '/pickupPoint', '/pickupHotel', '/pickupHotelRoom'];
/** Ventrata has these on a booking and on its availability. */
const meetingPointers = ['', '/availability'].flatMap((parent) =>
  ['Point', 'PointDirections', 'LocalDateTime'].map((name) => `${parent}/meeting${name}`),
);

function touchesAny(diff: readonly PayloadOperation[], pointers: readonly string[]): boolean {
  return pointers.some((pointer) => changed(diff as readonly Operation[], pointer));
}

/** Whether a visit has no time of its own, only a day: its slot says so, or its product has opening hours. */
function isAllDay({ booking }: BookingPayload): boolean {
  const { availability, product } = objectOf(booking as unknown as Json);
  return objectOf(availability).allDay === true || objectOf(product).availabilityType === 'OPENING_HOURS';
}

/** Whether the day of the slot changed; its id and its start, an ISO 8601 local time, begin with it. */
function dayChanged(diff: readonly PayloadOperation[]): boolean {
  const day = (value: Json | undefined) => (typeof value === 'string' ? value.slice(0, 10) : value);
  return slotPointers.some((pointer) =>
    diff.some(({ path, was, value }) => day(valueAt(path, pointer, was)) !== day(valueAt(path, pointer, value))),
  );
}

/** Whether there are more or fewer units of a kind; which ones they are, and their order, is no news. */
function unitsChanged({ booking, diff }: BookingPayload): boolean {
  const counts = new Map<string, number>();
  const count = (kind: Json | undefined, by: number) => {
    const name = JSON.stringify(kind) ?? '';
    counts.set(name, (counts.get(name) ?? 0) + by);
  };
  const items = listOf(objectOf(booking as unknown as Json).unitItems);
  for (const { path, was, value } of diff) {
    for (const item of elementsAt(path, '/unitItems', was).filter(stands)) count(objectOf(item).unitId, -1);
    for (const item of elementsAt(path, '/unitItems', value).filter(stands)) count(objectOf(item).unitId, 1);
    const [, list, index, field, ...deeper] = path.split('/');
    if (list !== 'unitItems' || deeper.length > 0) continue;
    const item = objectOf(items[Number(index)]);
    if (field === 'unitId' && stands(item)) {
      count(was, -1);
      count(value, 1);
    }
    if (field === 'status' && was === 'CANCELLED') count(item.unitId, 1);
    if (field === 'status' && value === 'CANCELLED') count(item.unitId, -1);
  }
  return [...counts.values()].some((balance) => balance !== 0);
}

const stands = (item: Json): boolean => objectOf(item).status !== 'CANCELLED';

/** Whether the place where the guest is awaited changed: a START among the locations of octo/content. */
function startChanged(payload: BookingPayload): boolean {
  return ['product', 'option'].some((owner) => {
    const path = `/${owner}/locations`;
    if (elementsChanged(payload.diff, path, startKey)) return true;
    const locations = listOf(objectOf(objectOf(payload.booking as unknown as Json)[owner]).locations);
    return payload.diff.some((operation) => {
      if (!operation.path.startsWith(`${path}/`)) return false;
      const [index = '', ...field] = operation.path.slice(path.length + 1).split('/');
      if (field[0] === 'types') return true;
      if (field[0] === 'place')
        return isStart(locations[Number(index)]) && [undefined, 'postalAddress'].includes(field[1]);
      return isStart(locations[Number(index)]) && (field[0] === 'title' || field[0] === 'shortDescription');
    });
  });
}

const isStart = (location: Json | undefined): boolean => listOf(objectOf(location).types).includes('START');

/** What a guest is told of a place: its name, the way there and its address. A position that is mended is no news. */
const startKey = (location: Json): string | undefined => {
  if (!isStart(location)) return undefined;
  const { title, shortDescription, place } = objectOf(location);
  return JSON.stringify([title, shortDescription, objectOf(place).postalAddress]);
};

/**
 * Whether the bag of a list's elements changed, by what `key` tells of an element (undefined: it does not count): by
 * operations on whole elements, on the list, or on the object that holds it. The order of elements does not matter.
 */
function elementsChanged(
  diff: readonly PayloadOperation[],
  list: string,
  key: (element: Json) => string | undefined,
): boolean {
  const bag = new Map<string, number>();
  const count = (element: Json, by: number) => {
    const name = key(element);
    if (name !== undefined) bag.set(name, (bag.get(name) ?? 0) + by);
  };
  for (const { path, was, value } of diff) {
    for (const element of elementsAt(path, list, was)) count(element, -1);
    for (const element of elementsAt(path, list, value)) count(element, 1);
  }
  return [...bag.values()].some((balance) => balance !== 0);
}
