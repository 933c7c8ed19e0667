import { createHash, randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { expect } from 'vitest';
import { createChanges, createHorizon } from '../../src/changes/index.ts';
import { type OctoApp, type OctoLimits, octoApp, octoLimits } from '../../src/octo/index.ts';
import type { Db } from '../../src/platform/db/index.ts';
import type { Arrival } from '../../src/platform/http/index.ts';
import { createIds } from '../../src/platform/ids/index.ts';
import { createLog } from '../../src/platform/log/index.ts';
import { createOutbound } from '../../src/platform/outbound/index.ts';
import {
  createArrivals,
  createNotifications,
  createOwnDeliveries,
  createPull,
  createReplays,
  createSubscriptions,
  createTriggers,
  newSigningSecret,
  type SubscriptionDeps,
} from '../../src/webhooks/index.ts';
import { openStage as openSupplierStage, type Stage as SupplierStage } from '../supplier/stage.ts';

export { guest, minuteMs } from '../supplier/stage.ts';

/** An answer: its status, its headers, and its body read as JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  readonly body: any;
}

/** Calls the API as one connection: `call('POST', '/bookings', {…})`; a body that is a string is sent as it is. */
export type Call = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>;

/** The OCTO API over the sample data, without sockets. */
export interface Stage extends SupplierStage {
  readonly octo: { readonly website: Call; readonly reseller: Call; readonly stranger: Call };
  readonly request: OctoApp['request'];
  /** Every route of the API, such as `PATCH /bookings/:uuid`. */
  readonly routes: readonly string[];
  /** What was logged: a call that failed by a fault of ours. */
  readonly faults: unknown[];
}

const keys = { website: 'key-of-the-website', reseller: 'key-of-the-reseller', stranger: 'key-of-nobody' };

/** The hashes with which the sample was seeded; any other key hashes to something that nobody has. */
function hashKey(key: string): string {
  if (key === keys.website) return 'a'.repeat(64);
  if (key === keys.reseller) return 'b'.repeat(64);
  return createHash('sha256').update(key).digest('hex');
}

/** Stands in for encryption at rest, which the OCTO face does not touch. */
const seal = {
  seal: (text: string) => Buffer.from(text).toString('base64'),
  open: (sealed: string) => Buffer.from(sealed, 'base64').toString(),
};

const nameless = Object.assign(new Error('There are no names here'), { code: 'ENOTFOUND' });

/** Opens the API on a database; `limits` are those of each connection. */
export async function openStage(db: Db, limits: OctoLimits = octoLimits): Promise<Stage> {
  const stage = await openSupplierStage(db);
  const now = () => stage.clock.now;
  const subscribing: SubscriptionDeps = {
    db,
    seal,
    now,
    newId: randomUUID,
    newSecret: newSigningSecret,
    supplierPart: async () => ({ ...(await stage.supplier.profile(stage.sample.supplierId)), endpoint: '' }),
  };
  const webhooks = createSubscriptions(subscribing);
  const notifications = createNotifications(subscribing);
  const triggers = createTriggers({
    db,
    // Nobody has a name here, so that nothing is sent.
    outbound: createOutbound({ allow: [], lookup: (_name, answer) => answer(nameless, []) }),
    seal,
    log: createLog({ level: 'silent' }),
    now,
    newId: randomUUID,
    userAgent: 'Carillon/test',
  });
  const newId = createIds({ now });
  const changes = createChanges({ listeners: [], now, newId });
  const faults: unknown[] = [];
  const log = { error: (fields: Readonly<Record<string, unknown>>) => void faults.push(fields.err) };
  const publicUrl = () => 'https://carillon.example';
  const clientAddress = ({ headers }: Arrival) => headers.get('x-forwarded-for') ?? '192.0.2.1';
  const app = new Hono({ strict: false });
  app.route(
    '/octo',
    octoApp({
      supplier: stage.supplier,
      webhooks,
      triggers,
      notifications,
      pull: createPull({ db, changes, horizon: createHorizon(db), arrivals: createArrivals(db) }),
      deliveries: createOwnDeliveries(db),
      replays: createReplays({ db, now, newId }),
      hashKey,
      publicUrl,
      clientAddress,
      now,
      log,
      limits,
    }),
  );

  const caller =
    (key: string): Call =>
    async (method, path, body, headers = {}) => {
      const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
      const response = await app.request(`/octo${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        ...(text === undefined ? {} : { body: text }),
      });
      return { status: response.status, headers: response.headers, body: await response.json() };
    };
  return {
    ...stage,
    octo: { website: caller(keys.website), reseller: caller(keys.reseller), stranger: caller(keys.stranger) },
    request: app.request,
    routes: app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replace(/^\/octo/, '')}`),
    faults,
  };
}

/** The body of an answer that must be a success, which in OCTO is always 200. */
export async function ok(answer: Promise<Answer>): Promise<Answer['body']> {
  const { status, body } = await answer;
  expect(body).not.toHaveProperty('error');
  expect(status).toBe(200);
  return body;
}

/** Expects OCTO's error with this code, in status 400, and gives its body. */
export async function refused(answer: Promise<Answer>, error: string): Promise<Answer['body']> {
  const { status, body } = await answer;
  expect({ status, body }).toMatchObject({ status: 400, body: { error, errorMessage: expect.stringMatching(/./) } });
  return body;
}
