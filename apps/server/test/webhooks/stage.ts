import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, vi } from 'vitest';
import { createChanges, type Listener } from '../../src/changes/index.ts';
import type { Db } from '../../src/platform/db/index.ts';
import { createIds } from '../../src/platform/ids/index.ts';
import { createLog } from '../../src/platform/log/index.ts';
import { createOutbound, type OutboundOptions } from '../../src/platform/outbound/index.ts';
import { createSealing } from '../../src/platform/secrets/index.ts';
import { createWorker } from '../../src/platform/worker/index.ts';
import { createSupplier } from '../../src/supplier/index.ts';
import {
  createEngine,
  createNotifications,
  createSubscriptions,
  type EngineLimits,
  type Finished,
  type NotificationRequest,
  newSigningSecret,
  owedListener,
  type SubscriptionDeps,
  standingWork,
  type Tracing,
  type WebhookRequest,
} from '../../src/webhooks/index.ts';
import { accepted, guest, openStage as openSupplierStage } from '../supplier/stage.ts';

/** A request as the receiver got it. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a receiver answers: a status, or one with headers and a body. */
export type Answer =
  | number
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

/** A real receiver: keeps what arrives, answers what `answer` says of the request, which is the `count`th. */
export async function openReceiver(
  answer: (received: Received, count: number) => Answer | Promise<Answer> = () => 204,
) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const one = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') };
      received.push(one);
      const answered = await answer(one, received.length);
      const { status, headers = {}, body = '' } = typeof answered === 'number' ? { status: answered } : answered;
      response.writeHead(status, headers).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    received,
    host: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}/hook`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface StoredDelivery {
  readonly id: string;
  readonly webhook_id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly position: number;
  readonly step: number;
  readonly due_at: number;
  readonly lease_token: string | null;
}

interface StoredAttempt {
  readonly delivery_id: string;
  readonly outcome: string;
  readonly status: number | null;
  readonly reason: string | null;
}

/** What differs from a node of its own. `listeners` hear of events after the webhooks; `logged` takes the lines of the log. */
export interface StageOptions {
  readonly alone?: boolean;
  readonly limits?: Partial<EngineLimits>;
  readonly outbound?: Partial<OutboundOptions>;
  readonly listeners?: readonly Listener[];
  readonly tracing?: Tracing;
  readonly onAttempt?: (finished: Finished) => void;
  readonly onBatch?: (kind: 'claim' | 'settle', size: number) => void;
  readonly logged?: (line: Readonly<Record<string, unknown>>) => void;
}

/** One node: the supplier, the subscriptions and an engine on a database. */
export async function openStage(db: Db, options: StageOptions = {}) {
  const base = await openSupplierStage(db);
  const { clock, sample } = base;
  const now = () => clock.now;
  const newId = createIds({ now });
  const seal = createSealing(['a secret of the webhook tests']);
  const outbound = createOutbound({ allow: ['127.0.0.0/8'], ...options.outbound });
  const log = createLog({
    level: options.logged === undefined ? 'silent' : 'warn',
    destination: { write: (line: string) => options.logged?.(JSON.parse(line)) },
  });
  const engine = createEngine({
    db,
    outbound,
    seal,
    log,
    now,
    newId,
    random: () => 0.5,
    userAgent: 'Carillon/test',
    alone: options.alone ?? false,
    limits: { pollMs: 20, ...options.limits },
    tracing: options.tracing,
    ...(options.onAttempt && { onAttempt: options.onAttempt }),
    ...(options.onBatch && { onBatch: options.onBatch }),
  });
  const changes = createChanges({
    listeners: [owedListener({ db, sender: engine, newId, tracing: options.tracing }), ...(options.listeners ?? [])],
    now,
    newId,
  });
  const supplier = createSupplier({ db, changes, now, newId });
  const subscribing: SubscriptionDeps = {
    db,
    seal,
    now,
    newId,
    newSecret: newSigningSecret,
    supplierPart: async () => ({ ...(await supplier.profile(sample.supplierId)), endpoint: 'https://x.example/octo' }),
  };
  const subscriptions = createSubscriptions(subscribing);
  const notifications = createNotifications(subscribing);
  const standing = createWorker({ name: 'standing', pollMs: 20, log, work: standingWork({ db, now }) });
  standing.start();
  return {
    ...base,
    supplier,
    subscriptions,
    notifications,
    engine,
    subscribe: async (url: string, request: Partial<WebhookRequest> = {}) =>
      accepted(
        await subscriptions.create(base.website, {
          event: 'booking_update',
          url,
          headers: {},
          capabilities: [],
          useContactLanguage: false,
          retryOnError: true,
          ...request,
        }),
      ),
    notify: async (url: string, request: Partial<NotificationRequest> = {}) =>
      accepted(
        await notifications.create(base.website, {
          notificationTypes: ['BOOKING_UPDATE'],
          url,
          headers: {},
          active: true,
          retryOnError: true,
          ...request,
        }),
      ),
    hold: async () => accepted(await supplier.reserve(base.website, base.cruise())),
    confirm: async (uuid: string) => accepted(await supplier.confirm(base.website, uuid, { contact: guest })),
    note: async (uuid: string, notes: string) => accepted(await supplier.update(base.website, uuid, { notes })),
    deliveries: () =>
      db.all<StoredDelivery>(
        `select id, webhook_id, state, reason, position, step, due_at, lease_token
           from deliveries order by lane, position, webhook_id`,
      ),
    attempts: () =>
      db.all<StoredAttempt>('select delivery_id, outcome, status, reason from attempts order by started_at, id'),
    async end() {
      await Promise.all([engine.stop(4000), standing.stop(4000)]);
      await outbound.close();
    },
  };
}

/** How long a test waits for what must come. */
export const waiting = { timeout: 4000, interval: 10 };

/** Opens stages and receivers, and ends them after each test, before the database is closed: hooks of a suite run last first. */
export function openings() {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  return {
    async stage(db: Db, options?: StageOptions) {
      const stage = await openStage(db, options);
      ends.push(stage.end);
      return stage;
    },
    async receiver(answer?: Parameters<typeof openReceiver>[0]) {
      const receiver = await openReceiver(answer);
      ends.push(receiver.close);
      return receiver;
    },
  };
}

/** Waits until there are so many deliveries, all in one state. */
export function allIn(stage: Awaited<ReturnType<typeof openStage>>, state: string, count: number): Promise<void> {
  return vi.waitFor(
    async () => expect((await stage.deliveries()).map((one) => one.state)).toEqual(Array(count).fill(state)),
    waiting,
  );
}
