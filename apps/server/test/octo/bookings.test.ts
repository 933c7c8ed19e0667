import { randomUUID } from 'node:crypto';
import { type BookingDocument, view } from '@carillon/contract';
import { expect, test } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { guest, minuteMs, ok, openStage, refused, type Stage } from './stage.ts';

const all = 'octo/pricing, octo/content, octo/cart';

async function hold(stage: Stage, request: object = {}, headers: Record<string, string> = {}) {
  return ok(stage.octo.website('POST', '/bookings', { ...stage.cruise(), ...request }, headers));
}

async function confirmed(stage: Stage, request: object = {}) {
  const { uuid } = await hold(stage, request);
  return ok(stage.octo.website('POST', `/bookings/${uuid}/confirm`, { contact: guest }));
}

onEachEngine('bookings over OCTO', (open) => {
  test('a hold has every field of OCTO, null where there is nothing', async () => {
    const stage = await openStage(await open());
    const booking = await hold(stage, { testMode: true });
    expect(booking).toMatchObject({
      uuid: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      testMode: false,
      resellerReference: null,
      status: 'ON_HOLD',
      utcExpiresAt: '2026-06-01T08:30:00.000Z',
      utcRedeemedAt: null,
      utcConfirmedAt: null,
      availabilityId: '2026-06-10T14:00:00+02:00',
      availability: { id: '2026-06-10T14:00:00+02:00', vacancies: null, capacity: null },
      cancellation: null,
      freesale: false,
      notes: null,
      deliveryMethods: ['VOUCHER'],
      voucher: { redemptionMethod: 'DIGITAL', utcRedeemedAt: null, deliveryOptions: [] },
    });
    const contact = {
      fullName: null,
      firstName: null,
      lastName: null,
      emailAddress: null,
      phoneNumber: null,
      locales: [],
      postalCode: null,
      country: null,
      notes: null,
      allowMarketing: false,
    };
    expect(booking.contact).toEqual(contact);
    for (const item of booking.unitItems) {
      expect(item).toMatchObject({ resellerReference: null, utcRedeemedAt: null, ticket: null, contact });
      expect(item).toHaveProperty('supplierReference');
    }
    for (const hidden of ['orderId', 'orderReference', 'primary', 'pricing'])
      expect(booking).not.toHaveProperty(hidden);
  });

  test('what GET shows is byte for byte what an event shows to a webhook with the same capabilities and language', async () => {
    const stage = await openStage(await open());
    const { uuid } = await confirmed(stage, { contact: { ...guest, locales: ['de'] } });
    const [event] = (await stage.events()).filter(({ type }) => type === 'booking_update').slice(-1);
    for (const [capabilities, language] of [
      [all, 'de'],
      ['', 'en'],
      ['content', 'es'],
    ] as const) {
      const headers = {
        authorization: 'Bearer key-of-the-website',
        'octo-capabilities': capabilities,
        'accept-language': language,
      };
      const response = await stage.request(`/octo/bookings/${uuid}`, { headers });
      const ids = new Set(
        capabilities.split(', ').flatMap((id) => (id === 'content' ? ['octo/content' as const] : [])),
      );
      const audience = {
        capabilities: capabilities === all ? new Set(['octo/pricing', 'octo/content', 'octo/cart'] as const) : ids,
        language,
        fallback: 'en',
      };
      const shown = view('booking_update', event!.after as BookingDocument, audience, stage.clock.now);
      expect(await response.text()).toBe(JSON.stringify(shown));
    }
  });

  test('a reservation that is sent twice with the same uuid is made once; with other contents it is refused', async () => {
    const stage = await openStage(await open());
    const uuid = randomUUID();
    const first = await hold(stage, { uuid: uuid.toUpperCase() });
    expect(first.uuid).toBe(uuid);
    expect(await hold(stage, { uuid })).toEqual(first);
    const error = await refused(
      stage.octo.website('POST', '/bookings', { ...stage.cruise({ adults: 3 }), uuid }),
      'INVALID_BOOKING_UUID',
    );
    expect(error.uuid).toBe(uuid);
    expect((await stage.slot(stage.cruise())).vacancies).toBe(1_998);
  });

  test('the header Octo-Env makes a booking in test mode, which takes no place', async () => {
    const stage = await openStage(await open());
    const booking = await hold(stage, {}, { 'octo-env': 'test' });
    expect(booking.testMode).toBe(true);
    expect((await stage.slot(stage.cruise())).vacancies).toBe(2_000);
  });

  test('an extension makes a hold longer', async () => {
    const stage = await openStage(await open());
    const { uuid, utcExpiresAt } = await hold(stage);
    const longer = await ok(stage.octo.website('POST', `/bookings/${uuid}/extend`, { expirationMinutes: 45 }));
    expect(Date.parse(longer.utcExpiresAt) - Date.parse(utcExpiresAt)).toBe(15 * minuteMs);
  });

  test('a confirmation takes contact, reference, notes and other units, and gives a code', async () => {
    const stage = await openStage(await open());
    const { uuid } = await hold(stage);
    const unitId = stage.sample.products.cruise.units.CHILD;
    const booking = await ok(
      stage.octo.website(
        'POST',
        `/bookings/${uuid}/confirm`,
        {
          contact: guest,
          resellerReference: 'R-7',
          notes: 'wheelchair',
          unitItems: [{ unitId: stage.sample.products.cruise.units.ADULT }, { unitId }, { unitId }],
        },
        { 'octo-capabilities': 'octo/pricing' },
      ),
    );
    expect(booking).toMatchObject({
      uuid,
      status: 'CONFIRMED',
      utcExpiresAt: null,
      resellerReference: 'R-7',
      notes: 'wheelchair',
      contact: { firstName: 'Ada', lastName: 'Byron', fullName: 'Ada Byron' },
      pricing: { retail: 2_900 + 2 * 1_500 },
    });
    expect(booking.utcConfirmedAt).not.toBeNull();
    expect(booking.unitItems).toHaveLength(3);
    expect(booking.voucher.deliveryOptions).toHaveLength(1);
  });

  test('a confirmation without the required contact is UNPROCESSABLE_ENTITY and leaves the hold', async () => {
    const stage = await openStage(await open());
    const { uuid } = await hold(stage);
    await refused(stage.octo.website('POST', `/bookings/${uuid}/confirm`), 'UNPROCESSABLE_ENTITY');
    expect(await ok(stage.octo.website('GET', `/bookings/${uuid}`))).toMatchObject({ status: 'ON_HOLD' });
  });

  test('an update reschedules, changes units by their uuids, and changes the product; the uuid stays', async () => {
    const stage = await openStage(await open());
    const booking = await confirmed(stage);
    const patch = (request: object) => ok(stage.octo.website('PATCH', `/bookings/${booking.uuid}`, request));
    const moved = await patch({ availabilityId: '2026-06-11T10:00:00+02:00' });
    expect(moved).toMatchObject({
      uuid: booking.uuid,
      availabilityId: '2026-06-11T10:00:00+02:00',
      status: 'CONFIRMED',
    });
    expect((await stage.slot(stage.cruise())).vacancies).toBe(2_000);

    const { uuid: kept, unitId } = booking.unitItems[0];
    const units = await patch({ unitItems: [{ uuid: kept, unitId }, { unitId }, { unitId }] });
    const uuids = units.unitItems.map((item: { uuid: string }) => item.uuid);
    expect(uuids).toContain(kept);
    expect(uuids).not.toContain(booking.unitItems[1].uuid);
    expect(uuids).toHaveLength(3);

    const { testMode, ...rowing } = stage.rowing();
    const other = await patch(rowing);
    expect(other).toMatchObject({ uuid: booking.uuid, productId: rowing.productId, status: 'CONFIRMED' });
    expect((await stage.slot(rowing)).vacancies).toBe(8);

    const contact = await patch({ contact: { lastName: 'Lovelace', phoneNumber: null }, notes: null });
    expect(contact.contact).toMatchObject({ firstName: 'Ada', lastName: 'Lovelace' });
  });

  test('bookings are listed by reference, by date of travel and by product, and not without a filter', async () => {
    const stage = await openStage(await open());
    const one = await hold(stage, { resellerReference: 'R 1/ä' });
    const other = await hold(stage, stage.rowing({ date: '2026-06-12' }));
    const uuids = async (query: string) =>
      (await ok(stage.octo.website('GET', `/bookings?${query}`))).map((booking: { uuid: string }) => booking.uuid);
    expect(await uuids(`resellerReference=${encodeURIComponent('R 1/ä')}`)).toEqual([one.uuid]);
    expect(await uuids(`supplierReference=${other.supplierReference}`)).toEqual([other.uuid]);
    expect(await uuids('localDate=2026-06-10')).toEqual([one.uuid]);
    expect(await uuids('localDateStart=2026-06-11&localDateEnd=2026-06-30')).toEqual([other.uuid]);
    expect(await uuids(`productId=${one.productId}`)).toEqual([one.uuid]);
    expect(await uuids('resellerReference=nobody')).toEqual([]);
    for (const query of [
      '',
      '?',
      '?resellerReference=',
      '?colour=red',
      '?localDateStart=2026-06-11',
      '?localDate=soon',
    ]) {
      await refused(stage.octo.website('GET', `/bookings${query}`), 'BAD_REQUEST');
    }
  });

  test.each(['nothing', 'invalidUUID', '%00', '%ff', '%F0%9F%91%A9', '00000000-0000-4000-8000-000000000000'])(
    'the uuid %s is nobody’s: INVALID_BOOKING_UUID',
    async (uuid) => {
      const { octo } = await openStage(await open());
      for (const [method, path, body] of [
        ['GET', ''],
        ['PATCH', '', {}],
        ['DELETE', ''],
        ['POST', '/confirm', { contact: guest }],
        ['POST', '/extend', {}],
        ['POST', '/cancel', {}],
      ] as const) {
        const error = await refused(octo.website(method, `/bookings/${uuid}${path}`, body), 'INVALID_BOOKING_UUID');
        expect(error.uuid).toEqual(expect.any(String));
      }
    },
  );

  test('a reservation that cannot be is refused with the code of OCTO, and takes no place', async () => {
    const stage = await openStage(await open());
    const { unitItems, ...rest } = stage.rowing();
    const refuse = (request: object, error: string) => refused(stage.octo.website('POST', '/bookings', request), error);
    await refuse(rest, 'UNPROCESSABLE_ENTITY');
    await refuse({ ...rest, unitItems: [] }, 'UNPROCESSABLE_ENTITY');
    expect(await refuse({ ...rest, unitItems: [{ unitId: 'x' }] }, 'INVALID_UNIT_ID')).toMatchObject({ unitId: 'x' });
    expect(await refuse({ ...rest, unitItems: [{}] }, 'INVALID_UNIT_ID')).toMatchObject({ unitId: '' });
    const slotless = { ...rest, unitItems, availabilityId: undefined };
    expect(await refuse(slotless, 'INVALID_AVAILABILITY_ID')).toMatchObject({ availabilityId: '' });
    const elsewhen = { ...rest, unitItems, availabilityId: '2026-06-10T03:00:00+02:00' };
    expect(await refuse(elsewhen, 'INVALID_AVAILABILITY_ID')).toMatchObject({
      availabilityId: elsewhen.availabilityId,
    });
    await refuse(stage.rowing({ adults: 11 }), 'UNPROCESSABLE_ENTITY');
    const soldOut = stage.rowing({ date: '2026-06-11' });
    await refuse(soldOut, 'UNPROCESSABLE_ENTITY');
    const order = randomUUID();
    expect(await refuse({ ...rest, unitItems, orderId: order }, 'INVALID_ORDER_ID')).toMatchObject({ orderId: order });
    expect((await stage.slot(stage.rowing())).vacancies).toBe(10);
    expect(await stage.events()).toEqual([]);
  });
});
