import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { accepted, guest, minuteMs, monday, openStage, refusalOf } from './stage.ts';

onEachEngine('a reservation', (open) => {
  it('with the same uuid and payload gives the same booking, as it is by now', async () => {
    const stage = await openStage(await open());
    const request = stage.cruise({ uuid: randomUUID(), contact: guest });
    const hold = accepted(await stage.supplier.reserve(stage.website, request));
    expect(hold.uuid).toBe(request.uuid);
    const confirmed = accepted(await stage.supplier.confirm(stage.website, hold.uuid, {}));
    const recorded = (await stage.events()).length;
    const { uuid, ...rest } = request;
    expect(accepted(await stage.supplier.reserve(stage.website, { ...rest, uuid: uuid! }))).toEqual(confirmed);
    expect(await stage.events()).toHaveLength(recorded);
    expect((await stage.slot(request)).vacancies).toBe(1_998);
  });

  it('with a uuid that was used for something else, or by somebody else, is refused', async () => {
    const stage = await openStage(await open());
    const uuid = randomUUID();
    const request = stage.cruise({ uuid });
    accepted(await stage.supplier.reserve(stage.website, request));
    const other = await stage.supplier.reserve(stage.website, { ...request, notes: 'Something else' });
    expect(refusalOf(other)).toEqual({ kind: 'booking', uuid });
    expect(refusalOf(await stage.supplier.reserve(stage.reseller, request))).toEqual({ kind: 'booking', uuid });
    expect((await stage.slot(request)).vacancies).toBe(1_998);
  });

  it('with a unit item uuid of another booking is refused, and so is an update', async () => {
    const stage = await openStage(await open());
    const unitId = stage.sample.products.cruise.units.ADULT!;
    const unitItems = [{ uuid: randomUUID(), unitId }];
    accepted(await stage.supplier.reserve(stage.website, stage.cruise({ unitItems })));
    const refusal = { kind: 'booking', uuid: unitItems[0]!.uuid };
    expect(refusalOf(await stage.supplier.reserve(stage.website, stage.cruise({ unitItems })))).toEqual(refusal);
    const { uuid } = accepted(await stage.supplier.reserve(stage.website, stage.cruise()));
    expect(refusalOf(await stage.supplier.update(stage.website, uuid, { unitItems }))).toEqual(refusal);
  });

  it('names the id that is not known', async () => {
    const stage = await openStage(await open());
    const unknown = async (change: object) =>
      refusalOf(await stage.supplier.reserve(stage.website, { ...stage.cruise(), ...change }));
    expect(await unknown({ productId: 'x' })).toEqual({ kind: 'product', productId: 'x' });
    expect(await unknown({ optionId: 'x' })).toEqual({ kind: 'option', optionId: 'x' });
    expect(await unknown({ unitItems: [{ unitId: 'x' }] })).toEqual({ kind: 'unit', unitId: 'x' });
    expect(await unknown({ orderId: 'x' })).toEqual({ kind: 'order', orderId: 'x' });
    for (const availabilityId of [
      'x',
      '2026-06-10T14:00:00Z',
      '2026-06-10T13:00:00+02:00',
      '2026-02-30T14:00:00+01:00',
    ]) {
      expect(await unknown({ availabilityId })).toEqual({ kind: 'availability', availabilityId });
    }
  });

  it('is refused when it is sold out, closed, too late, or against the restrictions', async () => {
    const stage = await openStage(await open());
    const refused = async (request: ReturnType<typeof stage.cruise>) =>
      refusalOf(await stage.supplier.reserve(stage.website, request));
    const unprocessable = (part: string) => ({ kind: 'unprocessable', message: expect.stringContaining(part) });
    expect(await refused(stage.rowing({ date: '2026-06-11' }))).toEqual(unprocessable('sold out'));
    expect(await refused(stage.cruise({ adults: 0 }))).toEqual(unprocessable('at least one'));
    expect(await refused(stage.cruise({ adults: 9 }))).toEqual(unprocessable('at most 8'));
    expect(await refused(stage.cruise({ date: '2026-05-31' }))).toEqual(unprocessable('cut-off has passed'));
    expect(await refused(stage.cruise({ currency: 'USD' }))).toEqual(unprocessable('currency'));
    expect(await refused(stage.cruise({ expirationMinutes: -1 }))).toEqual(unprocessable('expirationMinutes'));
    const { productId, optionId, availabilityId } = stage.cruise();
    const slot = { productId, optionId, availabilityId: availabilityId! };
    accepted(await stage.supplier.editSlot(stage.sample.supplierId, { ...slot, closed: true }));
    expect(await refused(stage.cruise())).toEqual(unprocessable('closed'));
    const recorded = await stage.events();
    expect(recorded.map((event) => event.type)).toEqual(['availability_update']);
  });

  it('lasts as long as it asks for', async () => {
    const stage = await openStage(await open());
    const hold = accepted(await stage.supplier.reserve(stage.website, stage.cruise({ expirationMinutes: 7 })));
    expect(hold.utcExpiresAt).toBe(new Date(monday + 7 * minuteMs).toISOString());
  });

  it('joins the order that it names, if that is of the same connection, mode and still there', async () => {
    const stage = await openStage(await open());
    const { orderId, uuid } = accepted(await stage.supplier.reserve(stage.website, stage.cruise()));
    const second = accepted(await stage.supplier.reserve(stage.website, stage.rowing({ orderId })));
    expect(second).toMatchObject({ orderId, primary: false });
    const order = accepted(await stage.supplier.order(stage.website, orderId));
    expect(order.bookings.map((booking) => booking.uuid)).toEqual([uuid, second.uuid]);
    expect(order.pricing.retail).toBe(2 * 2_900 + 2 * 4_500);
    const foreign = await stage.supplier.reserve(stage.reseller, stage.cruise({ orderId }));
    expect(refusalOf(foreign)).toEqual({ kind: 'order', orderId });
    const test = await stage.supplier.reserve(stage.website, stage.cruise({ orderId, testMode: true }));
    expect(refusalOf(test).kind).toBe('unprocessable');
    accepted(await stage.supplier.cancelOrder(stage.website, orderId, {}));
    const late = await stage.supplier.reserve(stage.website, stage.cruise({ orderId }));
    expect(refusalOf(late).kind).toBe('unprocessable');
  });
});

onEachEngine('two connections', (open) => {
  it('never see or touch each other’s bookings and orders', async () => {
    const stage = await openStage(await open());
    const { supplier, website, reseller } = stage;
    const request = stage.cruise({ contact: guest, resellerReference: 'SAME' });
    const mine = accepted(await supplier.reserve(website, request));
    const theirs = accepted(await supplier.reserve(reseller, request));
    expect(accepted(await supplier.order(reseller, theirs.orderId)).settlementMethod).toBe('DEFERRED');
    const { uuid, orderId } = mine;
    const touched = [
      supplier.booking(reseller, uuid),
      supplier.update(reseller, uuid, { notes: 'Mine now' }),
      supplier.confirm(reseller, uuid, {}),
      supplier.extend(reseller, uuid, {}),
      supplier.cancel(reseller, uuid, {}),
      supplier.redeem(reseller, uuid),
    ];
    for (const result of await Promise.all(touched)) expect(refusalOf(result)).toEqual({ kind: 'booking', uuid });
    const ordered = [
      supplier.order(reseller, orderId),
      supplier.confirmOrder(reseller, orderId, {}),
      supplier.extendOrder(reseller, orderId, {}),
      supplier.cancelOrder(reseller, orderId, {}),
    ];
    for (const result of await Promise.all(ordered)) expect(refusalOf(result)).toEqual({ kind: 'order', orderId });
    expect(accepted(await supplier.bookings(reseller, { resellerReference: 'SAME' }))).toEqual([theirs]);
    expect(accepted(await supplier.booking(website, uuid))).toEqual(mine);
  });

  it('find their own bookings by reference, date of travel, product and option', async () => {
    const stage = await openStage(await open());
    const { supplier, website } = stage;
    const cruise = accepted(await supplier.reserve(website, stage.cruise({ resellerReference: 'R-1' })));
    stage.clock.now += minuteMs;
    const rowing = accepted(await supplier.reserve(website, stage.rowing({ date: '2026-06-20' })));
    const found = async (filter: object) => accepted(await supplier.bookings(website, filter)).map(({ uuid }) => uuid);
    expect(await found({})).toEqual([rowing.uuid, cruise.uuid]);
    expect(await found({ resellerReference: 'R-1' })).toEqual([cruise.uuid]);
    expect(await found({ supplierReference: rowing.supplierReference })).toEqual([rowing.uuid]);
    expect(await found({ localDateStart: '2026-06-20', localDateEnd: '2026-06-20' })).toEqual([rowing.uuid]);
    expect(await found({ localDateEnd: '2026-06-19', optionId: cruise.optionId })).toEqual([cruise.uuid]);
    expect(await found({ productId: rowing.productId, resellerReference: 'R-1' })).toEqual([]);
  });

  it('are told to ask for less when a list would be too long', async () => {
    const stage = await openStage(await open());
    const { supplier, website } = stage;
    const hold = accepted(await supplier.reserve(website, stage.cruise({ resellerReference: 'R-1' })));
    const copies = `with recursive copy (n) as (select 1 union all select n + 1 from copy where n < 1000)`;
    await stage.db.run(
      `insert into bookings (supplier_id, uuid, connection_id, order_id, status, product_id, option_id, local_date, places,
                             supplier_reference, test_mode, fingerprint, created_at)
       ${copies} select supplier_id, 'copy-' || n, connection_id, order_id, status, product_id, option_id, local_date, 0,
                        supplier_reference, test_mode, fingerprint, created_at
                   from copy cross join bookings`,
    );
    await stage.db.run(
      `insert into subjects (supplier_id, type, id, position, event_id)
       ${copies} select supplier_id, type, 'copy-' || n, position, event_id
                   from copy cross join subjects where type = 'booking_update'`,
    );
    const refused = await supplier.bookings(website, { productId: hold.productId });
    expect(refusalOf(refused)).toEqual({ kind: 'unprocessable', message: expect.stringContaining('More than 1000') });
    await stage.db.run(`delete from bookings where uuid = 'copy-7'`);
    expect(accepted(await supplier.bookings(website, { productId: hold.productId }))).toHaveLength(1_000);
    expect(accepted(await supplier.bookings(website, { resellerReference: 'R-1' }))).toEqual([hold]);
  });
});
