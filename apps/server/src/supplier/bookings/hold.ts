import { type BookingDocument, bookingClock } from '@carillon/contract';
import { bookingPricing } from '../catalogue/pricing.ts';
import { done, type Result, unprocessable } from '../refusal.ts';
import type { Reservation } from '../request.ts';
import type { SlotState } from '../slots/availability.ts';
import type { Codes } from './codes.ts';
import { mergeContact, nobody } from './contact.ts';
import { checkRestrictions } from './restrictions.ts';
import { checkRoom } from './room.ts';
import { type Choice, placesOf, type Snapshot, snapshotOf } from './snapshot.ts';
import { withTickets } from './tickets.ts';
import { holdUntil, utc } from './time.ts';
import { unitItemsOf } from './unit-items.ts';

/** What a new hold is made from beside the request. */
export interface HoldFacts {
  readonly choice: Choice;
  readonly slot: SlotState;
  /** The currency of the order that it joins, if it joins one. */
  readonly orderCurrency: string | undefined;
  readonly holdSeconds: number;
  /** Those of the request's unit item uuids that another booking has. */
  readonly takenUuids: ReadonlySet<string>;
  readonly now: number;
  readonly newId: () => string;
  readonly codes: Codes;
}

/** A hold before it has a place in an order. */
export type UnplacedHold = Omit<BookingDocument, 'orderId' | 'orderReference' | 'primary'>;

function currencyOf(request: Reservation, facts: HoldFacts): Result<string> {
  const { product } = facts.choice.offer;
  const currency = request.currency ?? facts.orderCurrency ?? product.defaultCurrency;
  if (!product.availableCurrencies.includes(currency))
    return unprocessable(`currency: nothing is sold in ${currency}.`);
  if (facts.orderCurrency !== undefined && currency !== facts.orderCurrency) {
    return unprocessable(`currency: the order is in ${facts.orderCurrency}, not in ${currency}.`);
  }
  return done(currency);
}

/** The hold that a reservation makes (OCTO: ON_HOLD until `utcExpiresAt`), or why it cannot be. */
export function holdOf(request: Reservation, facts: HoldFacts): Result<UnplacedHold> {
  const { choice, now } = facts;
  const { option } = choice.offer;
  const currency = currencyOf(request, facts);
  if (!currency.ok) return currency;
  const items = unitItemsOf(request.unitItems, [], {
    option,
    currency: currency.value,
    status: 'ON_HOLD',
    sameOption: false,
    takenUuids: facts.takenUuids,
    newId: facts.newId,
  });
  if (!items.ok) return items;
  const allowed = checkRestrictions(
    option,
    items.value.map((item) => item.unitId),
  );
  if (!allowed.ok) return allowed;
  const room = choice.slot === null ? allowed : checkRoom(choice.slot, facts.slot, placesOf(items.value), now);
  if (!room.ok) return room;
  const pricing = bookingPricing(option, items.value, currency.value);
  if (pricing === undefined) return unprocessable(`currency: nothing is sold in ${currency.value}.`);
  const snapshot = snapshotOf(choice, currency.value, now);
  const limits = { utcCreatedAt: utc(now), availability: snapshot.availability };
  const expiresAt = holdUntil(limits, now, request.expirationMinutes, facts.holdSeconds);
  if (!expiresAt.ok) return expiresAt;
  return done(assemble(request, facts, snapshot, pricing, expiresAt.value, items.value));
}

function assemble(
  request: Reservation,
  { now, newId, codes }: HoldFacts,
  snapshot: Snapshot,
  pricing: BookingDocument['pricing'],
  expiresAt: number,
  unitItems: BookingDocument['unitItems'],
): UnplacedHold {
  const status = 'ON_HOLD';
  const utcExpiresAt = utc(expiresAt);
  const uuid = request.uuid ?? newId();
  return withTickets(
    {
      id: newId(),
      uuid,
      testMode: request.testMode,
      resellerReference: request.resellerReference ?? null,
      supplierReference: null,
      status,
      utcCreatedAt: utc(now),
      utcUpdatedAt: utc(now),
      utcExpiresAt,
      utcConfirmedAt: null,
      utcRedeemedAt: null,
      utcNoshowedAt: null,
      productId: snapshot.productId,
      product: snapshot.product,
      optionId: snapshot.optionId,
      option: snapshot.option,
      ...bookingClock({ status, utcExpiresAt, option: snapshot.option, availability: snapshot.availability }, now),
      cancellation: null,
      rejection: null,
      freesale: snapshot.freesale,
      availabilityId: snapshot.availabilityId,
      availability: snapshot.availability,
      contact: mergeContact(nobody, request.contact),
      notes: request.notes ?? null,
      emailReceipt: request.emailReceipt ?? false,
      deliveryMethods: snapshot.deliveryMethods,
      voucher: null,
      unitItems,
      pricing,
    },
    codes,
  );
}
