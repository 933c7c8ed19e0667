import type { BookingDocument } from '@carillon/contract';
import type { Party, ProductDefinition } from '../../../src/supplier/index.ts';
import { accepted, guest, minuteMs, type Stage, unexpected } from '../stage.ts';
import { changed, cruise, slots } from './boat.ts';
import type { Operation } from './operation.ts';

/** A booking that was made, and by whom. */
interface MadeBooking {
  readonly booking: BookingDocument;
  readonly party: Party;
}

/** What was made so far: bookings, and orders without any. */
export interface Made {
  readonly bookings: MadeBooking[];
  readonly orders: { readonly orderId: string; readonly party: Party }[];
}

/** Does one operation; what is refused changes nothing. `base` is the rowing boat as it was at first. */
export async function perform(stage: Stage, base: ProductDefinition, made: Made, each: Operation): Promise<void> {
  const { supplier, website, reseller, sample } = stage;
  switch (each.kind) {
    case 'wait':
      stage.clock.now += 7 * minuteMs;
      return;
    case 'expire':
      await supplier.expireHolds(5, unexpected);
      return;
    case 'tell':
      await supplier.tellOfEdit();
      return;
    case 'catalogue':
      accepted(await supplier.saveProduct(sample.supplierId, changed(base, each.change)));
      return;
    case 'delete':
      await supplier.deleteProduct(sample.supplierId, base.id);
      return;
    case 'edit': {
      const { capacity, closed } = each;
      await supplier.editSlot(sample.supplierId, { ...slots(stage)[each.slot]!, capacity, closed });
      return;
    }
    case 'reserve': {
      const party = each.reseller ? reseller : website;
      const orderId = each.join ? made.bookings.findLast((one) => one.party === party)?.booking.orderId : undefined;
      const { adults, test } = each;
      const request = {
        ...stage.rowing({ adults, testMode: test, contact: guest }),
        ...slots(stage)[each.slot],
        orderId,
      };
      const result = await supplier.reserve(party, request);
      if (result.ok) made.bookings.push({ booking: result.value, party });
      return;
    }
    case 'order': {
      const party = each.reseller ? reseller : website;
      const wanted = stage.rowing({ adults: each.adults, contact: guest });
      const bookings = each.slots.map((slot) => ({ ...wanted, ...slots(stage)[slot] }));
      const result = await supplier.createOrder(party, { bookings, testMode: false });
      if (result.ok) made.bookings.push(...result.value.bookings.map((booking) => ({ booking, party })));
      return;
    }
    case 'emptyOrder': {
      const party = each.reseller ? reseller : website;
      const expirationMinutes = each.minutes ?? undefined;
      const result = await supplier.createOrder(party, { bookings: [], testMode: false, expirationMinutes });
      made.orders.push({ orderId: accepted(result).id, party });
      return;
    }
    case 'waiting':
      await onWaiting(stage, made, each);
      return;
    default: {
      const one = made.bookings[each.booking % Math.max(1, made.bookings.length)];
      if (one !== undefined) await onBooking(stage, one, each);
    }
  }
}

async function onWaiting(
  stage: Stage,
  made: Made,
  { order, act, minutes, slot }: Extract<Operation, { readonly kind: 'waiting' }>,
): Promise<void> {
  const { supplier } = stage;
  const one = made.orders[order % Math.max(1, made.orders.length)];
  if (one === undefined) return;
  const { party, orderId } = one;
  switch (act) {
    case 'extend':
      await supplier.extendOrder(party, orderId, { expirationMinutes: minutes });
      return;
    case 'update':
      await supplier.updateOrder(party, orderId, { expirationMinutes: minutes });
      return;
    case 'cancel':
      await supplier.cancelOrder(party, orderId, {});
      return;
    case 'reserve': {
      const request = { ...stage.rowing({ adults: 1, contact: guest }), ...slots(stage)[slot], orderId };
      const result = await supplier.reserve(party, request);
      if (result.ok) made.bookings.push({ booking: result.value, party });
    }
  }
}

async function onBooking(
  stage: Stage,
  { booking: { uuid, orderId }, party }: MadeBooking,
  each: Extract<Operation, { readonly booking: number }>,
): Promise<void> {
  const { supplier, sample } = stage;
  switch (each.kind) {
    case 'confirm':
      await supplier.confirm(party, uuid, {});
      return;
    case 'confirmOrder':
      await supplier.confirmOrder(party, orderId, {});
      return;
    case 'updateOrder':
      await supplier.updateOrder(party, orderId, { contact: { notes: String(each.booking) }, emailReceipt: true });
      return;
    case 'pay':
    case 'refund': {
      const { amount, named } = each;
      await supplier[each.kind](party, orderId, { amount, method: 'HAND', ...(named ? { bookingUuid: uuid } : {}) });
      return;
    }
    case 'cancelOrder':
      await supplier.cancelOrder(party, orderId, {});
      return;
    case 'notes':
      await supplier.update(party, uuid, { notes: String(each.booking) });
      return;
    case 'move':
      await supplier.update(party, uuid, { availabilityId: slots(stage)[each.slot]!.availabilityId });
      return;
    case 'units': {
      const current = accepted(await supplier.booking(party, uuid));
      const kept = current.unitItems.slice(0, each.keep).map((item) => ({ uuid: item.uuid, unitId: item.unitId }));
      const added = Array.from({ length: each.add }, () => ({ unitId: sample.products.rowing.units.CHILD! }));
      await supplier.update(party, uuid, { unitItems: [...kept, ...added] });
      return;
    }
    case 'exchange': {
      const current = accepted(await supplier.booking(party, uuid));
      const { ADULT, CHILD } = sample.products.rowing.units;
      const [first, ...kept] = current.unitItems.map((item) => ({ uuid: item.uuid, unitId: item.unitId }));
      const other = { uuid: first!.uuid, unitId: first!.unitId === ADULT ? CHILD! : ADULT! };
      await supplier.update(party, uuid, { unitItems: [other, ...kept] });
      return;
    }
    case 'product': {
      const wanted = each.byHand ? cruise(stage) : { ...stage.rowing(), ...slots(stage)[1] };
      const { productId, optionId, availabilityId, unitItems } = wanted;
      await supplier.update(party, uuid, { productId, optionId, availabilityId, unitItems });
      return;
    }
    case 'force':
      await supplier.cancel(party, uuid, { force: true });
      return;
    case 'reject':
      await supplier.reject(party, uuid, 'Full');
      return;
    case 'extend':
      await supplier.extend(party, uuid, { expirationMinutes: 20 });
      return;
    default:
      await supplier[each.kind](party, uuid, {});
  }
}
