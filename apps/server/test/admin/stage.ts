import { createHash, randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { expect } from 'vitest';
import { adminApp, adminTokenStore } from '../../src/admin/index.ts';
import { createChanges } from '../../src/changes/index.ts';
import { seedCampaigns } from '../../src/email/index.ts';
import type { Db } from '../../src/platform/db/index.ts';
import { randomKey } from '../../src/platform/secrets/index.ts';
import { createParties, guestsGetEmails, profileOf } from '../../src/supplier/index.ts';
import {
  createAlerts,
  createNotifications,
  createSubscriptions,
  newSigningSecret,
  type SubscriptionDeps,
} from '../../src/webhooks/index.ts';
import { mailStack, type StackOptions } from '../email/mail-stack.ts';
import { type Answer, type Stage as OctoStage, openStage as openOctoStage } from '../octo/stage.ts';

const hashKey = (key: string) => createHash('sha256').update(key).digest('hex');

/** As the stage of OCTO seals, whose webhooks are listed here. */
const seal = {
  seal: (text: string) => Buffer.from(text).toString('base64'),
  open: (sealed: string) => Buffer.from(sealed, 'base64').toString(),
};

/** Calls /api with a token: `call('PATCH', '/products/…', {…})`. */
export type ApiCall = (method: string, path: string, body?: unknown) => Promise<Pick<Answer, 'status' | 'body'>>;

/** /api and /octo over the sample data, without sockets. */
export interface Stage extends OctoStage {
  /** With the token of the sample's supplier. */
  readonly api: ApiCall;
  /** With the token of the instance, which is of no supplier. */
  readonly instance: ApiCall;
  /** With any token. */
  readonly apiAs: (token: string) => ApiCall;
  /** Sends any request to /api. */
  readonly adminRequest: (path: string, request: RequestInit) => Promise<Response>;
  /** Calls /octo with any key, and gives the answer's status and body. */
  readonly octoAs: (key: string) => ApiCall;
}

/** Opens both APIs on a database. */
export async function openStage(db: Db, email: Omit<StackOptions, 'now'> = {}): Promise<Stage> {
  const stage = await openOctoStage(db);
  const now = () => stage.clock.now;
  const subscribing: SubscriptionDeps = {
    db,
    seal,
    now,
    newId: randomUUID,
    newSecret: newSigningSecret,
    supplierPart: async (_, id) => ({ ...(await stage.supplier.profile(id)), endpoint: '' }),
  };
  const tokens = adminTokenStore(db, hashKey);
  const mail = mailStack(db, { ...email, now });
  const { supplierId } = stage.sample;
  await seedCampaigns(db, supplierId, { now, newId: randomUUID });
  const token = { id: randomUUID(), name: 'test', now: 0 };
  await tokens.put({ ...token, supplierId, instance: false, token: 'ours' });
  await tokens.put({ ...token, id: randomUUID(), supplierId: null, instance: true, token: 'instance' });
  const app = new Hono({ strict: false });
  app.onError((error) => {
    throw error;
  });
  app.route(
    '/api',
    adminApp({
      db,
      changes: createChanges({ listeners: [], now, newId: randomUUID }),
      subscriptions: createSubscriptions(subscribing),
      notifications: createNotifications(subscribing),
      alerts: createAlerts(subscribing),
      supplier: stage.supplier,
      parties: createParties({ db, now, newId: randomUUID }),
      mailing: { profile: profileOf, connection: async (_, id) => ({ emails: await guestsGetEmails(db, id) }) },
      emailProviders: mail.directory,
      suppressions: mail.suppressions,
      tokens,
      newKey: randomKey,
      hashKey,
      now,
      newId: randomUUID,
      version: '1',
      publicUrl: () => 'https://carillon.example',
    }),
  );
  const caller =
    (request: Hono['request'], base: string, key: string): ApiCall =>
    async (method, path, body) => {
      const response = await request(`${base}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          'octo-capabilities': 'octo/pricing',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    };
  const apiAs = (key: string) => caller(app.request, '/api', key);
  return {
    ...stage,
    api: apiAs('ours'),
    instance: apiAs('instance'),
    apiAs,
    adminRequest: async (path, request) => app.request(path, request),
    octoAs: (key) => caller(stage.request as Hono['request'], '/octo', key),
  };
}

/** The body of an answer that must have this status. */
export async function answered(status: number, answer: ReturnType<ApiCall>) {
  const { status: actual, body } = await answer;
  expect({ status: actual, body }).toMatchObject({ status });
  return body;
}
