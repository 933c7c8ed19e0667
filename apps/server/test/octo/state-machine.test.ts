import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { unexpected } from '../supplier/stage.ts';
import { onEachEngine } from '../support/databases.ts';
import { type Answer, guest, minuteMs, ok, openStage, refused, type Stage } from './stage.ts';

type Shown = Answer['body'];

const hourMs = 60 * minuteMs;
/** The departure of `stage.cruise()`: its cut-off and its last cancellation are an hour before. */
const departure = Date.parse('2026-06-10T14:00:00+02:00');
const iso = (at: number) => new Date(at).toISOString();

/** The calls of one connection on one booking, and what the booking's state should be seen by. */
function desk(stage: Stage, headers: Readonly<Record<string, string>> = {}) {
  const { website } = stage.octo;
  const post = (uuid: string, call: string, body: object = {}) =>
    website('POST', `/bookings/${uuid}/${call}`, body, headers);
  return {
    tryReserve: (request: object = {}) => website('POST', '/bookings', { ...stage.cruise(), ...request }, headers),
    reserve: (request: object = {}): Promise<Shown> =>
      ok(website('POST', '/bookings', { ...stage.cruise(), ...request }, headers)),
    confirm: (uuid: string, body: object = { contact: guest }) => post(uuid, 'confirm', body),
    extend: (uuid: string, body?: object) => post(uuid, 'extend', body),
    cancel: (uuid: string, body?: object) => post(uuid, 'cancel', body),
    update: (uuid: string, body: object) => website('PATCH', `/bookings/${uuid}`, body, headers),
    get: (uuid: string): Promise<Shown> => ok(website('GET', `/bookings/${uuid}`, undefined, headers)),
    vacancies: async (request: Parameters<Stage['slot']>[0] = stage.cruise()) => (await stage.slot(request)).vacancies!,
    /** Expects of a call that it gives the booking as it is already and that nobody hears of it. */
    async repeats(uuid: string, call: () => Promise<Answer>) {
      const [before, events] = [await this.get(uuid), (await stage.events()).length];
      stage.clock.now += 1_000;
      expect(await ok(call())).toEqual(before);
      expect(await stage.events()).toHaveLength(events);
    },
    /** Expects of a call that it is refused with this code and leaves the booking as it was. */
    async refuses(uuid: string, call: () => Promise<Answer>, error: string): Promise<Shown> {
      const [before, events] = [await this.get(uuid), (await stage.events()).length];
      const body = await refused(call(), error);
      expect(await this.get(uuid)).toEqual(before);
      expect(await stage.events()).toHaveLength(events);
      return body;
    },
  };
}

/** The cruise as a product that its supplier confirms by hand, or with whatever else is changed of it. */
async function editCruise({ supplier, sample, definition }: Stage, change: object): Promise<void> {
  const saved = await supplier.saveProduct(sample.supplierId, { ...(await definition('cruise')), ...change });
  expect(saved.ok).toBe(true);
}

onEachEngine('each row of OCTO’s state machine, over HTTP', (open) => {
  test('reserve → ON_HOLD: for the time asked for, else the supplier’s, at most a day and never past the slot’s cut-off', async () => {
    const stage = await openStage(await open());
    const { reserve, vacancies } = desk(stage);
    const { now } = stage.clock;
    const free = await vacancies();
    const held = await reserve();
    expect(held).toMatchObject({ status: 'ON_HOLD', utcConfirmedAt: null, utcRedeemedAt: null, cancellation: null });
    expect(held.utcExpiresAt).toBe(iso(now + 30 * minuteMs));
    expect((await reserve({ expirationMinutes: 5 })).utcExpiresAt).toBe(iso(now + 5 * minuteMs));
    expect((await reserve({ expirationMinutes: 100_000 })).utcExpiresAt).toBe(iso(now + 24 * hourMs));
    expect(await vacancies()).toBe(free - 6);
    stage.clock.now = departure - hourMs - 10 * minuteMs;
    expect((await reserve()).utcExpiresAt).toBe(iso(departure - hourMs));
    stage.clock.now = departure - hourMs;
    await refused(desk(stage).tryReserve(), 'UNPROCESSABLE_ENTITY');
  });

  test('reserve again with the same uuid → the same booking, whatever has become of it; with anything else a refusal', async () => {
    const stage = await openStage(await open());
    const { reserve, tryReserve, confirm, cancel, vacancies } = desk(stage);
    const uuid = randomUUID();
    const free = await vacancies();
    const first = await reserve({ uuid });
    expect(await reserve({ uuid: uuid.toUpperCase() })).toEqual(first);
    await ok(confirm(uuid));
    expect(await reserve({ uuid })).toMatchObject({ uuid, status: 'CONFIRMED' });
    expect(await refused(tryReserve({ uuid, notes: 'another' }), 'INVALID_BOOKING_UUID')).toMatchObject({ uuid });
    const theirs = await stage.octo.reseller('POST', '/bookings', { ...stage.cruise(), uuid });
    expect(theirs).toMatchObject({ status: 400, body: { error: 'INVALID_BOOKING_UUID', uuid } });
    await ok(cancel(uuid));
    expect(await reserve({ uuid })).toMatchObject({ uuid, status: 'CANCELLED' });
    expect(await vacancies()).toBe(free);

    const item = { unitId: stage.sample.products.cruise.units.ADULT, uuid: randomUUID() };
    const held = await reserve({ unitItems: [item] });
    expect(held.unitItems[0].uuid).toBe(item.uuid);
    const taken = await refused(tryReserve({ unitItems: [item] }), 'INVALID_BOOKING_UUID');
    expect(taken).toMatchObject({ uuid: item.uuid });
    await refused(tryReserve({ unitItems: [1, 2].map(() => ({ ...item, uuid })) }), 'UNPROCESSABLE_ENTITY');
    expect(await vacancies()).toBe(free - 1);
  });

  test('ON_HOLD, confirm → CONFIRMED, with codes and without an end; again → the same, unheard', async () => {
    const stage = await openStage(await open());
    const at = desk(stage);
    const { uuid, voucher } = await at.reserve();
    expect(voucher.deliveryOptions).toEqual([]);
    const missing = await at.refuses(uuid, () => at.confirm(uuid, {}), 'UNPROCESSABLE_ENTITY');
    expect(missing.errorMessage).toMatch(/contact\.firstName/);
    await at.refuses(uuid, () => at.confirm(uuid, { contact: 'Ada' }), 'BAD_REQUEST');
    const unknown = { contact: guest, unitItems: [{ unitId: 'x' }] };
    expect(await at.refuses(uuid, () => at.confirm(uuid, unknown), 'INVALID_UNIT_ID')).toMatchObject({ unitId: 'x' });

    stage.clock.now += minuteMs;
    const confirmed = await ok(at.confirm(uuid));
    expect(confirmed).toMatchObject({ uuid, status: 'CONFIRMED', utcExpiresAt: null, cancellation: null });
    expect(confirmed.utcConfirmedAt).toBe(iso(stage.clock.now));
    expect(confirmed.voucher.deliveryOptions).toEqual([
      { deliveryFormat: 'QRCODE', deliveryValue: expect.stringMatching(/./) },
    ]);
    expect(confirmed.unitItems.map((item: Shown) => item.status)).toEqual(['CONFIRMED', 'CONFIRMED']);
    await at.repeats(uuid, () => at.confirm(uuid));
    await at.repeats(uuid, () => at.confirm(uuid, {}));
  });

  test('ON_HOLD, confirm of what the supplier confirms by hand → PENDING, without codes; accepted → CONFIRMED, rejected → REJECTED', async () => {
    const stage = await openStage(await open());
    await editCruise(stage, { instantConfirmation: false });
    const at = desk(stage);
    const free = await at.vacancies();
    const pending = async () => {
      const { uuid } = await at.reserve();
      const shown = await ok(at.confirm(uuid));
      expect(shown).toMatchObject({ status: 'PENDING', utcConfirmedAt: null, utcExpiresAt: null });
      expect(shown.voucher.deliveryOptions).toEqual([]);
      await at.repeats(uuid, () => at.confirm(uuid));
      await at.refuses(uuid, () => at.extend(uuid), 'UNPROCESSABLE_ENTITY');
      return uuid as string;
    };
    const accepted = await pending();
    await stage.supplier.accept(stage.website, accepted);
    expect(await at.get(accepted)).toMatchObject({ status: 'CONFIRMED', utcConfirmedAt: iso(stage.clock.now) });
    expect((await at.get(accepted)).voucher.deliveryOptions).toHaveLength(1);
    expect(await at.vacancies()).toBe(free - 2);

    const rejected = await pending();
    await stage.supplier.reject(stage.website, rejected, 'low tide');
    expect(await at.get(rejected)).toMatchObject({
      status: 'REJECTED',
      rejection: { reason: 'low tide', utcRejectedAt: iso(stage.clock.now) },
    });
    expect(await at.vacancies()).toBe(free - 2);
    await at.refuses(rejected, () => at.confirm(rejected), 'UNPROCESSABLE_ENTITY');

    const cancelled = await pending();
    expect(await ok(at.cancel(cancelled))).toMatchObject({ status: 'CANCELLED' });
    expect(await at.vacancies()).toBe(free - 2);
  });

  test('ON_HOLD, extend → ON_HOLD until later, by a second at least; no other state has more time', async () => {
    const stage = await openStage(await open());
    const at = desk(stage);
    const { uuid, utcExpiresAt, utcCreatedAt } = await at.reserve();
    stage.clock.now += 1_000;
    const extended = await ok(at.extend(uuid));
    expect(extended).toMatchObject({ status: 'ON_HOLD', utcExpiresAt: iso(stage.clock.now + 30 * minuteMs) });
    expect(Date.parse(extended.utcExpiresAt) - Date.parse(utcExpiresAt)).toBe(1_000);
    expect((await ok(at.extend(uuid, { expirationMinutes: 90 }))).utcExpiresAt).toBe(
      iso(stage.clock.now + 90 * minuteMs),
    );
    // Never shorter, and never longer than a day in all.
    await at.repeats(uuid, () => at.extend(uuid, { expirationMinutes: 1 }));
    const most = iso(Date.parse(utcCreatedAt) + 24 * hourMs);
    expect((await ok(at.extend(uuid, { expirationMinutes: 5_000 }))).utcExpiresAt).toBe(most);
    for (const expirationMinutes of [0, -1, 1.5, '30', true, {}]) {
      await at.refuses(uuid, () => at.extend(uuid, { expirationMinutes }), 'BAD_REQUEST');
    }
    await ok(at.confirm(uuid));
    await at.refuses(uuid, () => at.extend(uuid), 'UNPROCESSABLE_ENTITY');
    await ok(at.cancel(uuid));
    await at.refuses(uuid, () => at.extend(uuid), 'UNPROCESSABLE_ENTITY');
  });

  test('ON_HOLD, its time elapses → EXPIRED: the places are free, and it can be neither confirmed nor changed', async () => {
    const stage = await openStage(await open());
    const at = desk(stage);
    const free = await at.vacancies();
    const { uuid } = await at.reserve();
    stage.clock.now += 30 * minuteMs;
    const late = await refused(at.confirm(uuid), 'INVALID_BOOKING_UUID');
    expect(late).toMatchObject({ uuid });
    expect(await stage.supplier.expireHolds(10, unexpected)).toMatchObject({ expired: 1 });
    expect(await at.get(uuid)).toMatchObject({ status: 'EXPIRED', utcConfirmedAt: null });
    // OCTO's validator wants the object of what has ended.
    expect((await at.get(uuid)).cancellation).toMatchObject({ refund: 'NONE', reason: null });
    expect(await at.vacancies()).toBe(free);
    expect(await at.refuses(uuid, () => at.confirm(uuid), 'INVALID_BOOKING_UUID')).toMatchObject({ uuid });
    await at.refuses(uuid, () => at.extend(uuid), 'UNPROCESSABLE_ENTITY');
    await at.refuses(uuid, () => at.update(uuid, { notes: 'late' }), 'UNPROCESSABLE_ENTITY');
    await at.refuses(uuid, () => at.cancel(uuid), 'UNPROCESSABLE_ENTITY');
  });

  test('ON_HOLD, cancel → CANCELLED and not EXPIRED, with the reason; again → the same, unheard', async () => {
    const stage = await openStage(await open());
    const at = desk(stage);
    const free = await at.vacancies();
    const { uuid } = await at.reserve();
    await at.refuses(uuid, () => at.cancel(uuid, { reason: 7 }), 'BAD_REQUEST');
    const cancelled = await ok(at.cancel(uuid, { reason: 'rain' }));
    expect(cancelled).toMatchObject({
      status: 'CANCELLED',
      utcExpiresAt: null,
      utcConfirmedAt: null,
      cancellation: { reason: 'rain', utcCancelledAt: iso(stage.clock.now) },
    });
    expect(cancelled.unitItems.map((item: Shown) => item.status)).toEqual(['CANCELLED', 'CANCELLED']);
    expect(await at.vacancies()).toBe(free);
    await at.repeats(uuid, () => at.cancel(uuid, { reason: 'another' }));
    await at.repeats(uuid, () => stage.octo.website('DELETE', `/bookings/${uuid}`));
    await at.refuses(uuid, () => at.confirm(uuid), 'UNPROCESSABLE_ENTITY');
  });

  test('CONFIRMED, cancel → CANCELLED before the cut-off; after it a refusal, unless by force and without a refund', async () => {
    const stage = await openStage(await open());
    const at = desk(stage);
    const confirmed = async () => {
      const { uuid } = await at.reserve();
      await ok(at.confirm(uuid));
      return uuid as string;
    };
    const [early, late] = [await confirmed(), await confirmed()];
    stage.clock.now = departure - hourMs - 10_000;
    expect(await at.get(early)).toMatchObject({ cancellable: true });
    const cancelled = await ok(stage.octo.website('DELETE', `/bookings/${early}`, { reason: 'ill' }));
    expect(cancelled).toMatchObject({ status: 'CANCELLED', cancellation: { refund: 'FULL', reason: 'ill' } });
    expect(cancelled.utcConfirmedAt).not.toBeNull();
    await at.repeats(early, () => at.cancel(early));
    stage.clock.now = departure - hourMs;
    expect(await at.get(late)).toMatchObject({ cancellable: false });
    const refusal = await at.refuses(late, () => at.cancel(late, { reason: 'ill' }), 'UNPROCESSABLE_ENTITY');
    expect(refusal.errorMessage).toMatch(/cut-off/);
    expect(await ok(at.cancel(late, { force: true, reason: 'ill' }))).toMatchObject({
      status: 'CANCELLED',
      cancellation: { refund: 'NONE' },
    });
  });

  test('CONFIRMED, redeemed → REDEEMED, not come → NOSHOW: it ends there', async () => {
    const stage = await openStage(await open());
    const at = desk(stage);
    for (const [event, status, stamp] of [
      ['redeem', 'REDEEMED', 'utcRedeemedAt'],
      ['noShow', 'NOSHOW', 'utcNoshowedAt'],
    ] as const) {
      const { uuid } = await at.reserve();
      await ok(at.confirm(uuid));
      await stage.supplier[event](stage.website, uuid);
      expect(await at.get(uuid)).toMatchObject({ status, [stamp]: iso(stage.clock.now) });
      for (const call of [() => at.cancel(uuid), () => at.update(uuid, { notes: 'late' }), () => at.extend(uuid)]) {
        await at.refuses(uuid, call, 'UNPROCESSABLE_ENTITY');
      }
    }
  });

  test('ON_HOLD and CONFIRMED, update → the same status and uuid: what is left out stays', async () => {
    const stage = await openStage(await open());
    const at = desk(stage);
    const { uuid, ...held } = await at.reserve({ notes: 'window', resellerReference: 'R-1', contact: guest });
    await at.repeats(uuid, () => at.update(uuid, {}));
    await at.repeats(uuid, () => at.update(uuid, { notes: 'window', productId: held.productId }));
    const restarted = await ok(at.update(uuid, { expirationMinutes: 45 }));
    expect(restarted).toMatchObject({ status: 'ON_HOLD', utcExpiresAt: iso(stage.clock.now + 45 * minuteMs) });
    await ok(at.confirm(uuid));
    const changed = await ok(at.update(uuid, { notes: null, contact: { phoneNumber: '+49 1' }, expirationMinutes: 9 }));
    expect(changed).toMatchObject({
      uuid,
      status: 'CONFIRMED',
      notes: null,
      resellerReference: 'R-1',
      utcExpiresAt: null,
      contact: { firstName: 'Ada', phoneNumber: '+49 1' },
    });
    expect(Date.parse(changed.utcUpdatedAt)).toBeGreaterThan(Date.parse(restarted.utcUpdatedAt));
  });

  test('an update to another slot takes the new one before it gives up the old, or changes nothing', async () => {
    const stage = await openStage(await open());
    const at = desk(stage);
    const boat = stage.rowing({ adults: 6 });
    const { uuid } = await at.reserve(boat);
    await ok(at.confirm(uuid));
    const evening = { ...boat, availabilityId: boat.availabilityId!.replace('T20', 'T18') };
    await at.reserve({ ...evening, unitItems: boat.unitItems.slice(0, 5) });
    const full = { availabilityId: evening.availabilityId };
    await at.refuses(uuid, () => at.update(uuid, full), 'UNPROCESSABLE_ENTITY');
    const soldOut = { availabilityId: '2026-06-11T20:00:00+02:00' };
    await at.refuses(uuid, () => at.update(uuid, soldOut), 'UNPROCESSABLE_ENTITY');
    const nowhere = { availabilityId: '2026-06-11T03:00:00+02:00' };
    expect(await at.refuses(uuid, () => at.update(uuid, nowhere), 'INVALID_AVAILABILITY_ID')).toMatchObject(nowhere);
    for (const [change, code] of [
      [{ productId: 'x' }, 'INVALID_PRODUCT_ID'],
      [{ optionId: 'x' }, 'INVALID_OPTION_ID'],
      [{ unitItems: [{ unitId: 'x' }] }, 'INVALID_UNIT_ID'],
      [{ unitItems: [] }, 'UNPROCESSABLE_ENTITY'],
      [{ unitItems: Array.from({ length: 11 }, () => boat.unitItems[0]) }, 'UNPROCESSABLE_ENTITY'],
    ] as const) {
      await at.refuses(uuid, () => at.update(uuid, change), code);
    }
    expect(await at.vacancies(boat)).toBe(4);
    const free = { availabilityId: '2026-06-12T20:00:00+02:00' };
    expect(await ok(at.update(uuid, free))).toMatchObject({ uuid, status: 'CONFIRMED', ...free });
    expect([await at.vacancies(boat), await at.vacancies({ ...boat, ...free })]).toEqual([10, 4]);
  });

  test('freesale: a product that needs no availability is booked without, and takes no place of any slot', async () => {
    const stage = await openStage(await open());
    const at = desk(stage);
    const free = await at.vacancies();
    await refused(at.tryReserve({ availabilityId: undefined }), 'INVALID_AVAILABILITY_ID');
    await editCruise(stage, { availabilityRequired: false, allowFreesale: true });
    const { uuid, ...held } = await at.reserve({ availabilityId: undefined });
    expect(held).toMatchObject({ freesale: true, availabilityId: null, availability: null, status: 'ON_HOLD' });
    expect(await ok(at.confirm(uuid))).toMatchObject({ status: 'CONFIRMED', freesale: true });
    expect(await at.vacancies()).toBe(free);
    expect(await ok(at.update(uuid, { availabilityId: stage.cruise().availabilityId }))).toMatchObject({
      freesale: false,
      availabilityId: stage.cruise().availabilityId,
    });
    expect(await at.vacancies()).toBe(free - 2);
    expect(await ok(at.cancel(uuid))).toMatchObject({ status: 'CANCELLED' });
    expect(await at.vacancies()).toBe(free);
  });

  test('Octo-Env: test makes a booking that goes through every state and never takes a place', async () => {
    const stage = await openStage(await open());
    const at = desk(stage, { 'octo-env': 'test' });
    const free = await at.vacancies();
    const places: unknown[] = [];
    const seen = async (booking: Shown) => {
      expect(booking.testMode).toBe(true);
      places.push([booking.status, await at.vacancies()]);
      return booking;
    };
    const { uuid } = await seen(await at.reserve());
    await seen(await ok(at.extend(uuid, { expirationMinutes: 60 })));
    await seen(await ok(at.update(uuid, { availabilityId: '2026-06-10T16:00:00+02:00' })));
    const confirmed = await seen(await ok(at.confirm(uuid)));
    await seen(await ok(at.cancel(uuid)));
    const { uuid: other } = await at.reserve();
    stage.clock.now += hourMs;
    await stage.supplier.expireHolds(10, unexpected);
    await seen(await at.get(other));
    expect(places).toEqual(
      ['ON_HOLD', 'ON_HOLD', 'ON_HOLD', 'CONFIRMED', 'CANCELLED', 'EXPIRED'].map((status) => [status, free]),
    );
    const live = desk(stage);
    const booked = await live.reserve();
    const [code, liveCode] = [confirmed, await ok(live.confirm(booked.uuid))].map(
      (booking) => booking.voucher.deliveryOptions[0].deliveryValue,
    );
    // A code that admits nobody can be told from one that does.
    expect(code).toMatch(/test/i);
    expect(liveCode).not.toMatch(/test/i);
    // The environment is that of the reservation: a later call without the header does not make it live.
    expect(booked.testMode).toBe(false);
    expect(await live.get(uuid)).toMatchObject({ testMode: true });
  });
});
