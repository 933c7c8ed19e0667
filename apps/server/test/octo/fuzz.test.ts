import {
  availabilityRequest,
  bookingFilter,
  calendarRequest,
  cancellationRequest,
  confirmationRequest,
  extensionRequest,
  orderConfirmationRequest,
  reservationRequest,
  updateRequest,
  webhookCreation,
  webhookDeletion,
  webhookPatch,
} from '@carillon/contract';
import fc, { type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';
import type { core } from 'zod';
import { octoLimits } from '../../src/octo/index.ts';
import { type OpenDatabase, onEachEngine } from '../support/databases.ts';
import { runs } from '../support/scale.ts';
import { junk, type Known, queriesOf, requestsOf } from './arbitrary.ts';
import { guest, ok, openStage, type Stage } from './stage.ts';

/** Every call that takes something from its caller: the path with a place for the id, and the schema of what it takes. */
const endpoints = [
  ['GET', '/products/{productId}', undefined],
  ['POST', '/availability', availabilityRequest],
  ['POST', '/availability/calendar', calendarRequest],
  ['POST', '/bookings', reservationRequest],
  ['GET', '/bookings', bookingFilter],
  ['GET', '/bookings/{uuid}', undefined],
  ['PATCH', '/bookings/{uuid}', updateRequest],
  ['POST', '/bookings/{uuid}/confirm', confirmationRequest],
  ['POST', '/bookings/{uuid}/extend', extensionRequest],
  ['POST', '/bookings/{uuid}/cancel', cancellationRequest],
  ['DELETE', '/bookings/{uuid}', cancellationRequest],
  ['GET', '/orders/{orderId}', undefined],
  ['POST', '/orders/{orderId}/confirm', orderConfirmationRequest],
  ['POST', '/orders/{orderId}/extend', extensionRequest],
  ['POST', '/orders/{orderId}/cancel', cancellationRequest],
  ['POST', '/webhooks', webhookCreation],
  ['GET', '/webhooks/{id}', undefined],
  ['PATCH', '/webhooks/{id}', webhookPatch],
  ['DELETE', '/webhooks/{id}', undefined],
  ['DELETE', '/webhooks', webhookDeletion],
] as const;

/** What only the other connection may see. */
const secret = 'SECRET-OF-THE-RESELLER';

interface Pool {
  readonly known: Known;
  /** What a caller may ask for, and delete by, but not write: otherwise it would be shown what it wrote itself. */
  readonly asked: Known;
  /** Of the other connection. */
  readonly theirs: { readonly uuid: string; readonly orderId: string; readonly webhookId: string };
}

/** Fills the database with bookings of the caller in several states, and with one and a webhook of another connection. */
async function fill(stage: Stage): Promise<Pool> {
  const { website, reseller } = stage.octo;
  const cart = { 'octo-capabilities': 'cart' };
  const mine = [];
  for (const request of [stage.cruise(), stage.rowing(), stage.cruise({ date: '2026-06-11' }), stage.cruise()]) {
    mine.push(await ok(website('POST', '/bookings', { ...request, contact: guest }, cart)));
  }
  await ok(website('POST', `/bookings/${mine[1].uuid}/confirm`));
  await ok(website('POST', `/bookings/${mine[3].uuid}/cancel`));
  const hook = { event: 'booking_update', url: 'https://crm.example/hook' };
  const webhook = await ok(website('POST', '/webhooks', hook));
  const held = { ...stage.cruise(), resellerReference: secret, notes: secret, contact: { ...guest, lastName: secret } };
  const theirs = await ok(reseller('POST', '/bookings', held, cart));
  const theirWebhook = await ok(reseller('POST', '/webhooks', { ...hook, url: `${hook.url}/${secret}` }));
  const { cruise, museum, rowing } = stage.sample.products;
  // Mostly of one product, so that ids fit each other.
  const products = [...Array<typeof cruise>(30).fill(cruise), museum, rowing];
  const units = products.flatMap((product) => Object.values(product.units));
  return {
    theirs: { uuid: theirs.uuid, orderId: theirs.orderId, webhookId: theirWebhook.id },
    known: {
      productId: products.map((product) => product.productId),
      optionId: products.map((product) => product.optionId),
      unitId: units,
      id: units,
      availabilityId: [
        ...Array<string>(9).fill('2026-06-10T14:00:00+02:00'),
        '2026-06-11T20:00:00+02:00',
        '2026-06-12T00:00:00+02:00',
      ],
      availabilityIds: [
        ...Array<string>(9).fill('2026-06-10T14:00:00+02:00'),
        '2026-06-13T16:00:00+02:00',
        '2026-06-12T20:00:00+02:00',
      ],
      uuid: [...mine.map((booking) => booking.uuid), theirs.uuid, mine[0].unitItems[0].uuid],
      orderId: [...mine.map((booking) => booking.orderId), theirs.orderId],
      localDate: ['2026-06-10', '2026-06-11', '0000-01-01', '9999-12-31'],
      localDateStart: ['2026-06-10', '2026-06-01', '2026-06-09', '2026-06-10', '0001-01-01', '9999-12-31'],
      localDateEnd: ['2026-06-10', '2026-06-30', '2026-06-30', '2026-11-01', '0001-03-01', '9999-12-31'],
      currency: ['EUR', 'EUR', 'eur', 'USD'],
      emailAddress: ['ada@example.com'],
      url: ['https://crm.example/hook', 'http://u:p@10.0.0.1:1/'],
      webhookId: [webhook.id, theirWebhook.id],
    },
    asked: { url: [hook.url, `${hook.url}/${secret}`], resellerReference: ['R-1', secret] },
  };
}

interface Sent {
  readonly path: string;
  readonly body: string | undefined;
  readonly headers: Record<string, string>;
}

const headerText = fc.oneof(
  fc.constantFrom('', 'pricing, octo/content', 'octo/cart,octo/webhooks', 'de, en;q=0.5', '*;q=x', 'test', 'live'),
  fc.string({ maxLength: 200 }),
  fc.constant('a,'.repeat(3_000)),
);

const headers: Arbitrary<Record<string, string>> = fc.record(
  {
    'octo-capabilities': headerText,
    'accept-language': headerText,
    'octo-env': fc.oneof(
      { weight: 40, arbitrary: fc.constantFrom('', 'test', 'live') },
      { weight: 1, arbitrary: headerText },
    ),
  },
  { requiredKeys: [] },
);

function calls(method: string, template: string, schema: core.$ZodType | undefined, known: Known): Arbitrary<Sent> {
  const name = /\{(.*)\}/.exec(template)?.[1];
  const given = known[name === 'id' ? 'webhookId' : (name ?? '')] ?? [];
  const ids = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('', ...given) },
    {
      weight: 1,
      arbitrary: fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('\0', 'x'.repeat(9_000))),
    },
  );
  const path = ids.map((id) => template.replace(/\{.*\}/, () => encodeURIComponent(id.toWellFormed())));
  if (method === 'GET') {
    const query = schema === undefined ? fc.constant('') : queriesOf(schema, known);
    return fc.record({
      path: fc.tuple(path, query).map(([at, asked]) => `${at}?${asked}`),
      body: fc.constant(undefined),
      headers,
    });
  }
  const request =
    schema === undefined
      ? junk
      : fc.oneof({ weight: 15, arbitrary: requestsOf(schema, known) }, { weight: 1, arbitrary: junk });
  const body = fc.oneof(
    { weight: 20, arbitrary: request.map((value) => JSON.stringify(value) ?? '') },
    { weight: 1, arbitrary: fc.string() },
  );
  return fc.record({ path, body, headers });
}

async function countEvents({ db }: Stage): Promise<number> {
  const [row] = await db.all<{ n: number }>('select count(*) as n from events');
  return row?.n ?? 0;
}

async function open(database: OpenDatabase): Promise<{ stage: Stage; pool: Pool }> {
  const stage = await openStage(await database(), { ...octoLimits, rate: { perSecond: 1e9, burst: 1e9 } });
  return { stage, pool: await fill(stage) };
}

async function seenByReseller({ octo }: Stage, { theirs }: Pool): Promise<unknown[]> {
  const [booking, order, webhooks] = [`/bookings/${theirs.uuid}`, `/orders/${theirs.orderId}`, '/webhooks'];
  return Promise.all([booking, order, webhooks].map((path) => ok(octo.reseller('GET', path))));
}

onEachEngine('whatever is sent to OCTO', (database) => {
  test.each(endpoints)(
    '%s %s answers 200 or says what is wrong, changes nothing then, and keeps others’ data',
    async (method, template, schema) => {
      const { stage, pool } = await open(database);
      const before = await seenByReseller(stage, pool);
      const known = method === 'GET' || method === 'DELETE' ? { ...pool.known, ...pool.asked } : pool.known;
      let accepted = 0;
      await fc.assert(
        fc.asyncProperty(calls(method, template, schema, known), async (sent) => {
          const recorded = await countEvents(stage);
          const answer = await stage.octo.website(method, sent.path, sent.body, sent.headers);
          if (stage.faults.length > 0) throw stage.faults.splice(0)[0];
          if (answer.status === 200) accepted++;
          else {
            expect(answer).toMatchObject({
              status: 400,
              body: { error: expect.any(String), errorMessage: expect.any(String) },
            });
            expect(await countEvents(stage)).toBe(recorded);
          }
          const echoed = `${sent.path}${sent.body}`.includes(secret);
          if (!echoed) expect(JSON.stringify(answer.body)).not.toContain(secret);
        }),
        { numRuns: runs(100) },
      );
      // A fuzz whose every call is refused would prove little.
      expect(accepted).toBeGreaterThan(0);
      expect(await seenByReseller(stage, pool)).toEqual(before);
    },
    600_000,
  );

  test('bytes that are no text and JSON that is cut off are refused in words', async () => {
    const { stage } = await open(database);
    const request = new TextEncoder().encode(JSON.stringify(stage.cruise()));
    const authorization = 'Bearer key-of-the-website';
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.nat(request.length - 2).map((length) => request.slice(0, length + 1)),
      fc.nat(request.length - 1).map((at) => request.with(at, 0xff)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (body) => {
        const response = await stage.request('/octo/bookings', {
          method: 'POST',
          body: new Uint8Array(body),
          headers: { authorization },
        });
        expect(await response.json()).toMatchObject({ error: expect.any(String), errorMessage: expect.any(String) });
        expect(response.status).toBe(400);
      }),
      { numRuns: runs(100) },
    );
    expect(stage.faults).toEqual([]);
  });
});
