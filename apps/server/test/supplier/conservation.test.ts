import type { AnyDocument, BookingDocument, OrderDocument } from '@carillon/contract';
import { apply, diff, type Json } from '@carillon/diff';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RecordedEvent } from '../../src/changes/index.ts';
import type { Party } from '../../src/supplier/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { accepted, guest, minuteMs, openStage, refusalOf, type Stage, unexpected } from './stage.ts';

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
      readonly reseller: boolean;
    }
  | { readonly kind: 'order'; readonly slots: readonly number[]; readonly adults: number; readonly reseller: boolean }
  | { readonly kind: 'pay' | 'refund'; readonly booking: number; readonly amount: number; readonly named: boolean }
  | {
      readonly kind: 'confirm' | 'cancel' | 'force' | 'extend' | 'redeem' | 'noShow' | 'notes' | 'accept' | 'reject';
      readonly booking: number;
    }
  | { readonly kind: 'exchange'; readonly booking: number }
  | { readonly kind: 'product'; readonly booking: number; readonly byHand: boolean }
  | { readonly kind: 'confirmOrder' | 'cancelOrder' | 'updateOrder'; readonly booking: number }
  | { readonly kind: 'move'; readonly booking: number; readonly slot: number }
  | { readonly kind: 'units'; readonly booking: number; readonly keep: number; readonly add: number }
  | { readonly kind: 'wait' | 'expire' }
  | { readonly kind: 'edit'; readonly slot: number; readonly capacity: number | null; readonly closed: boolean };

const booking = fc.nat(1_000);
const slot = fc.nat(4);
const reseller = fc.nat(3).map((die) => die === 0);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('reserve' as const),
      slot,
      adults: fc.integer({ min: 1, max: 4 }),
      test: fc.nat(4).map((die) => die === 0),
      join: fc.boolean(),
      reseller,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('order' as const),
      slots: fc.array(slot, { maxLength: 3 }),
      adults: fc.integer({ min: 1, max: 3 }),
      reseller,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('pay' as const, 'refund'),
      booking,
      amount: fc.integer({ min: 1, max: 9_000 }),
      named: fc.boolean(),
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        ...(['confirm', 'cancel', 'force', 'extend', 'redeem', 'noShow', 'notes', 'accept', 'reject'] as const),
      ),
      booking,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('exchange' as const), booking }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('product' as const), booking, byHand: fc.nat(2).map((die) => die > 0) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('confirmOrder' as const, 'cancelOrder', 'updateOrder'), booking }),
  },
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

/** Slots of the rowing boat. What is confirmed of the last of them is past its cut-off. */
const slots = (stage: Stage) =>
  ['2026-06-10', '2026-06-12', '2026-06-13', '2026-06-14', '2026-06-01'].map((date) => {
    const { productId, optionId, availabilityId } = stage.rowing({ date });
    return { productId, optionId, availabilityId: availabilityId! };
  });

const cutoff = { cancellationCutoffAmount: 12, cancellationCutoffUnit: 'hour' } as const;
/** What is cancelled of the first of the slots gives back half, of the last nothing, of the others everything. */
const policy = [
  { untilHoursBefore: 24 * 10, refundPercent: 100 },
  { untilHoursBefore: 1, refundPercent: 50 },
];
const percents = new Map([
  ['2026-06-10', 50],
  ['2026-06-01', 0],
]);
const percentBack = ({ availabilityId }: BookingDocument) => percents.get(availabilityId!.slice(0, 10)) ?? 100;

/** A booking that was made, and by whom. */
interface Made {
  readonly booking: BookingDocument;
  readonly party: Party;
}

async function perform(stage: Stage, made: Made[], each: Operation): Promise<void> {
  const { supplier, website, reseller, sample } = stage;
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

const counts = ({ status }: BookingDocument) => !['CANCELLED', 'EXPIRED', 'REJECTED'].includes(status);
const cost = (booking: BookingDocument | undefined) =>
  booking !== undefined && counts(booking) ? booking.pricing.retail : 0;
const owedOf = (booking: BookingDocument | undefined) => (booking?.utcConfirmedAt == null ? 0 : cost(booking));
const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);

/** The fees that are kept after an order's change, by what its bookings and its transactions say alone. */
function retainedAfter(retained: number, before: OrderDocument, after: OrderDocument): number {
  const [told] = after.transactions
    .slice(before.transactions.length)
    .filter(({ type, method }) => type === 'REFUND' && method === 'HAND');
  const fees = before.bookings.map((booking) => {
    const less = owedOf(booking) - owedOf(after.bookings.find(({ uuid }) => uuid === booking.uuid));
    return less > 0 ? less - Math.round((less * percentBack(booking)) / 100) : 0;
  });
  if (told === undefined) return retained + sum(fees);
  // Given back by hand: fees, as far as they were paid. Whose they are is not in the order; without a booking they are anyone's.
  const spare = Math.max(0, before.balance.paid - before.balance.refunded - before.pricing.retail);
  if (told.bookingId === null) return retained - Math.min(retained, told.amount, spare);
  expect(after.balance.retained).toBeLessThanOrEqual(retained);
  expect(after.balance.retained).toBeGreaterThanOrEqual(retained - told.amount);
  return after.balance.retained;
}

/** After every change of every order: payments − refunds + outstanding = price of what is booked + retained fees. */
function expectMoney(events: readonly RecordedEvent[]): void {
  const retained = new Map<string, number>();
  for (const { type, before: from, after: to } of events) {
    if (type !== 'order_update') continue;
    const [before, after] = [from as OrderDocument | null, to as OrderDocument];
    const of = (wanted: string) =>
      sum(after.transactions.filter((each) => each.type === wanted).map(({ amount }) => amount));
    const kept = before === null ? 0 : retainedAfter(retained.get(after.id) ?? 0, before, after);
    retained.set(after.id, kept);
    const { outstanding } = after.balance;
    expect(after.balance.retained).toBe(kept);
    expect(of('PAYMENT') - of('REFUND') + outstanding).toBe(sum(after.bookings.map(cost)) + kept);
    expect(outstanding).toBeGreaterThanOrEqual(0);
    expect(of('REFUND')).toBeLessThanOrEqual(of('PAYMENT'));
    expect(after.transactions.slice(0, before?.transactions.length)).toEqual(before?.transactions ?? []);
    if (after.transactions.some(({ method }) => method === 'HAND')) continue;
    const certain = after.bookings.map((booking) => cost(booking) - owedOf(booking));
    if (after.settlementMethod === 'DIRECT' && !after.testMode) expect(outstanding).toBe(sum(certain));
    else expect(after.transactions).toEqual([]);
  }
}

onEachEngine('whatever happens', (open) => {
  it('places and money add up, and the events tell how everything came to be', {
    timeout: 120_000 * scale,
  }, async () => {
    // A thousand operations at most, from a scale of eleven on.
    const rounds = fc.array(fc.array(operation, { minLength: clients, maxLength: clients }), {
      minLength: Math.min(100, Math.ceil(8 * scale)),
      maxLength: Math.min(125, Math.ceil(12 * scale)),
    });
    await fc.assert(
      fc.asyncProperty(rounds, async (operations) => {
        const db = await open();
        const stage = await openStage(db);
        const definition = await stage.definition('rowing');
        const options = definition.options.map((option) => ({ ...option, ...cutoff, cancellationPolicy: policy }));
        accepted(await stage.supplier.saveProduct(stage.sample.supplierId, { ...definition, options }));
        const byHand = { ...(await stage.definition('cruise')), instantConfirmation: false };
        accepted(await stage.supplier.saveProduct(stage.sample.supplierId, byHand));
        const known = new Set((await stage.events()).map(({ id }) => id));
        const made: Made[] = [];
        for (const round of operations) await Promise.all(round.map((each) => perform(stage, made, each)));

        const parties = [stage.website, stage.reseller];
        const lists = await Promise.all(parties.map((party) => stage.supplier.bookings(party, {})));
        const bookings = lists.flatMap(accepted);
        expect(bookings).toHaveLength(made.length);
        for (const slot of slots(stage)) {
          const { vacancies, capacity } = await stage.slot(slot);
          expect(vacancies! + held(bookings, slot.availabilityId)).toBe(capacity);
        }

        const events = (await stage.events())
          .filter(({ id }) => !known.has(id))
          .sort((one, other) => one.position - other.position);
        expectMoney(events);
        const documents = replayed(events);
        const kept = (type: string) => [...documents.keys()].filter((key) => key.startsWith(type));
        expect(kept('booking_update')).toHaveLength(bookings.length);
        const orders = await db.all<{ id: string; connection_id: string }>('select id, connection_id from orders');
        expect(kept('order_update')).toHaveLength(orders.length);
        for (const each of bookings) expect(documents.get(`booking_update ${each.uuid}`)).toEqual(each);
        for (const slot of slots(stage)) {
          const id = `${slot.productId}/${slot.optionId}/${slot.availabilityId}`;
          const document = documents.get(`availability_update ${id}`) as AnyDocument | undefined;
          if (document !== undefined) expect(document).toEqual(await stage.slot(slot));
        }
        for (const { id, connection_id: connectionId } of orders) {
          const party = { supplierId: stage.sample.supplierId, connectionId };
          const order = accepted(await stage.supplier.order(party, id));
          expect(documents.get(`order_update ${id}`)).toEqual(order);
          for (const each of order.bookings) expect(each).toEqual(bookings.find(({ uuid }) => uuid === each.uuid));
          // What was removed has been cancelled, and of what counts exactly one is primary.
          const standing = new Set(order.bookings.map(({ uuid }) => uuid));
          const gone = bookings.filter((each) => each.orderId === id && !standing.has(each.uuid));
          expect(gone.filter(({ status }) => status !== 'CANCELLED')).toEqual([]);
          const counting = order.bookings.filter(counts);
          expect(counting.filter(({ primary }) => primary)).toHaveLength(Math.min(1, counting.length));
        }
        // A run makes many databases; each would keep its connections until the test ends.
        await db.close();
      }),
      // What is done at once does not happen in the same order again, so that there is nothing to shrink.
      { numRuns: Math.ceil(4 * Math.sqrt(scale)), endOnFailure: true },
    );
  });
});

onEachEngine('a slot with more places than its schedule has', (open) => {
  it('keeps them while they are booked', async () => {
    const stage = await openStage(await open());
    const { productId, optionId, availabilityId } = stage.rowing();
    const slot = { productId, optionId, availabilityId: availabilityId! };
    const { supplierId } = stage.sample;
    accepted(await stage.supplier.editSlot(supplierId, { ...slot, capacity: 12 }));
    for (const adults of [6, 6]) accepted(await stage.supplier.reserve(stage.website, stage.rowing({ adults })));
    const back = await stage.supplier.editSlot(supplierId, { ...slot, capacity: null });
    expect(refusalOf(back)).toMatchObject({ kind: 'unprocessable', message: expect.stringContaining('10') });
    expect(accepted(await stage.supplier.editSlot(supplierId, { ...slot, closed: true }))).toMatchObject({
      capacity: 12,
    });
  });
});
