import type { BookingDocument, OrderDocument } from '@carillon/contract';
import { apply, diff, invert, type Json, type Operation } from '@carillon/diff';
import { expect, it } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { accepted, guest, minuteMs, openStage, refusalOf, type Stage, unexpected } from './stage.ts';

/** An order of three confirmed bookings: two on the cruise, one in the rowing boat. */
async function ofThree(stage: Stage) {
  const first = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ contact: guest })));
  const { orderId } = first;
  for (const request of [stage.rowing({ orderId, contact: guest }), stage.cruise({ orderId, contact: guest })]) {
    accepted(await stage.supplier.reserve(stage.website, request));
  }
  const order = accepted(await stage.supplier.confirmOrder(stage.website, orderId, {}));
  const read = async () => accepted(await stage.supplier.order(stage.website, orderId));
  return { orderId, order, read, uuids: order.bookings.map(({ uuid }) => uuid) };
}

/** The operations of the last event of a type. */
async function lastDiff(stage: Stage, type: 'booking_update' | 'order_update', id: string): Promise<Operation[]> {
  const events = (await stage.events()).filter((event) => event.type === type && event.subjectId === id);
  const { before, after } = events.sort((one, other) => one.position - other.position).at(-1)!;
  const [from, to] = [before as unknown as Json, after as unknown as Json];
  const operations = diff(from, to);
  expect(apply(from, operations)).toEqual(to);
  expect(apply(to, invert(operations))).toEqual(from);
  return operations;
}

const removed = (operations: readonly Operation[]) =>
  operations.filter((each) => each.op === 'remove').map(({ path, was }) => [path, was]);
const codesOf = ({ voucher }: OrderDocument) => voucher?.deliveryOptions.map(({ deliveryValue }) => deliveryValue);
const codeOf = ({ voucher }: BookingDocument) => voucher?.deliveryOptions[0]?.deliveryValue;

onEachEngine('the tickets of an order', (open) => {
  it('are one voucher with the code of each of its bookings', async () => {
    const stage = await openStage(await open());
    const { order } = await ofThree(stage);
    expect(codesOf(order)).toEqual(order.bookings.map(codeOf));
    expect(new Set(codesOf(order)).size).toBe(3);
  });

  it('lose those of a cancelled booking, which the diff removes with what they were', async () => {
    const stage = await openStage(await open());
    const { orderId, order, uuids, read } = await ofThree(stage);
    const cancelled = accepted(await stage.supplier.cancel(stage.website, uuids[1]!, { reason: 'Ill' }));
    expect(cancelled).toMatchObject({ status: 'CANCELLED', cancellation: { refund: 'FULL', reason: 'Ill' } });
    const after = await read();
    expect(after).toMatchObject({ status: 'CONFIRMED', utcConfirmedAt: order.utcConfirmedAt });
    expect(after.bookings.map(({ uuid }) => uuid)).toEqual([uuids[0], uuids[2]]);
    expect(removed(await lastDiff(stage, 'order_update', orderId))).toEqual([
      ['/bookings/1', order.bookings[1]],
      ['/voucher/deliveryOptions/1', order.voucher!.deliveryOptions[1]],
    ]);
    const own = await lastDiff(stage, 'booking_update', uuids[1]!);
    expect(own).toContainEqual({ op: 'replace', path: '/status', was: 'CONFIRMED', value: 'CANCELLED' });
    expect(accepted(await stage.supplier.booking(stage.website, uuids[1]!))).toEqual(cancelled);
    expect(accepted(await stage.supplier.cancel(stage.website, uuids[1]!, {}))).toEqual(cancelled);
  });

  it('have another primary booking when theirs is cancelled, and the contact of that one', async () => {
    const stage = await openStage(await open());
    const { orderId, uuids, read } = await ofThree(stage);
    const contact = { firstName: 'Mary', lastName: 'Somerville', locales: ['es'] };
    accepted(await stage.supplier.update(stage.website, uuids[1]!, { contact }));
    expect((await read()).contact.lastName).toBe('Byron');
    const cancelled = accepted(await stage.supplier.cancel(stage.website, uuids[0]!, {}));
    expect(cancelled.primary).toBe(false);
    const order = await read();
    expect(order.contact).toMatchObject({ lastName: 'Somerville', locales: ['es'] });
    expect(order.bookings.map(({ primary }) => primary)).toEqual([true, false]);
    const own = await lastDiff(stage, 'booking_update', uuids[1]!);
    expect(own.map(({ path }) => path).sort()).toEqual(['/primary', '/utcUpdatedAt']);
    expect(accepted(await stage.supplier.booking(stage.website, uuids[1]!))).toEqual(order.bookings[0]);
    expect(removed(await lastDiff(stage, 'order_update', orderId)).map(([path]) => path)).toEqual([
      '/bookings/0',
      '/voucher/deliveryOptions/0',
    ]);
  });

  it('have the contact that they had when the next primary booking says nothing of the guest', async () => {
    const stage = await openStage(await open());
    const first = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ contact: guest })));
    const { orderId } = first;
    const second = accepted(await stage.supplier.reserve(stage.website, stage.rowing({ orderId })));
    accepted(await stage.supplier.cancel(stage.website, first.uuid, {}));
    const read = async () => accepted(await stage.supplier.order(stage.website, orderId));
    expect((await read()).contact).toEqual(first.contact);
    accepted(await stage.supplier.update(stage.website, second.uuid, { notes: 'Late' }));
    expect((await read()).contact).toEqual(first.contact);
    accepted(await stage.supplier.update(stage.website, second.uuid, { contact: { firstName: 'Mary' } }));
    expect((await read()).contact.fullName).toBe('Mary');
    accepted(await stage.supplier.update(stage.website, second.uuid, { contact: { firstName: null, fullName: null } }));
    expect((await read()).contact.fullName).toBeNull();
  });

  it('end with the last booking, which stays in its order: both are CANCELLED', async () => {
    const stage = await openStage(await open());
    const { uuids, read } = await ofThree(stage);
    for (const uuid of uuids) accepted(await stage.supplier.cancel(stage.website, uuid, {}));
    const order = await read();
    expect(order).toMatchObject({ status: 'CANCELLED', bookings: [{ uuid: uuids[2], status: 'CANCELLED' }] });
    expect(codesOf(order)).toEqual([]);
    expect(order.balance).toMatchObject({ outstanding: 0, retained: 0, paid: order.balance.refunded });
  });

  it('of a hold that expires stay in their order, without being primary', async () => {
    const stage = await openStage(await open());
    const short = stage.cruise({ contact: guest, expirationMinutes: 5 });
    const first = accepted(await stage.supplier.reserve(stage.website, short));
    const { orderId } = first;
    const second = accepted(await stage.supplier.reserve(stage.website, stage.rowing({ orderId, contact: guest })));
    stage.clock.now += 6 * minuteMs;
    await stage.supplier.expireHolds(10, unexpected);
    const order = accepted(await stage.supplier.order(stage.website, orderId));
    expect(order.bookings.map(({ uuid, status, primary }) => [uuid, status, primary])).toEqual([
      [first.uuid, 'EXPIRED', false],
      [second.uuid, 'ON_HOLD', true],
    ]);
    const confirmed = accepted(await stage.supplier.confirm(stage.website, second.uuid, {}));
    expect(confirmed.primary).toBe(true);
  });

  it('of each unit go and come with it', async () => {
    const stage = await openStage(await open());
    const definition = await stage.definition('cruise');
    accepted(await stage.supplier.saveProduct(stage.sample.supplierId, { ...definition, deliveryMethods: ['TICKET'] }));
    const hold = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ contact: guest, adults: 3 })));
    const { uuid, orderId } = hold;
    const booking = accepted(await stage.supplier.confirm(stage.website, uuid, {}));
    const read = async () => accepted(await stage.supplier.order(stage.website, orderId));
    const codes = booking.unitItems.map(({ ticket }) => ticket!.deliveryOptions[0]!.deliveryValue);
    expect(codesOf(await read())).toEqual(codes);

    const [one, two, three] = booking.unitItems.map((item) => ({ uuid: item.uuid, unitId: item.unitId }));
    accepted(await stage.supplier.update(stage.website, uuid, { unitItems: [one!, three!] }));
    expect(removed(await lastDiff(stage, 'order_update', orderId))).toEqual([
      ['/bookings/0/unitItems/1', booking.unitItems[1]],
      ['/voucher/deliveryOptions/1', { deliveryFormat: 'QRCODE', deliveryValue: codes[1] }],
    ]);
    expect(removed(await lastDiff(stage, 'booking_update', uuid)).map(([path]) => path)).toEqual(['/unitItems/1']);

    const child = { uuid: one!.uuid, unitId: stage.sample.products.cruise.units.CHILD! };
    accepted(await stage.supplier.update(stage.website, uuid, { unitItems: [child, three!] }));
    const exchanged = await lastDiff(stage, 'order_update', orderId);
    expect(exchanged.map(({ path }) => path)).toContain('/bookings/0/unitItems/0/unitId');
    const [other, same] = codesOf(await read())!;
    expect(same).toBe(codes[2]);
    expect(codes).not.toContain(other);
    const gone = await stage.supplier.update(stage.website, uuid, { unitItems: [child, two!] });
    expect(accepted(gone).unitItems[1]!.ticket!.deliveryOptions[0]!.deliveryValue).not.toBe(codes[1]);
  });

  it('in test mode say that they are not valid', async () => {
    const stage = await openStage(await open());
    const request = { testMode: true, bookings: [stage.cruise({ contact: guest }), stage.rowing({ contact: guest })] };
    const { id } = accepted(await stage.supplier.createOrder(stage.website, request));
    const order = accepted(await stage.supplier.confirmOrder(stage.website, id, {}));
    expect(order.testMode).toBe(true);
    expect(codesOf(order)).toHaveLength(2);
    for (const code of codesOf(order)!) expect(code).toMatch(/^TEST-NOT-VALID-/);
  });
});

onEachEngine('an order with a contact of its own', (open) => {
  it('keeps it, whatever becomes of its bookings', async () => {
    const stage = await openStage(await open());
    const { orderId, uuids, read } = await ofThree(stage);
    const contact = { emailAddress: 'office@example.com', locales: ['es'] };
    const known = new Set((await stage.events()).map(({ id }) => id));
    const order = accepted(await stage.supplier.updateOrder(stage.website, orderId, { contact }));
    expect(order.contact).toMatchObject({ ...contact, lastName: 'Byron' });
    const recorded = (await stage.events()).filter(({ id }) => !known.has(id));
    expect(recorded.map(({ type }) => type)).toEqual(['order_update']);
    const paths = (await lastDiff(stage, 'order_update', orderId)).map(({ path }) => path.split('/')[1]);
    expect(new Set(paths)).toEqual(new Set(['contact', 'utcUpdatedAt']));
    accepted(await stage.supplier.cancel(stage.website, uuids[0]!, {}));
    expect((await read()).contact).toEqual(order.contact);
  });

  it('is not changed by a confirmation of what is confirmed already', async () => {
    const stage = await openStage(await open());
    const { orderId } = await ofThree(stage);
    const order = accepted(await stage.supplier.updateOrder(stage.website, orderId, { contact: { notes: 'Dog' } }));
    const again = await stage.supplier.confirmOrder(stage.website, orderId, { contact: { notes: 'Cat' } });
    expect(accepted(again)).toEqual(order);
  });

  it('is not changed by an update that says nothing new', async () => {
    const stage = await openStage(await open());
    const { orderId } = await ofThree(stage);
    const contact = { emailAddress: 'office@example.com' };
    const order = accepted(await stage.supplier.updateOrder(stage.website, orderId, { contact }));
    const before = (await stage.events()).length;
    expect(accepted(await stage.supplier.updateOrder(stage.website, orderId, { contact }))).toEqual(order);
    expect(accepted(await stage.supplier.updateOrder(stage.website, orderId, {}))).toEqual(order);
    expect(await stage.events()).toHaveLength(before);
  });

  it('cannot be changed past the cut-off, or once it has ended', async () => {
    const stage = await openStage(await open());
    const { orderId } = await ofThree(stage);
    const update = () => stage.supplier.updateOrder(stage.website, orderId, { contact: { firstName: 'A' } });
    stage.clock.now = Date.UTC(2026, 5, 10, 11, 59);
    expect(refusalOf(await update()).kind).toBe('unprocessable');
    accepted(await stage.supplier.cancelOrder(stage.website, orderId, { force: true }));
    expect(refusalOf(await update())).toMatchObject({ message: expect.stringContaining('CANCELLED') });
  });
});
