import {
  availabilityRequest,
  bookingFilter,
  calendarRequest,
  cancellationRequest,
  confirmationRequest,
  eventTypes,
  extensionRequest,
  orderConfirmationRequest,
  orderCreationRequest,
  orderFilter,
  orderUpdateRequest,
  reservationRequest,
  subscriptionCreation,
  subscriptionPatch,
  triggerRequest,
  updateRequest,
  webhookCreation,
  webhookDeletion,
  webhookPatch,
} from '@carillon/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type core, z } from 'zod';
import { octoLimits } from '../../src/octo/index.ts';
import { type OpenDatabase, onEachEngine } from '../support/databases.ts';
import { runs } from '../support/scale.ts';
import { calls } from './fuzz-calls.ts';
import { fill, type Pool, preparing } from './fuzz-pool.ts';
import { seenByOwner } from './parties.ts';
import { openStage, type Stage } from './stage.ts';

/** What each route takes from its caller, in its body or its query; a route that is not in it fails the test. */
const requests: Readonly<Record<string, core.$ZodType | undefined>> = {
  'GET /whoami': undefined,
  'GET /supplier': undefined,
  'GET /capabilities': undefined,
  'GET /products': undefined,
  'GET /products/:id': undefined,
  'POST /availability': availabilityRequest,
  'POST /availability/calendar': calendarRequest,
  'POST /bookings': reservationRequest,
  'GET /bookings': bookingFilter,
  'GET /bookings/:uuid': undefined,
  'PATCH /bookings/:uuid': updateRequest,
  'POST /bookings/:uuid/confirm': confirmationRequest,
  'POST /bookings/:uuid/extend': extensionRequest,
  'POST /bookings/:uuid/cancel': cancellationRequest,
  'DELETE /bookings/:uuid': cancellationRequest,
  ...Object.fromEntries(
    ['/orders', '/order'].flatMap((root): [string, core.$ZodType | undefined][] => [
      [`POST ${root}`, orderCreationRequest],
      [`GET ${root}`, orderFilter],
      [`GET ${root}/:id`, undefined],
      [`PATCH ${root}/:id`, orderUpdateRequest],
      [`PATCH ${root}/:id/update`, orderUpdateRequest],
      [`POST ${root}/:id/confirm`, orderConfirmationRequest],
      [`POST ${root}/:id/extend`, extensionRequest],
      [`POST ${root}/:id/cancel`, cancellationRequest],
      [`DELETE ${root}/:id`, cancellationRequest],
    ]),
  ),
  'POST /webhooks': webhookCreation,
  'GET /webhooks': undefined,
  'GET /webhooks/:id': undefined,
  'PATCH /webhooks/:id': webhookPatch,
  'DELETE /webhooks/:id': undefined,
  'DELETE /webhooks': webhookDeletion,
  'POST /webhooks/:id/trigger': triggerRequest,
  'GET /webhooks/:id/deliveries': z.object({ states: z.string(), after: z.string(), limit: z.int() }).partial(),
  'POST /webhooks/:id/deliveries/:deliveryId/retry': undefined,
  'POST /webhooks/:id/replay': z.object({
    from: z.iso.datetime({ offset: true }),
    to: z.iso.datetime({ offset: true }).optional(),
    states: z.array(z.enum(['delivered', 'gave_up', 'cancelled'])).optional(),
    events: z.array(z.enum(eventTypes)).optional(),
    perSecond: z.int().optional(),
  }),
  // Without `wait`: each call would take its time.
  'GET /events': z.object({ after: z.string(), types: z.string(), limit: z.int() }).partial(),
  ...Object.fromEntries(
    ['/notifications/subscriptions', '/notifications/subcriptions'].flatMap(
      (root): [string, core.$ZodType | undefined][] => [
        [`POST ${root}`, subscriptionCreation],
        [`GET ${root}`, undefined],
        [`GET ${root}/:id`, undefined],
        [`PATCH ${root}/:id`, subscriptionPatch],
        [`DELETE ${root}/:id`, undefined],
      ],
    ),
  ),
};

/** It takes a delivery, and nothing is delivered here. */
const neverAccepted = 'POST /webhooks/:id/deliveries/:deliveryId/retry';

/** Routes that lead to the same code as another. */
const isAlias = (route: string) => /\/order\b|\/subcriptions\b|\/update$/.test(route);

/**
 * How many calls of a route: 100, and 10,000 at the scale of `npm run test:long`, because few bugs hide among a hundred; of an
 * alias a tenth.
 */
const volume = (route: string) => runs(runs(isAlias(route) ? 10 : 100));

/** What every write leaves behind: rows, places taken, positions of events, changes of webhooks, bookings of orders. */
async function traces({ db }: Stage, tables: readonly string[]): Promise<unknown> {
  const sums = [
    ...tables.map((table) => `(select count(*) from ${table}) as ${table}`),
    '(select coalesce(sum(booked), 0) from slots) as places',
    '(select sum(position) from subjects) as positions',
    '(select sum(revision) from webhooks) as revisions',
    '(select sum(bookings) from orders) as ordered',
  ];
  const [row] = await db.all<object>(`select ${sums.join(', ')}`);
  return { ...row };
}

/** Every table of a database. */
async function tablesOf({ db }: Stage): Promise<string[]> {
  const rows = await db.all<{ name: string }>(
    db.dialect.concurrent
      ? "select tablename as name from pg_tables where schemaname = 'public'"
      : "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'",
  );
  return rows.map((row) => row.name);
}

async function open(database: OpenDatabase): Promise<{ stage: Stage; pool: Pool }> {
  const unlimited = { perSecond: 1e9, burst: 1e9 };
  const limits = { ...octoLimits, rate: unlimited, tests: { webhook: unlimited, connection: unlimited } };
  const stage = await openStage(await database(), limits);
  return { stage, pool: await fill(stage) };
}

const seenByOthers = ({ others }: Pool) => Promise.all(others.map(({ call, own }) => seenByOwner(call, own)));

/** A database is given up after so many calls: what they leave behind is counted after each, which takes the longer the more it is. */
const callsOfDatabase = 2_000;

/** Makes so many calls of a route, and gives how many of them were accepted. */
async function fuzz(
  { stage, pool }: { readonly stage: Stage; readonly pool: Pool },
  route: string,
  schema: core.$ZodType | undefined,
  numRuns: number,
): Promise<number> {
  const [method, template] = route.split(' ') as [string, string];
  const seen = await seenByOthers(pool);
  const secrets = pool.others.map(({ own }) => own.secret);
  const known = method === 'GET' || method === 'DELETE' ? { ...pool.known, ...pool.asked } : pool.known;
  const tables = await tablesOf(stage);
  const prepared = preparing(stage);
  let before = await traces(stage, tables);
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(calls(method, template, schema, known), async (drawn) => {
      const call = await prepared(drawn);
      if (call !== drawn) before = await traces(stage, tables);
      const answer = await stage.octo.website(method, call.path, call.body, call.headers);
      if (stage.faults.length > 0) throw stage.faults.splice(0)[0];
      const after = await traces(stage, tables);
      if (answer.status === 200) accepted++;
      else {
        const body = { error: expect.any(String), errorMessage: expect.any(String) };
        expect(answer).toMatchObject({ status: 400, body });
        expect(after).toEqual(before);
      }
      before = after;
      const asked = `${call.path}${call.body}`;
      const shown = JSON.stringify(answer.body);
      expect(secrets.filter((secret) => shown.includes(secret) && !asked.includes(secret))).toEqual([]);
    }),
    { numRuns },
  );
  expect(await seenByOthers(pool)).toEqual(seen);
  return accepted;
}

onEachEngine('whatever is sent to OCTO', (database) => {
  test('there is a case for every route', async () => {
    const { routes } = await openStage(await database());
    expect(Object.keys(requests).toSorted()).toEqual([...routes].toSorted());
  });

  test.each(Object.entries(requests))(
    '%s answers 200 or says what is wrong, changes nothing then, and keeps others’ data',
    async (route, schema) => {
      let accepted = 0;
      for (let left = volume(route); left > 0; left -= callsOfDatabase) {
        accepted += await fuzz(await open(database), route, schema, Math.min(left, callsOfDatabase));
      }
      // A fuzz whose every call is refused would prove little; among a hundred it may happen by chance.
      if (route !== neverAccepted && !isAlias(route) && volume(route) >= 1_000) expect(accepted).toBeGreaterThan(0);
    },
    3_600_000,
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
      { numRuns: runs(runs(100)) },
    );
    expect(stage.faults).toEqual([]);
  }, 600_000);
});
