import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { accepted, guest, minuteMs, openStage, refusalOf, unexpected } from './stage.ts';

onEachEngine('bookings at the same time', (open, place) => {
  it('sells the last ten places to exactly ten of a hundred who ask at once', async () => {
    const stage = await openStage(await open());
    const request = stage.rowing({ adults: 1 });
    const results = await Promise.all(
      Array.from({ length: 100 }, () => stage.supplier.reserve(stage.website, request)),
    );
    expect(results.filter((result) => result.ok)).toHaveLength(10);
    const refusals = results.filter((result) => !result.ok).map((result) => refusalOf(result).kind);
    expect(new Set(refusals)).toEqual(new Set(['unprocessable']));
    expect(await stage.slot(request)).toMatchObject({ vacancies: 0, status: 'SOLD_OUT', available: false });
  });

  it('makes one booking of many reservations with the same uuid at once', async () => {
    const stage = await openStage(await open());
    const request = stage.cruise({ uuid: randomUUID() });
    const results = await Promise.all(Array.from({ length: 20 }, () => stage.supplier.reserve(stage.website, request)));
    const bookings = results.map(accepted);
    for (const booking of bookings) expect(booking).toEqual(bookings[0]);
    expect((await stage.slot(request)).vacancies).toBe(1_998);
  });

  it('makes one booking of them also when there is room for no more, and their unit items have uuids', async () => {
    const stage = await openStage(await open());
    const unitId = stage.sample.products.rowing.units.ADULT!;
    for (const date of ['2026-06-10', '2026-06-12', '2026-06-13', '2026-06-14', '2026-06-15']) {
      const unitItems = Array.from({ length: 10 }, () => ({ uuid: randomUUID(), unitId }));
      const request = stage.rowing({ uuid: randomUUID(), date, unitItems });
      const results = await Promise.all(
        Array.from({ length: 8 }, () => stage.supplier.reserve(stage.website, request)),
      );
      const bookings = results.map(accepted);
      for (const booking of bookings) expect(booking).toEqual(bookings[0]);
    }
  });

  it('gives a unit item uuid to one of those who ask for it at once', async () => {
    const stage = await openStage(await open());
    const { units } = stage.sample.products.cruise;
    const request = stage.cruise({ unitItems: [{ uuid: randomUUID(), unitId: units.ADULT! }] });
    const results = await Promise.all(Array.from({ length: 8 }, () => stage.supplier.reserve(stage.website, request)));
    expect(results.filter((result) => result.ok)).toHaveLength(1);
  });

  it('swaps bookings between two slots both ways at once without getting stuck', async () => {
    const stage = await openStage(await open());
    const [here, there] = [stage.rowing({ adults: 1 }), stage.rowing({ adults: 1, date: '2026-06-12' })];
    const reserve = (request: typeof here) => stage.supplier.reserve(stage.website, request).then(accepted);
    const ones = await Promise.all(Array.from({ length: 5 }, () => reserve(here)));
    const others = await Promise.all(Array.from({ length: 5 }, () => reserve(there)));
    const move = (uuid: string, { availabilityId }: typeof here) =>
      stage.supplier.update(stage.website, uuid, { availabilityId });
    const moved = await Promise.all([
      ...ones.map(({ uuid }) => move(uuid, there)),
      ...others.map(({ uuid }) => move(uuid, here)),
    ]);
    expect(moved.filter((result) => !result.ok)).toEqual([]);
    expect([(await stage.slot(here)).vacancies, (await stage.slot(there)).vacancies]).toEqual([5, 5]);
  });

  it('adds bookings to one order one after the other', async () => {
    const stage = await openStage(await open());
    const { orderId } = accepted(await stage.supplier.reserve(stage.website, stage.cruise()));
    await Promise.all(
      Array.from({ length: 9 }, () => stage.supplier.reserve(stage.website, stage.cruise({ orderId }))),
    );
    const order = accepted(await stage.supplier.order(stage.website, orderId));
    const numbers = order.bookings.map((booking) => Number(booking.supplierReference!.split('-')[1]));
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(order.bookings.filter((booking) => booking.primary)).toHaveLength(1);
  });

  it('expires each hold once, however many nodes do it', async () => {
    const at = await place();
    if (at.engine === 'sqlite') return;
    const one = await openStage(await open({ place: at }));
    const other = await openStage(await open({ place: at }), one.clock);
    const holds = await Promise.all(
      Array.from({ length: 12 }, () => one.supplier.reserve(one.website, one.cruise({ contact: guest }))),
    );
    one.clock.now += 31 * minuteMs;
    const done = await Promise.all([
      one.supplier.expireHolds(50, unexpected),
      other.supplier.expireHolds(50, unexpected),
    ]);
    expect(done.map((each) => each.expired).reduce((sum, count) => sum + count)).toBe(12);
    const expired = (await one.events()).filter(
      (event) => event.type === 'booking_update' && 'status' in event.after && event.after.status === 'EXPIRED',
    );
    expect(new Set(expired.map((event) => event.subjectId))).toEqual(new Set(holds.map((hold) => accepted(hold).uuid)));
    expect(expired).toHaveLength(12);
    expect((await one.slot(one.cruise())).vacancies).toBe(2_000);
  });
});
