import type { AnyDocument, BookingDocument, OrderDocument } from '@carillon/contract';
import { apply, diff, type Json } from '@carillon/diff';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RecordedEvent } from '../../src/changes/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { accepted, guest, minuteMs, openStage, type Stage, unexpected } from './stage.ts';

const scale = Number(process.env.CARILLON_TEST_SCALE ?? 1);
/** How many do something at once. */
const clients = 8;

type Operation =
  | {
      readonly kind: 'reserve';
      readonly slot: number;
      readonly adults: number;
      readonly test: boolean;
      readonly join: boolean;
    }
  | { readonly kind: 'confirm' | 'cancel' | 'extend' | 'redeem' | 'noShow' | 'notes'; readonly booking: number }
  | { readonly kind: 'confirmOrder' | 'cancelOrder'; readonly booking: number }
  | { readonly kind: 'move'; readonly booking: number; readonly slot: number }
  | { readonly kind: 'units'; readonly booking: number; readonly keep: number; readonly add: number }
  | { readonly kind: 'wait' | 'expire' }
  | { readonly kind: 'edit'; readonly slot: number; readonly capacity: number | null; readonly closed: boolean };

const booking = fc.nat(1_000);
const slot = fc.nat(3);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('reserve' as const),
      slot,
      adults: fc.integer({ min: 1, max: 4 }),
      test: fc.nat(4).map((die) => die === 0),
      join: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('confirm' as const, 'cancel', 'extend', 'redeem', 'noShow', 'notes'),
      booking,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('confirmOrder' as const, 'cancelOrder'), booking }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('move' as const), booking, slot }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('units' as const), booking, keep: fc.nat(3), add: fc.nat(3) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('wait' as const, 'expire') }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      slot,
      capacity: fc.option(fc.integer({ min: 5, max: 15 })),
      closed: fc.boolean(),
    }),
  },
);

/** Four slots of the rowing boat. */
const slots = (stage: Stage) =>
  ['2026-06-10', '2026-06-12', '2026-06-13', '2026-06-14'].map((date) => {
    const { productId, optionId, availabilityId } = stage.rowing({ date });
    return { productId, optionId, availabilityId: availabilityId! };
  });

async function perform(stage: Stage, made: BookingDocument[], each: Operation): Promise<void> {
  const { supplier, website, sample } = stage;
  switch (each.kind) {
    case 'wait':
      stage.clock.now += 7 * minuteMs;
      return;
    case 'expire':
      await supplier.expireHolds(5, unexpected);
      return;
    case 'edit': {
      const { capacity, closed } = each;
      await supplier.editSlot(sample.supplierId, { ...slots(stage)[each.slot]!, capacity, closed });
      return;
    }
    case 'reserve': {
      const orderId = each.join ? made.at(-1)?.orderId : undefined;
      const { adults, test } = each;
      const request = {
        ...stage.rowing({ adults, testMode: test, contact: guest }),
        ...slots(stage)[each.slot],
        orderId,
      };
      const result = await supplier.reserve(website, request);
      if (result.ok) made.push(result.value);
      return;
    }
    default: {
      const booking = made[each.booking % Math.max(1, made.length)];
      if (booking !== undefined) await onBooking(stage, booking, each);
    }
  }
}

async function onBooking(
  stage: Stage,
  { uuid, orderId }: BookingDocument,
  each: Extract<Operation, { readonly booking: number }>,
): Promise<void> {
  const { supplier, website, sample } = stage;
  switch (each.kind) {
    case 'confirm':
      await supplier.confirm(website, uuid, {});
      return;
    case 'confirmOrder':
      await supplier.confirmOrder(website, orderId, {});
      return;
    case 'cancelOrder':
      await supplier.cancelOrder(website, orderId, {});
      return;
    case 'notes':
      await supplier.update(website, uuid, { notes: String(each.booking) });
      return;
    case 'move':
      await supplier.update(website, uuid, { availabilityId: slots(stage)[each.slot]!.availabilityId });
      return;
    case 'units': {
      const current = accepted(await supplier.booking(website, uuid));
      const kept = current.unitItems.slice(0, each.keep).map((item) => ({ uuid: item.uuid, unitId: item.unitId }));
      const added = Array.from({ length: each.add }, () => ({ unitId: sample.products.rowing.units.CHILD! }));
      await supplier.update(website, uuid, { unitItems: [...kept, ...added] });
      return;
    }
    case 'extend':
      await supplier.extend(website, uuid, { expirationMinutes: 20 });
      return;
    default:
      await supplier[each.kind](website, uuid, {});
  }
}

/** Places that bookings hold of a slot, counted from their documents alone. */
function held(bookings: readonly BookingDocument[], availabilityId: string): number {
  return bookings
    .filter((each) => !each.testMode && each.availabilityId === availabilityId)
    .filter((each) => !['CANCELLED', 'EXPIRED', 'REJECTED'].includes(each.status))
    .reduce((sum, each) => sum + each.unitItems.length, 0);
}

function replayed(events: readonly RecordedEvent[]): Map<string, Json> {
  const documents = new Map<string, Json>();
  for (const { type, subjectId, before, after, position } of events) {
    const key = `${type} ${subjectId}`;
    const known = documents.get(key);
    if (known === undefined) expect(position).toBe(1);
    else expect(before).toEqual(known);
    const from = (before ?? after) as unknown as Json;
    documents.set(key, apply(from, diff(from, after as unknown as Json)));
  }
  return documents;
}

onEachEngine('whatever happens', (open) => {
  it('vacancies and booked units are the capacity, and the events tell how everything came to be', {
    timeout: 120_000 * scale,
  }, async () => {
    const rounds = fc.array(fc.array(operation, { minLength: clients, maxLength: clients }), {
      minLength: 8,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(rounds, async (operations) => {
        const db = await open();
        const stage = await openStage(db);
        const made: BookingDocument[] = [];
        for (const round of operations) await Promise.all(round.map((each) => perform(stage, made, each)));

        const bookings = accepted(await stage.supplier.bookings(stage.website, {}));
        expect(bookings).toHaveLength(made.length);
        for (const slot of slots(stage)) {
          const { vacancies, capacity } = await stage.slot(slot);
          expect(vacancies! + held(bookings, slot.availabilityId)).toBe(capacity);
        }

        const events = (await stage.events()).sort((one, other) => one.position - other.position);
        const documents = replayed(events);
        const kept = [...documents.keys()].filter((key) => !key.startsWith('availability'));
        expect(kept).toHaveLength(bookings.length + new Set(bookings.map((each) => each.orderId)).size);
        for (const each of bookings) expect(documents.get(`booking_update ${each.uuid}`)).toEqual(each);
        for (const slot of slots(stage)) {
          const id = `${slot.productId}/${slot.optionId}/${slot.availabilityId}`;
          const document = documents.get(`availability_update ${id}`) as AnyDocument | undefined;
          if (document !== undefined) expect(document).toEqual(await stage.slot(slot));
        }
        for (const orderId of new Set(made.map((each) => each.orderId))) {
          const order: OrderDocument = accepted(await stage.supplier.order(stage.website, orderId));
          expect(documents.get(`order_update ${orderId}`)).toEqual(order);
          for (const each of order.bookings) expect(each).toEqual(bookings.find(({ uuid }) => uuid === each.uuid));
        }
        // A run makes many databases; each would keep its connections until the test ends.
        await db.close();
      }),
      { numRuns: 4 * scale },
    );
  });
});
