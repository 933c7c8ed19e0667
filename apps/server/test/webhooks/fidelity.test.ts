import { capabilityIds, type EventType, eventTypes } from '@carillon/contract';
import { afterEach, expect, it, vi } from 'vitest';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import type { Db } from '../../src/platform/db/index.ts';
import { listen } from '../../src/platform/http/index.ts';
import { createIds } from '../../src/platform/ids/index.ts';
import { createLog } from '../../src/platform/log/index.ts';
import { createSealing, hashKey, randomKey } from '../../src/platform/secrets/index.ts';
import { seedSample } from '../../src/supplier/index.ts';
import { monday } from '../supplier/stage.ts';
import { onEachEngine } from '../support/databases.ts';
import { openReceiver, type Received } from './stage.ts';

const minuteMs = 60_000;
const governing = capabilityIds.filter((id) => id !== 'octo/webhooks');

/** Every set of capabilities that govern fields, as the header lists it. */
const sets = Array.from({ length: 2 ** governing.length }, (_, bits) =>
  governing.filter((_, index) => bits & (2 ** index)).join(','),
);

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
type Json = any;

/** A whole Carillon on a database, spoken to over HTTP, with a clock that stands still. */
async function openServer(db: Db) {
  const clock = { now: monday };
  const now = () => clock.now;
  const key = randomKey('ck');
  const sample = await seedSample(db, { now, newId: createIds({ now }), keyHashes: { website: hashKey(key) } });
  const app = createApp({
    db,
    config: readConfig({ env: {}, flags: {}, command: 'start' }),
    log: createLog({ level: 'silent' }),
    sealing: createSealing([randomKey('secret')]),
    now,
    random: () => 0.5,
    address: () => 'https://carillon.example',
  });
  const listening = await listen({ fetch: (request, env) => app.fetch(request, env), host: '127.0.0.1', port: 0 });
  await app.start();
  const text = async (method: string, path: string, body?: object, headers: Readonly<Record<string, string>> = {}) => {
    const response = await fetch(`${listening.url}/octo${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = await response.text();
    if (response.status !== 200) throw new Error(`${method} ${path}: ${response.status} ${answer}`);
    return answer;
  };
  return {
    app,
    clock,
    sample,
    text,
    call: async (...given: Parameters<typeof text>): Promise<Json> => JSON.parse(await text(...given)),
    async end() {
      await listening.stop(1_000);
      await app.stop(4_000);
    },
  };
}
type Server = Awaited<ReturnType<typeof openServer>>;

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

onEachEngine('the object of an event', (open) => {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  async function opened() {
    const db = await open();
    const server = await openServer(db);
    ends.push(server.end);
    const receiver = await openReceiver();
    ends.push(receiver.close);
    /** Waits until all is delivered, and gives what has arrived since the last time. */
    const arrived = async () => {
      await vi.waitFor(
        async () => {
          const [left] = await db.all(`select id from deliveries where state <> 'delivered' limit 1`);
          expect(left).toBeUndefined();
        },
        { timeout: 10_000, interval: 20 },
      );
      return receiver.received.splice(0);
    };
    return { server, receiver, arrived };
  }

  it('is, byte for byte, what the matching GET answers at that moment, whatever the capabilities and the language', async () => {
    const { server, receiver, arrived } = await opened();
    const { call, clock, sample, app } = server;
    for (const [index, capabilities] of sets.entries()) {
      for (const event of eventTypes) {
        for (const useContactLanguage of [true, false]) {
          const url = `${receiver.url}/${index}/${useContactLanguage}`;
          const request = { event, url, useContactLanguage };
          await call('POST', '/webhooks', request, { 'octo-capabilities': capabilities });
        }
      }
    }

    const { productId, optionId, units } = sample.products.cruise;
    const cruise = (date: string, adults = 1) => ({
      productId,
      optionId,
      availabilityId: `${date}T14:00:00+02:00`,
      unitItems: Array.from({ length: adults }, () => ({ unitId: units.ADULT })),
    });
    const contact = { firstName: 'Ada', lastName: 'Byron', emailAddress: 'ada@example.com', locales: ['pt-BR', 'es-MX'] };
    const first = await call('POST', '/bookings', cruise('2026-06-10', 2));
    const { orderId } = await call('GET', `/bookings/${first.uuid}`, undefined, { 'octo-capabilities': 'octo/cart' });
    const second = await call('POST', '/bookings', { ...cruise('2026-06-11'), orderId });
    const third = await call('POST', '/bookings', cruise('2026-06-12'));
    const { productId: museum } = sample.products.museum;
    const steps: Readonly<Record<string, () => Promise<unknown>>> = {
      confirmed: () => call('POST', `/orders/${orderId}/confirm`, { contact }),
      noted: () => call('PATCH', `/bookings/${first.uuid}`, { notes: 'by the window – ü' }),
      rescheduled: () => call('PATCH', `/bookings/${first.uuid}`, { availabilityId: '2026-06-13T14:00:00+02:00' }),
      'with another unit': () => call('PATCH', `/bookings/${first.uuid}`, { unitItems: cruise('', 3).unitItems }),
      'cancelled, one of two': () => call('POST', `/bookings/${second.uuid}/cancel`, { reason: 'rain' }),
      'cancelled, all': () => call('POST', `/bookings/${first.uuid}/cancel`, {}),
      expired: async () => {
        clock.now += 40 * minuteMs;
        await app.supplier.expireHolds(10, (_, error) => expect(error).toBeUndefined());
        expect(await call('GET', `/bookings/${third.uuid}`)).toMatchObject({ status: 'EXPIRED' });
      },
      'a slot with another capacity': () =>
        app.supplier.editSlot(sample.supplierId, { ...cruise('2026-06-14'), capacity: 3 }),
      'a product with another name': async () => {
        const definition = await definitionOf(productId);
        expect(await app.supplier.saveProduct(sample.supplierId, { ...definition, reference: 'R-1' })).toMatchObject({
          ok: true,
        });
      },
    };
    const definitionOf = async (id: string) => {
      const [row] = await databaseOf(server, id);
      return JSON.parse(row!.definition);
    };
    expect(museum).toBeDefined();

    const told = new Set<EventType>();
    const languages = new Set<string>();
    for (const [step, change] of Object.entries(steps)) {
      await change();
      const received = lastOfEach(await arrived());
      expect(received.length, step).toBeGreaterThan(0);
      for (const { path, headers, body } of received) {
        const payload = JSON.parse(body);
        const [, , index] = path.split('/');
        const language = String(headers['content-language']);
        const asked = { 'octo-capabilities': sets[Number(index)] ?? '', 'accept-language': language };
        const answer = await matchingGet(server, payload.event, payload, asked);
        const key = payload.event.replace('_update', '');
        if (!body.includes(`"${key}":${answer},"diff":[`)) {
          expect(payload[key], `${step}: ${path} ${payload.event}`).toEqual(JSON.parse(answer));
          expect(body, `${step}: the bytes of ${path}`).toContain(`"${key}":${answer},"diff":[`);
        }
        told.add(payload.event);
        languages.add(`${payload.event} ${path.split('/')[3]} ${language}`);
      }
    }
    expect([...told].sort()).toEqual([...eventTypes].sort());
    expect([...languages]).toEqual(expect.arrayContaining(['booking_update true es', 'order_update true es']));
    expect([...languages].filter((one) => one.includes(' false '))).toEqual(
      eventTypes.map((event) => expect.stringContaining(' en') && `${event} false en`).filter((one) => told.size > 0 && one),
    );
  });
});
