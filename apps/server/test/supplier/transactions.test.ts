import type { BookingDocument, OrderDocument, RefundStep } from '@carillon/contract';
import { expect, it } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { accepted, guest, openStage, refusalOf, type Stage } from './stage.ts';

/** Everything back until three days before, half of it until one day before. */
const policy: RefundStep[] = [
  { untilHoursBefore: 72, refundPercent: 100 },
  { untilHoursBefore: 24, refundPercent: 50 },
];
const hourMs = 3_600_000;
/** The cruise of the tests leaves on 10 June at 14:00 in Hamburg. */
const departure = Date.UTC(2026, 5, 10, 12);

const entered = ({ transactions }: OrderDocument) => transactions.map(({ type, amount }) => `${type} ${amount}`);

/** The price of an adult, in cents. */
function adultPrice(order: OrderDocument): number {
  return order.bookings[0]!.unitItems[0]!.pricing!.retail;
}

function expectEquation({ balance, pricing, transactions }: OrderDocument): void {
  const of = (type: string) =>
    transactions.filter((each) => each.type === type).reduce((sum, each) => sum + each.amount, 0);
  expect([balance.paid, balance.refunded]).toEqual([of('PAYMENT'), of('REFUND')]);
  expect(balance.paid - balance.refunded + balance.outstanding).toBe(pricing.retail + balance.retained);
}

async function withPolicy(stage: Stage, cancellationPolicy: readonly RefundStep[]): Promise<void> {
  const definition = await stage.definition('cruise');
  const options = definition.options.map((option) => ({ ...option, cancellationPolicy }));
  accepted(await stage.supplier.saveProduct(stage.sample.supplierId, { ...definition, options }));
}

/** A confirmed booking of two adults, in an order of its own. */
async function booked(stage: Stage, party = stage.website) {
  const hold = accepted(await stage.supplier.reserve(party, stage.cruise({ contact: guest })));
  const booking = accepted(await stage.supplier.confirm(party, hold.uuid, {}));
  const order = async () => accepted(await stage.supplier.order(party, booking.orderId));
  return { booking, orderId: booking.orderId, order };
}

/** The events that are recorded from here on. */
async function recordingFrom(stage: Stage) {
  const known = new Set((await stage.events()).map(({ id }) => id));
  return async () => (await stage.events()).filter(({ id }) => !known.has(id));
}

onEachEngine('the transactions of an order', (open) => {
  it('begin with the payment at confirmation, for the booking that was confirmed', async () => {
    const stage = await openStage(await open());
    const hold = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ contact: guest })));
    const held = accepted(await stage.supplier.order(stage.website, hold.orderId));
    expect(held).toMatchObject({ settlementMethods: ['DIRECT'], transactions: [] });
    expect(held.balance).toMatchObject({ paid: 0, outstanding: hold.pricing.retail });
    accepted(await stage.supplier.confirm(stage.website, hold.uuid, {}));
    const order = accepted(await stage.supplier.order(stage.website, hold.orderId));
    expect(order.transactions).toEqual([
      {
        id: expect.any(String),
        type: 'PAYMENT',
        amount: hold.pricing.retail,
        currency: 'EUR',
        currencyPrecision: 2,
        method: 'DIRECT',
        reference: null,
        utcCreatedAt: new Date(stage.clock.now).toISOString(),
        bookingId: hold.id,
      },
    ]);
    expect(order.balance).toMatchObject({ paid: hold.pricing.retail, outstanding: 0 });
    expectEquation(order);
  });

  it('are none where a reseller is invoiced: what it booked is outstanding', async () => {
    const stage = await openStage(await open());
    const { booking, order } = await booked(stage, stage.reseller);
    expect(await order()).toMatchObject({ settlementMethod: 'DEFERRED', transactions: [] });
    expect((await order()).balance.outstanding).toBe(booking.pricing.retail);
  });

  it('come with the supplier’s acceptance where a product is not confirmed instantly', async () => {
    const stage = await openStage(await open());
    const definition = await stage.definition('cruise');
    accepted(await stage.supplier.saveProduct(stage.sample.supplierId, { ...definition, instantConfirmation: false }));
    const { booking, order } = await booked(stage);
    expect(booking.status).toBe('PENDING');
    expect(entered(await order())).toEqual([]);
    accepted(await stage.supplier.accept(stage.website, booking.uuid));
    expect(entered(await order())).toEqual([`PAYMENT ${booking.pricing.retail}`]);
    const rejected = await booked(stage);
    accepted(await stage.supplier.reject(stage.website, rejected.booking.uuid, 'Full'));
    expect(await rejected.order()).toMatchObject({ status: 'CANCELLED', transactions: [], balance: { retained: 0 } });
  });

  it.each([
    [73, 'FULL', 1, 0],
    [71, 'PARTIAL', 0.5, 0.5],
    [20, 'NONE', 0, 1],
  ] as const)('end by the policy: cancelled %i hours before, %s', async (hours, refund, back, kept) => {
    const stage = await openStage(await open());
    await withPolicy(stage, policy);
    const { booking, order } = await booked(stage);
    stage.clock.now = departure - hours * hourMs;
    const cancelled = accepted(await stage.supplier.cancel(stage.website, booking.uuid, { force: hours < 24 }));
    expect(cancelled.cancellation).toMatchObject({ refund });
    const paid = booking.pricing.retail;
    const after = await order();
    expect(entered(after)).toEqual([`PAYMENT ${paid}`, ...(back > 0 ? [`REFUND ${paid * back}`] : [])]);
    expect(after.balance).toMatchObject({ retained: paid * kept, outstanding: 0 });
    expectEquation(after);
  });

  it('follow what a confirmed booking comes to cost', async () => {
    const stage = await openStage(await open());
    await withPolicy(stage, policy);
    const { booking, order } = await booked(stage);
    const price = adultPrice(await order());
    const { unitItems } = stage.cruise({ adults: 3 });
    const kept = booking.unitItems.map(({ uuid, unitId }) => ({ uuid, unitId }));
    accepted(await stage.supplier.update(stage.website, booking.uuid, { unitItems: [...kept, unitItems[2]!] }));
    expect(entered(await order())).toEqual([`PAYMENT ${2 * price}`, `PAYMENT ${price}`]);
    stage.clock.now = departure - 48 * hourMs;
    accepted(await stage.supplier.update(stage.website, booking.uuid, { unitItems: kept.slice(1) }));
    const after = await order();
    expect(entered(after).slice(2)).toEqual([`REFUND ${price}`]);
    expect(after.balance).toMatchObject({ retained: price, outstanding: 0 });
    expectEquation(after);
  });

  it('by hand are a change of the order alone, told in its diff', async () => {
    const stage = await openStage(await open());
    const { orderId, booking } = await booked(stage, stage.reseller);
    const recorded = await recordingFrom(stage);
    const told = { amount: 1_000, method: 'CASH', reference: 'R-7', bookingUuid: booking.uuid };
    const order = accepted(await stage.supplier.pay(stage.reseller, orderId, told));
    expect(order.transactions).toMatchObject([
      { type: 'PAYMENT', amount: 1_000, method: 'CASH', reference: 'R-7', bookingId: booking.id },
    ]);
    expectEquation(order);
    const refunded = accepted(await stage.supplier.refund(stage.reseller, orderId, { amount: 400 }));
    expect(refunded.balance).toMatchObject({ paid: 1_000, refunded: 400, outstanding: booking.pricing.retail - 600 });
    expect(refunded.transactions[1]).toMatchObject({ method: 'DEFERRED', reference: null, bookingId: null });
    expect((await recorded()).map(({ type }) => type)).toEqual(['order_update', 'order_update']);
  });

  it('by hand are refused beyond what is outstanding, or was paid, and for bookings of other orders', async () => {
    const stage = await openStage(await open());
    const { orderId, booking } = await booked(stage);
    const other = await booked(stage);
    const { pay, refund } = stage.supplier;
    const refused = async (result: ReturnType<typeof pay>) => refusalOf(await result).kind;
    expect(await refused(pay(stage.website, orderId, { amount: 1 }))).toBe('unprocessable');
    for (const amount of [booking.pricing.retail + 1, 0, -5, 1.5, Number.NaN]) {
      expect(await refused(refund(stage.website, orderId, { amount }))).toBe('unprocessable');
    }
    const elsewhere = { amount: 1, bookingUuid: other.booking.uuid };
    expect(await refused(refund(stage.website, orderId, elsewhere))).toBe('booking');
    expect(await refused(refund(stage.reseller, orderId, { amount: 1 }))).toBe('order');
  });

  it('by hand give fees back first, and make a cancelled booking’s refund PARTIAL, then FULL', async () => {
    const stage = await openStage(await open());
    const { booking, orderId, order } = await booked(stage);
    stage.clock.now = departure - hourMs;
    accepted(await stage.supplier.cancel(stage.website, booking.uuid, { force: true }));
    const paid = booking.pricing.retail;
    expect((await order()).balance).toMatchObject({ retained: paid, outstanding: 0 });
    const told = { amount: 100, bookingUuid: booking.uuid };
    const half = accepted(await stage.supplier.refund(stage.website, orderId, told));
    expect(half.balance).toMatchObject({ retained: paid - 100, outstanding: 0 });
    expect(half.bookings[0]!.cancellation).toMatchObject({ refund: 'PARTIAL' });
    const rest = { amount: paid - 100, bookingUuid: booking.uuid };
    const all = accepted(await stage.supplier.refund(stage.website, orderId, rest));
    expect(all.balance).toMatchObject({ retained: 0, outstanding: 0 });
    expect(accepted(await stage.supplier.booking(stage.website, booking.uuid))).toMatchObject({
      status: 'CANCELLED',
      cancellation: { refund: 'FULL' },
    });
    expectEquation(all);
  });
});

onEachEngine('the operator', (open) => {
  it('acts on bookings and orders in the name of the connection that made them', async () => {
    const stage = await openStage(await open());
    const { booking, orderId } = await booked(stage, stage.reseller);
    const { supplierId } = stage.sample;
    const { connectionId } = stage.reseller;
    expect(accepted(await stage.supplier.ownerOfBooking(supplierId, booking.uuid))).toEqual({
      supplierId,
      connectionId,
    });
    expect(accepted(await stage.supplier.ownerOfOrder(supplierId, orderId))).toEqual({ supplierId, connectionId });
    expect(refusalOf(await stage.supplier.ownerOfBooking('other', booking.uuid)).kind).toBe('booking');
    expect(refusalOf(await stage.supplier.ownerOfOrder('other', orderId)).kind).toBe('order');
  });

  it('redeems, and marks a no-show, with both events telling it in full', async () => {
    const stage = await openStage(await open());
    for (const [command, status] of [
      ['redeem', 'REDEEMED'],
      ['noShow', 'NOSHOW'],
    ] as const) {
      const { booking, order } = await booked(stage);
      const recorded = await recordingFrom(stage);
      const after = accepted(await stage.supplier[command](stage.website, booking.uuid));
      expect(after.status).toBe(status);
      expect(after.unitItems.map((item) => item.status)).toEqual([status, status]);
      expect((await order()).bookings).toEqual([after]);
      expect(
        (await recorded())
          .map(({ type, after: told }) => [type, (told as BookingDocument | OrderDocument).status])
          .sort(),
      ).toEqual([
        ['booking_update', status],
        ['order_update', 'CONFIRMED'],
      ]);
      expect((await order()).voucher?.utcRedeemedAt).toBe(after.utcRedeemedAt);
    }
  });
});
