import type { BookingDocument } from '@carillon/contract';
import type { Party, ProductDefinition } from '../../../src/supplier/index.ts';
import { accepted, guest, minuteMs, type Stage, unexpected } from '../stage.ts';
import { changed, slots } from './boat.ts';
import type { Operation } from './operation.ts';

/** A booking that was made, and by whom. */
export interface Made {
  readonly booking: BookingDocument;
  readonly party: Party;
}

/** Does one operation; what is refused changes nothing. `base` is the rowing boat as it was at first. */
export async function perform(stage: Stage, base: ProductDefinition, made: Made[], each: Operation): Promise<void> {
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
      const orderId = each.join ? made.findLast((one) => one.party === party)?.booking.orderId : undefined;
      const { adults, test } = each;
      const request = {
        ...stage.rowing({ adults, testMode: test, contact: guest }),
        ...slots(stage)[each.slot],
        orderId,
      };
      const result = await supplier.reserve(party, request);
      if (result.ok) made.push({ booking: result.value, party });
      return;
    }
    case 'order': {
      const party = each.reseller ? reseller : website;
      const wanted = stage.rowing({ adults: each.adults, contact: guest });
      const bookings = each.slots.map((slot) => ({ ...wanted, ...slots(stage)[slot] }));
      const result = await supplier.createOrder(party, { bookings, testMode: false });
      if (result.ok) made.push(...result.value.bookings.map((booking) => ({ booking, party })));
      return;
    }
    default: {
      const one = made[each.booking % Math.max(1, made.length)];
      if (one !== undefined) await onBooking(stage, one, each);
    }
  }
}

async function onBooking(
  stage: Stage,
  { booking: { uuid, orderId }, party }: Made,
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
      const wanted = each.byHand ? stage.cruise({ date: '2026-06-13' }) : { ...stage.rowing(), ...slots(stage)[1] };
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
