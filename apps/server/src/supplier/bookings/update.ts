import { isDeepStrictEqual } from 'node:util';
import { type BookingDocument, bookingClock, type Contact, type Option } from '@carillon/contract';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { bookingPricing } from '../catalogue/pricing.ts';
import { done, type Result, unprocessable } from '../refusal.ts';
import type { UnitRequest, Update } from '../request.ts';
import type { SlotState } from '../slots/availability.ts';
import type { Codes } from './codes.ts';
import { mergeContact } from './contact.ts';
import { type Decision, decide, withContact } from './decision.ts';
import { checkRestrictions } from './restrictions.ts';
import { checkRoom } from './room.ts';
import { type Choice, findChoice, placesOf, snapshotOf } from './snapshot.ts';
import { withTickets } from './tickets.ts';
import { holdFor, lastExpiry, utc } from './time.ts';
import { unitItemsOf } from './unit-items.ts';

/** What a change of a booking is decided on beside the request. */
export interface UpdateFacts {
  /** The booking's product and the one that it changes to. */
  readonly catalogue: Catalogue;
  /** Of the slot that the booking is to have. */
  readonly slot: SlotState;
  /** Those of the request's unit item uuids that another booking has. */
  readonly takenUuids: ReadonlySet<string>;
  /** The order's own contact, which completes a booking's when it is confirmed. */
  readonly orderContact?: Contact | null;
  readonly now: number;
  readonly newId: () => string;
  readonly codes: Codes;
}

type Ids = ReturnType<typeof chosenIds>;

/** The product, option and slot that a booking will have: what the request does not name stays. */
export function chosenIds(booking: BookingDocument, request: Update) {
  return {
    productId: request.productId ?? booking.productId,
    optionId: request.optionId ?? booking.optionId,
    availabilityId: request.availabilityId === undefined ? booking.availabilityId : request.availabilityId,
  };
}

/** What a change takes units from: the booking as it was sold, or what is for sale today. */
interface Source {
  readonly option: Option;
  readonly sameOption: boolean;
  /** Undefined: the booking keeps what it embeds, and asks for no more places than it has. */
  readonly sale: { readonly choice: Choice; readonly places: number } | undefined;
}

/** The places that these units take, undefined if the option lacks one of them. */
function placesWanted(option: Option, units: readonly UnitRequest[]): number | undefined {
  const found = units.map(({ unitId }) => option.units.find((unit) => unit.id === unitId));
  return found.includes(undefined)
    ? undefined
    : placesOf(found.flatMap((unit) => (unit === undefined ? [] : { unit })));
}

/**
 * A booking that stays in its slot and asks for no more places there is changed as it was sold, also when the slot is no longer
 * scheduled. Everything else is a sale: product, option and slot are those of today, and only units that stay the same keep
 * their price and description. (That is what invariant 7 means by a snapshot of a booking's last own change.)
 */
function sourceOf(
  booking: BookingDocument,
  units: readonly UnitRequest[],
  ids: Ids,
  facts: UpdateFacts,
): Result<Source> {
  const sameOption = ids.productId === booking.productId && ids.optionId === booking.optionId;
  const stays = sameOption && ids.availabilityId === booking.availabilityId;
  const before = placesOf(booking.unitItems);
  if (stays && (placesWanted(booking.option, units) ?? before + 1) <= before) {
    return done({ option: booking.option, sameOption, sale: undefined });
  }
  const choice = findChoice(facts.catalogue, ids);
  if (!choice.ok) return choice;
  const { product, option } = choice.value.offer;
  if (booking.status === 'CONFIRMED' && product.id !== booking.productId && !product.instantConfirmation) {
    return unprocessable(
      `productId: ${product.id} is confirmed by its supplier first, a booking that is CONFIRMED cannot be changed to it.`,
    );
  }
  return done({ option, sameOption, sale: { choice: choice.value, places: stays ? before : 0 } });
}

/** The booking with another product, option, slot or other units. */
function rebooked(booking: BookingDocument, request: Update, facts: UpdateFacts): Decision {
  const ids = chosenIds(booking, request);
  const moves =
    ids.productId !== booking.productId ||
    ids.optionId !== booking.optionId ||
    ids.availabilityId !== booking.availabilityId;
  if (!moves && request.unitItems === undefined) return done(booking);
  const units = request.unitItems ?? booking.unitItems.map(({ uuid, unitId }) => ({ uuid, unitId }));
  const source = sourceOf(booking, units, ids, facts);
  if (!source.ok) return source;
  const { option, sameOption, sale } = source.value;
  const { currency } = booking.pricing;
  const { takenUuids, newId, now } = facts;
  const items = unitItemsOf(units, booking.unitItems, {
    option,
    currency,
    status: booking.status,
    sameOption,
    takenUuids,
    newId,
  });
  if (!items.ok) return items;
  const unitItems = items.value;
  if (!moves && isDeepStrictEqual(unitItems, booking.unitItems)) return done(booking);
  const allowed = checkRestrictions(
    option,
    unitItems.map((item) => item.unitId),
  );
  if (!allowed.ok) return allowed;
  const pricing = bookingPricing(option, unitItems, currency);
  if (pricing === undefined) return unprocessable(`currency: the option ${option.id} is not sold in ${currency}.`);
  if (sale === undefined) return done({ ...booking, unitItems, pricing });
  const { slot } = sale.choice;
  const room = slot === null ? allowed : checkRoom(slot, facts.slot, placesOf(unitItems) - sale.places, now);
  if (!room.ok) return room;
  // Of another product or option it is another voucher, as the tickets are.
  const voucher = sameOption ? booking.voucher : null;
  return done({ ...booking, ...snapshotOf(sale.choice, currency, now), voucher, unitItems, pricing });
}

/** What is told of the booking: contact, notes, references. */
function described(booking: BookingDocument, request: Update): BookingDocument {
  const after: BookingDocument = {
    ...booking,
    resellerReference: request.resellerReference === undefined ? booking.resellerReference : request.resellerReference,
    contact: mergeContact(booking.contact, request.contact),
    notes: request.notes === undefined ? booking.notes : request.notes,
    emailReceipt: request.emailReceipt ?? booking.emailReceipt,
  };
  return isDeepStrictEqual(after, booking) ? booking : after;
}

/** A hold that lasts as long as the request says, and in its slot never longer than it can. */
function restarted(booking: BookingDocument, { expirationMinutes }: Update, now: number): Decision {
  if (booking.status !== 'ON_HOLD' || booking.utcExpiresAt === null) return done(booking);
  const before = Date.parse(booking.utcExpiresAt);
  const until =
    expirationMinutes === undefined
      ? done(Math.min(before, lastExpiry(booking)))
      : holdFor(booking, now, expirationMinutes * 60_000);
  if (!until.ok) return until;
  return done(until.value === before ? booking : { ...booking, utcExpiresAt: utc(until.value) });
}

/** The booking with everything that a request says of it; the same object when that is nothing new. */
export function applied(booking: BookingDocument, request: Update, facts: UpdateFacts): Decision {
  const moved = rebooked(booking, request, facts);
  if (!moved.ok) return moved;
  return restarted(described(moved.value, request), request, facts.now);
}

/** A change of a booking (OCTO PATCH): until its cut-off, before and after confirmation; the uuid stays. */
export function update(booking: BookingDocument, request: Update, facts: UpdateFacts): Decision {
  return decide(booking, 'update', facts.now, (status) => {
    if (!bookingClock(booking, facts.now).updatable) {
      return unprocessable('The cut-off has passed: the booking can no longer be updated.');
    }
    const after = applied(booking, request, facts);
    if (!after.ok || after.value === booking) return after;
    const complete = status === 'ON_HOLD' ? after : withContact(after.value);
    return complete.ok ? done(withTickets(complete.value, facts.codes)) : complete;
  });
}
