import { type EventType, eventTypes, fieldCapabilityIds, followsClock, objectKeys } from '@carillon/contract';
import { diff } from '@carillon/diff';
import { expect, it } from 'vitest';
import type { Db } from '../../src/platform/db/index.ts';
import { guest } from '../supplier/stage.ts';
import { onEachEngine } from '../support/databases.ts';
import { type Json, type Server, serverOpenings } from './server.ts';
import type { Received } from './stage.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Every set of capabilities that govern fields, as the header lists it. */
const sets = Array.from({ length: 2 ** fieldCapabilityIds.length }, (_, bits) =>
  fieldCapabilityIds.filter((_, index) => bits & (2 ** index)).join(','),
);

/** The GET that matches a payload (an availability has no other than the check), as the bytes that it answers. */
async function matchingGet({ text }: Server, event: EventType, payload: Json, headers: Record<string, string>) {
  switch (event) {
    case 'booking_update':
      return text('GET', `/bookings/${payload.booking.uuid}`, undefined, headers);
    case 'order_update':
      return text('GET', `/orders/${payload.order.id}`, undefined, headers);
    case 'product_update':
      return text('GET', `/products/${payload.product.id}`, undefined, headers);
    case 'availability_update': {
      const { productId, optionId, availability } = payload;
      const asked = { productId, optionId, availabilityIds: [availability.id] };
      return (await text('POST', '/availability', asked, headers)).slice(1, -1);
    }
  }
}

/** The last that each webhook was told of each subject. */
function lastOfEach(received: readonly Received[]): Received[] {
  const last = new Map<string, Received>();
  for (const one of received) {
    const { booking, order, product, availability } = JSON.parse(one.body);
    last.set(`${one.path} ${booking?.uuid ?? order?.id ?? product?.id ?? availability?.id}`, one);
  }
  return [...last.values()];
}

/** Reservations of the sample's cruise. */
function cruises({ sample }: Server) {
  const { productId, optionId, units } = sample.products.cruise;
  return (date: string, adults = 1) => ({
    productId,
    optionId,
    availabilityId: `${date}T14:00:00+02:00`,
    unitItems: Array.from({ length: adults }, () => ({ unitId: units.ADULT })),
  });
}

/** Edits the sample's cruise. */
async function editCruise({ app, sample }: Server, db: Db) {
  const { productId } = sample.products.cruise;
  const [row] = await db.all<{ definition: string }>('select definition from products where id = $1', [productId]);
  await app.supplier.saveProduct(sample.supplierId, { ...JSON.parse(row!.definition), reference: 'R-1' });
}

onEachEngine('the object of an event', (open) => {
  const { opened } = serverOpenings(open);

  it('is, byte for byte, what the matching GET answers at that moment, whatever the capabilities and the language', async () => {
    const { db, server, receiver, arrived } = await opened();
    const { call, clock, sample, app } = server;
    for (const [index, capabilities] of sets.entries()) {
      for (const event of eventTypes) {
        // The language of the contact unless told otherwise.
        for (const [ofContact, request] of [
          ['contact', {}],
          ['own', { useContactLanguage: false }],
        ] as const) {
          const url = `${receiver.url}/${index}/${ofContact}`;
          await call('POST', '/webhooks', { event, url, ...request }, { 'octo-capabilities': capabilities });
        }
      }
    }

    const cruise = cruises(server);
    const cart = { 'octo-capabilities': 'octo/cart' };
    const contact = {
      firstName: 'Ada',
      lastName: 'Byron',
      emailAddress: 'ada@example.com',
      locales: ['pt-BR', 'es-MX'],
    };
    const first = await call('POST', '/bookings', cruise('2026-06-10', 2), cart);
    const { uuid, orderId } = first;
    const second = await call('POST', '/bookings', { ...cruise('2026-06-11'), orderId });
    const third = await call('POST', '/bookings', cruise('2026-06-12'));
    const steps: Readonly<Record<string, () => Promise<unknown>>> = {
      confirmed: () => call('POST', `/orders/${orderId}/confirm`, { contact }),
      noted: () => call('PATCH', `/bookings/${uuid}`, { notes: 'by the window – ü' }),
      rescheduled: () => call('PATCH', `/bookings/${uuid}`, { availabilityId: '2026-06-13T14:00:00+02:00' }),
      'with another unit': () => call('PATCH', `/bookings/${uuid}`, { unitItems: cruise('', 3).unitItems }),
      'cancelled, one of two': () => call('POST', `/bookings/${second.uuid}/cancel`, { reason: 'rain' }),
      'cancelled, all': () => call('POST', `/bookings/${uuid}/cancel`, {}),
      expired: async () => {
        clock.now += 40 * minuteMs;
        await app.supplier.expireHolds(10, (_, error) => expect(error).toBeUndefined());
        expect(await call('GET', `/bookings/${third.uuid}`)).toMatchObject({ status: 'EXPIRED' });
      },
      'a slot with another capacity': () =>
        app.supplier.editSlot(sample.supplierId, { ...cruise('2026-06-14'), capacity: 3 }),
      'a product with another reference': () => editCruise(server, db),
    };

    const told = new Set<string>();
    for (const [step, change] of Object.entries(steps)) {
      await change();
      const received = lastOfEach(await arrived());
      expect(received.length, step).toBeGreaterThan(0);
      for (const { path, headers, body } of received) {
        const payload = JSON.parse(body);
        const [, , index, ofContact] = path.split('/');
        const language = String(headers['content-language']);
        const asked = { 'octo-capabilities': sets[Number(index)] ?? '', 'accept-language': language };
        const answer = await matchingGet(server, payload.event, payload, asked);
        const key = objectKeys[payload.event as EventType];
        told.add(`${key}, ${ofContact}: ${language}`);
        const bytes = `"${key}":${answer},"diff":[`;
        if (body.includes(bytes)) continue;
        expect(payload[key], `${step}: ${path}`).toEqual(JSON.parse(answer));
        expect(body, `${step}: ${path}`).toContain(bytes);
      }
    }
    // Products and slots have no guest, and the hold that expired has none yet.
    expect([...told].sort()).toEqual([
      'availability, contact: en',
      'availability, own: en',
      'booking, contact: en',
      'booking, contact: es',
      'booking, own: en',
      'order, contact: en',
      'order, contact: es',
      'order, own: en',
      'product, contact: en',
      'product, own: en',
    ]);
  }, 60_000);

  it('differs from what GET answers later in nothing but what follows the clock', async () => {
    const { db, server, receiver, arrived } = await opened();
    const { call, clock } = server;
    const asked = { 'octo-capabilities': fieldCapabilityIds.join(','), 'accept-language': 'en' };
    for (const event of eventTypes) {
      await call('POST', '/webhooks', { event, url: receiver.url, useContactLanguage: false }, asked);
    }
    await editCruise(server, db);
    const { uuid } = await call('POST', '/bookings', cruises(server)('2026-06-10', 2));
    await call('POST', `/bookings/${uuid}/confirm`, { contact: guest });
    const received = lastOfEach(await arrived());
    clock.now += 30 * dayMs;
    const changed: string[] = [];
    for (const { body } of received) {
      const payload = JSON.parse(body);
      const event: EventType = payload.event;
      const answer = JSON.parse(await matchingGet(server, event, payload, asked));
      changed.push(...diff(payload[objectKeys[event]], answer).map(({ path }) => `${event} ${path}`));
      const ignore = (path: readonly (string | number)[]) => followsClock(event, path);
      expect(diff(payload[objectKeys[event]], answer, { ignore }), event).toEqual([]);
    }
    expect(received.map(({ body }) => JSON.parse(body).event).sort()).toEqual([...eventTypes].sort());
    expect(changed).toEqual(
      expect.arrayContaining([
        'booking_update /cancellable',
        'order_update /bookings/0/updatable',
        'availability_update /available',
      ]),
    );
  });
});
