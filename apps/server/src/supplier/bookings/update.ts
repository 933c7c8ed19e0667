import { isDeepStrictEqual } from 'node:util';
import { type BookingDocument, bookingClock } from '@carillon/contract';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { totalPricing } from '../catalogue/pricing.ts';
import { done, unprocessable } from '../refusal.ts';
import type { Update } from '../request.ts';
import type { SlotState } from '../slots/availability.ts';
import type { Codes } from './codes.ts';
import { mergeContact } from './contact.ts';
import { type Decision, decide, withContact } from './decision.ts';
import { checkRestrictions } from './restrictions.ts';
import { checkRoom } from './room.ts';
import { findChoice, placesOf, snapshotOf } from './snapshot.ts';
import { withTickets } from './tickets.ts';
import { heldFor, utc } from './time.ts';
import { unitItemsOf } from './unit-items.ts';

/** What a change of a booking is decided on beside the request. */
export interface UpdateFacts {
  /** The booking's product and the one that it changes to. */
  readonly catalogue: Catalogue;
  /** Of the slot that the booking is to have. */
  readonly slot: SlotState;
  /** Those of the request's unit item uuids that another booking has. */
  readonly takenUuids: ReadonlySet<string>;
  readonly now: number;
  readonly newId: () => string;
  readonly codes: Codes;
}

/** The product, option and slot that a booking will have: what the request does not name stays. */
export function chosenIds(booking: BookingDocument, request: Update) {
  return {
    productId: request.productId ?? booking.productId,
    optionId: request.optionId ?? booking.optionId,
    availabilityId: request.availabilityId === undefined ? booking.availabilityId : request.availabilityId,
  };
}

/** The booking with another product, option, slot or other units; its product, option and slot are then taken anew. */
function rebooked(booking: BookingDocument, request: Update, facts: UpdateFacts): Decision {
  const ids = chosenIds(booking, request);
  const sameOption = ids.productId === booking.productId && ids.optionId === booking.optionId;
  const stays = sameOption && ids.availabilityId === booking.availabilityId;
  if (stays && request.unitItems === undefined) return done(booking);
  const choice = findChoice(facts.catalogue, ids);
  if (!choice.ok) return choice;
  const { currency } = booking.pricing;
  const { option } = choice.value.offer;
  const requests = request.unitItems ?? booking.unitItems.map(({ uuid, unitId }) => ({ uuid, unitId }));
  const { takenUuids, newId } = facts;
  const source = { option, currency, status: booking.status, sameOption, takenUuids, newId };
  const items = unitItemsOf(requests, booking.unitItems, source);
  if (!items.ok) return items;
  const unitItems = items.value;
  if (stays && isDeepStrictEqual(unitItems, booking.unitItems)) return done(booking);
  const allowed = checkRestrictions(
    option,
    unitItems.map((item) => item.unitId),
  );
  if (!allowed.ok) return allowed;
  const pricing = totalPricing(
    unitItems.map((item) => item.pricing),
    currency,
  );
  const after = { ...booking, ...snapshotOf(choice.value, currency, facts.now), unitItems, pricing };
  const more = placesOf(unitItems) - (stays ? placesOf(booking.unitItems) : 0);
  const { slot } = choice.value;
  const room = slot === null || (stays && more <= 0) ? allowed : checkRoom(slot, facts.slot, more, facts.now);
  return room.ok ? done(after) : room;
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

function restarted(booking: BookingDocument, request: Update, facts: UpdateFacts): Decision {
  if (booking.status !== 'ON_HOLD' || request.expirationMinutes === undefined) return done(booking);
  const until = heldFor(facts.now, request.expirationMinutes);
  if (!until.ok) return until;
  const utcExpiresAt = utc(until.value);
  return done(utcExpiresAt === booking.utcExpiresAt ? booking : { ...booking, utcExpiresAt });
}

/** The booking with everything that a request says of it; the same object when that is nothing new. */
export function applied(booking: BookingDocument, request: Update, facts: UpdateFacts): Decision {
  const moved = rebooked(booking, request, facts);
  if (!moved.ok) return moved;
  return restarted(described(moved.value, request), request, facts);
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
