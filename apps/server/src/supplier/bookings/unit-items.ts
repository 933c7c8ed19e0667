import type { BookingStatus, Option, UnitItem } from '@carillon/contract';
import { pricingIn } from '../catalogue/pricing.ts';
import { done, type Result, refuse, unprocessable } from '../refusal.ts';
import type { UnitRequest } from '../request.ts';
import { mergeContact, nobody } from './contact.ts';
import { bookedUnit } from './snapshot.ts';

/** What unit items are made from beside the request. */
export interface ItemSource {
  /** Where units that are new to the booking come from. */
  readonly option: Option;
  readonly currency: string;
  readonly status: BookingStatus;
  /** True when `before` is of this same option: then a kept unit keeps the price it was booked at. */
  readonly sameOption: boolean;
  /** Uuids that other bookings' items have. */
  readonly takenUuids: ReadonlySet<string>;
  readonly newId: () => string;
}

/** A unit at the price that the option has for it. */
function sold(unitId: string, source: ItemSource): Result<Pick<UnitItem, 'unitId' | 'unit' | 'pricing'>> {
  const unit = source.option.units.find((each) => each.id === unitId);
  if (unit === undefined) return refuse({ kind: 'unit', unitId });
  const prices = unit.pricingFrom ?? unit.pricing;
  const booked = { unitId, unit: bookedUnit(unit, source.currency) };
  // Priced per booking: it is the option that has the price.
  if (prices === undefined) return done(booked);
  const pricing = pricingIn(prices, source.currency);
  if (pricing === undefined) return unprocessable(`currency: the unit ${unitId} is not sold in ${source.currency}.`);
  return done({ ...booked, pricing });
}

function itemOf(request: UnitRequest, before: UnitItem | undefined, source: ItemSource): Result<UnitItem> {
  const kept = source.sameOption && before?.unitId === request.unitId ? before : undefined;
  const picked = kept === undefined ? sold(request.unitId, source) : done(kept);
  if (!picked.ok) return picked;
  const { unitId, unit, pricing } = picked.value;
  return done({
    uuid: before?.uuid ?? request.uuid ?? source.newId(),
    resellerReference:
      request.resellerReference === undefined ? (before?.resellerReference ?? null) : request.resellerReference,
    supplierReference: before?.supplierReference ?? null,
    unitId,
    unit,
    status: source.status,
    utcRedeemedAt: before?.utcRedeemedAt ?? null,
    contact: mergeContact(before?.contact ?? nobody, request.contact),
    // Another unit, or one of another option, is another ticket.
    ticket: kept?.ticket ?? null,
    ...(pricing === undefined ? {} : { pricing }),
  });
}

/**
 * The unit items that a request asks for, in its order: one that names a uuid of `before` is that item, kept or made into
 * another unit; every other is new; those not named are gone (OCTO).
 */
export function unitItemsOf(
  requests: readonly UnitRequest[],
  before: readonly UnitItem[],
  source: ItemSource,
): Result<UnitItem[]> {
  const byUuid = new Map(before.map((item) => [item.uuid, item]));
  const items: UnitItem[] = [];
  const uuids = new Set<string>();
  for (const request of requests) {
    if (request.uuid !== undefined && source.takenUuids.has(request.uuid)) {
      return refuse({ kind: 'booking', uuid: request.uuid });
    }
    const item = itemOf(request, request.uuid === undefined ? undefined : byUuid.get(request.uuid), source);
    if (!item.ok) return item;
    if (uuids.has(item.value.uuid)) return unprocessable(`unitItems: the uuid ${item.value.uuid} stands there twice.`);
    uuids.add(item.value.uuid);
    items.push(item.value);
  }
  return done(items);
}
