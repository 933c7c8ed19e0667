import { expect, it } from 'vitest';
import { monday, unexpected } from '../supplier/stage.ts';
import { onEachEngine } from '../support/databases.ts';
import { minuteMs, ok, openStage, refused } from './stage.ts';

const at = (minutes: number) => new Date(monday + minutes * minuteMs).toISOString();

onEachEngine('an order without bookings', (open, place) => {
  it('expires when its own time is past, which is told, also after a restart', async () => {
    const where = await place();
    const before = await openStage(await open({ place: where }));
    const made = await ok(before.octo.website('POST', '/orders', { expirationMinutes: 10 }));
    expect(made).toMatchObject({ status: 'ON_HOLD', utcExpiresAt: at(10), cancellable: true, updatable: true });
    await before.db.close();

    const { octo, supplier, clock, events } = await openStage(await open({ place: where }));
    const get = () => ok(octo.website('GET', `/orders/${made.id}`));
    clock.now = monday + 9 * minuteMs;
    expect(await supplier.expireHolds(50, unexpected)).toEqual({ expired: 0, nextAt: monday + 10 * minuteMs });
    expect(await get()).toMatchObject({ status: 'ON_HOLD' });
    clock.now = monday + 10 * minuteMs;
    expect(await supplier.expireHolds(50, unexpected)).toEqual({ expired: 1, nextAt: null });
    expect(await get()).toMatchObject({ status: 'EXPIRED', utcExpiresAt: null, cancellable: false, updatable: false });
    expect(await supplier.expireHolds(50, unexpected)).toEqual({ expired: 0, nextAt: null });
    expect(await events()).toMatchObject([
      { type: 'order_update', subjectId: made.id, before: { status: 'ON_HOLD' }, after: { status: 'EXPIRED' } },
    ]);
  });

  it('is over for whoever acts on it once its time is past, swept or not', async () => {
    const stage = await openStage(await open());
    const { octo, clock, supplier } = stage;
    const { id } = await ok(octo.website('POST', '/orders', { expirationMinutes: 10 }));
    clock.now = monday + 10 * minuteMs;
    for (const swept of [false, true]) {
      if (swept) await supplier.expireHolds(50, unexpected);
      const shown = await ok(octo.website('GET', `/orders/${id}`));
      expect(shown).toMatchObject({ cancellable: false, updatable: false, confirmable: false });
      await refused(octo.website('POST', '/bookings', { ...stage.cruise(), orderId: id }), 'UNPROCESSABLE_ENTITY');
      await refused(octo.website('POST', `/orders/${id}/cancel`), 'UNPROCESSABLE_ENTITY');
      await refused(octo.website('POST', `/orders/${id}/extend`), 'UNPROCESSABLE_ENTITY');
      await refused(octo.website('PATCH', `/orders/${id}`, { expirationMinutes: 5 }), 'UNPROCESSABLE_ENTITY');
      await refused(octo.website('POST', `/orders/${id}/confirm`), 'INVALID_ORDER_ID');
    }
  });

  it('waits longer when it is extended or updated, at most a day in all, and as long as its holds once it has some', async () => {
    const stage = await openStage(await open());
    const { octo, clock, supplier } = stage;
    const { id } = await ok(octo.website('POST', '/orders', { expirationMinutes: 10 }));
    const extend = (body?: object) => ok(octo.website('POST', `/orders/${id}/extend`, body));
    expect(await extend({ expirationMinutes: 5 })).toMatchObject({ utcExpiresAt: at(10) });
    expect(await extend()).toMatchObject({ utcExpiresAt: at(30) });
    const shorter = await ok(octo.website('PATCH', `/orders/${id}`, { expirationMinutes: 20 }));
    expect(shorter).toMatchObject({ utcExpiresAt: at(20) });
    expect(await extend({ expirationMinutes: 500_000 })).toMatchObject({ utcExpiresAt: at(24 * 60) });
    await ok(octo.website('POST', '/bookings', { ...stage.cruise(), orderId: id }));
    expect(await ok(octo.website('GET', `/orders/${id}`))).toMatchObject({ utcExpiresAt: at(30) });
    clock.now = monday + 24 * 60 * minuteMs;
    expect(await supplier.expireHolds(50, unexpected)).toEqual({ expired: 1, nextAt: null });
    expect(await ok(octo.website('GET', `/orders/${id}`))).toMatchObject({ status: 'EXPIRED', bookings: [{}] });
  });

  it('that waited as long as need be can be given a time when it is old, which is never past and at most a day', async () => {
    const { octo, clock, supplier } = await openStage(await open());
    const { id } = await ok(octo.website('POST', '/orders', {}));
    const day = 24 * 60;
    clock.now = monday + 3 * day * minuteMs;
    const wait = (expirationMinutes: number) => ok(octo.website('PATCH', `/orders/${id}`, { expirationMinutes }));
    expect(await wait(500_000)).toMatchObject({ status: 'ON_HOLD', utcExpiresAt: at(4 * day) });
    expect(await wait(10)).toMatchObject({ status: 'ON_HOLD', utcExpiresAt: at(3 * day + 10) });
    expect(await wait(5)).toMatchObject({ status: 'ON_HOLD', utcExpiresAt: at(3 * day + 5) });
    expect(await supplier.expireHolds(50, unexpected)).toEqual({ expired: 0, nextAt: clock.now + 5 * minuteMs });
  });

  it('waits as long as need be when it was not asked for, or was cancelled', async () => {
    const { octo, clock, supplier } = await openStage(await open());
    const patient = await ok(octo.website('POST', '/orders', {}));
    expect(patient).toMatchObject({ utcExpiresAt: null });
    await refused(octo.website('POST', `/orders/${patient.id}/extend`), 'UNPROCESSABLE_ENTITY');
    const { id } = await ok(octo.website('POST', '/orders', { expirationMinutes: 10 }));
    const cancelled = await ok(octo.website('POST', `/orders/${id}/cancel`));
    expect(cancelled).toMatchObject({ status: 'CANCELLED', utcExpiresAt: null });
    clock.now = monday + 11 * minuteMs;
    expect(await supplier.expireHolds(50, unexpected)).toEqual({ expired: 0, nextAt: null });
    expect(await ok(octo.website('GET', `/orders/${patient.id}`))).toMatchObject({ status: 'ON_HOLD' });
  });
});
