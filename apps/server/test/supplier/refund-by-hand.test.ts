import type { BookingDocument } from '@carillon/contract';
import { expect, it } from 'vitest';
import type { Party } from '../../src/supplier/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { accepted, guest, openStage, refusalOf, type Stage } from './stage.ts';

/** An hour before the cruise of the tests leaves: past its cut-off. */
const late = Date.UTC(2026, 5, 10, 11);

/** An order of two confirmed bookings of the cruise, and what can be done with its money. */
async function ofTwo(stage: Stage, party: Party) {
  const request = stage.cruise({ contact: guest });
  const { orderId } = accepted(await stage.supplier.reserve(party, request));
  accepted(await stage.supplier.reserve(party, { ...request, orderId }));
  const order = accepted(await stage.supplier.confirmOrder(party, orderId, {}));
  const [one, other] = order.bookings as [BookingDocument, BookingDocument];
  const read = async () => accepted(await stage.supplier.order(party, orderId));
  const refund = (amount: number, of?: BookingDocument) =>
    stage.supplier.refund(party, orderId, { amount, bookingUuid: of?.uuid });
  const pay = (amount: number, of?: BookingDocument) =>
    stage.supplier.pay(party, orderId, { amount, bookingUuid: of?.uuid });
  const cancel = async ({ uuid }: BookingDocument, force = false) =>
    accepted(await stage.supplier.cancel(party, uuid, { force }));
  const called = async ({ uuid }: BookingDocument) =>
    accepted(await stage.supplier.booking(party, uuid)).cancellation?.refund;
  return { one, other, price: one.pricing.retail, read, refund, pay, cancel, called };
}

onEachEngine('a refund by hand', (open) => {
  it('leaves the fee of another booking, which nobody paid', async () => {
    const stage = await openStage(await open());
    const { one, other, price, refund, pay, cancel } = await ofTwo(stage, stage.reseller);
    stage.clock.now = late;
    await cancel(one, true);
    accepted(await pay(price, other));
    const order = accepted(await refund(price, other));
    expect(order.balance).toMatchObject({ retained: price, outstanding: 2 * price });
  });

  it('of the order gives back only fees that were paid', async () => {
    const stage = await openStage(await open());
    const { one, price, refund, pay, cancel, called } = await ofTwo(stage, stage.reseller);
    stage.clock.now = late;
    await cancel(one, true);
    accepted(await pay(price + 100));
    const order = accepted(await refund(150));
    expect(order.balance).toMatchObject({ retained: price - 100, outstanding: price - 50 });
    expect(await called(one)).toBe('PARTIAL');
  });

  it('is of at most what was paid for its booking, or for the order', async () => {
    const stage = await openStage(await open());
    const { one, other, price, refund, pay } = await ofTwo(stage, stage.reseller);
    accepted(await pay(price, one));
    expect(refusalOf(await refund(1, other)).kind).toBe('unprocessable');
    accepted(await pay(500));
    expect(refusalOf(await refund(501, other)).kind).toBe('unprocessable');
    accepted(await refund(500, other));
    expect(refusalOf(await refund(price + 1, one)).kind).toBe('unprocessable');
    accepted(await refund(price, one));
  });

  it('leaves a booking that was removed from its order out of it, and is told by it', async () => {
    const stage = await openStage(await open());
    const { one, other, refund, cancel, called, read } = await ofTwo(stage, stage.website);
    stage.clock.now = late;
    await cancel(one, true);
    await cancel(other, true);
    accepted(await refund(10, one));
    expect((await read()).bookings.map(({ uuid }) => uuid)).toEqual([other.uuid]);
    expect([await called(one), await called(other)]).toEqual(['PARTIAL', 'NONE']);
  });

  it.each([true, false])('is PARTIAL as long as some of the fee is kept, then FULL (named: %s)', async (named) => {
    const stage = await openStage(await open());
    const { one, other, price, refund, pay, cancel, called } = await ofTwo(stage, stage.reseller);
    accepted(await pay(2 * price));
    stage.clock.now = late;
    await cancel(one, true);
    await cancel(other, true);
    const of = named ? one : undefined;
    accepted(await refund(1, of));
    expect([await called(one), await called(other)]).toEqual(['PARTIAL', 'NONE']);
    accepted(await refund(price - 1, of));
    expect([await called(one), await called(other)]).toEqual(['FULL', 'NONE']);
    accepted(await refund(price));
    expect([await called(one), await called(other)]).toEqual(['FULL', 'FULL']);
  });

  it('is refused for an order of 1,000 transactions, and so is a payment', async () => {
    const stage = await openStage(await open());
    const { refund, pay, read } = await ofTwo(stage, stage.reseller);
    while ((await read()).transactions.length < 1_000) await Promise.all(Array.from({ length: 50 }, () => pay(1)));
    for (const result of [await pay(1), await refund(1)]) {
      expect(refusalOf(result)).toMatchObject({ kind: 'unprocessable', message: expect.stringContaining('1000') });
    }
  });
});

onEachEngine('what was paid by hand', (open) => {
  it('for a booking that waits for its supplier goes back in full, also when it is cancelled late', async () => {
    const stage = await openStage(await open());
    const definition = { ...(await stage.definition('cruise')), instantConfirmation: false };
    accepted(await stage.supplier.saveProduct(stage.sample.supplierId, definition));
    const { one, other, pay, cancel, read } = await ofTwo(stage, stage.website);
    await cancel(other);
    accepted(await pay(1_000, one));
    stage.clock.now = late;
    expect((await cancel(one, true)).cancellation).toMatchObject({ refund: 'FULL' });
    expect((await read()).balance).toMatchObject({ paid: 1_000, refunded: 1_000, outstanding: 0, retained: 0 });
  });

  it('is all that is paid in test mode', async () => {
    const stage = await openStage(await open());
    const request = stage.cruise({ contact: guest, testMode: true });
    const { uuid, orderId } = accepted(await stage.supplier.reserve(stage.website, request));
    const { pricing } = accepted(await stage.supplier.confirm(stage.website, uuid, {}));
    const order = accepted(await stage.supplier.order(stage.website, orderId));
    expect(order).toMatchObject({ transactions: [], balance: { paid: 0, outstanding: pricing.retail } });
    accepted(await stage.supplier.pay(stage.website, orderId, { amount: 700 }));
    accepted(await stage.supplier.cancel(stage.website, uuid, {}));
    const after = accepted(await stage.supplier.order(stage.website, orderId));
    expect(after.balance).toMatchObject({ paid: 700, refunded: 700, outstanding: 0 });
  });
});
