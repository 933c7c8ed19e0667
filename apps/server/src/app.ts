import { Hono } from 'hono';
import { adminApp, adminTokenStore } from './admin/index.ts';
import { createChanges } from './changes/index.ts';
import type { Config } from './config.ts';
import {
  createRenderer,
  mailboxApp,
  mailboxProvider,
  messageListener,
  messageWork,
  type Suppliers,
  smtpProvider,
} from './email/index.ts';
import { octoApp, octoLimits } from './octo/index.ts';
import type { Db } from './platform/db/index.ts';
import {
  type Arrival,
  clientAddress,
  faultAnswer,
  publicOrigin,
  requestId,
  securityHeaders,
  unknownRoute,
} from './platform/http/index.ts';
import { createIds } from './platform/ids/index.ts';
import type { Log } from './platform/log/index.ts';
import { createOutbound } from './platform/outbound/index.ts';
import { hashKey, randomKey, type Sealing } from './platform/secrets/index.ts';
import { createWorker } from './platform/worker/index.ts';
import { createReadiness } from './readiness.ts';
import { createParties, createSupplier, guestsGetEmails, profileOf, type Supplier } from './supplier/index.ts';
import { createMetrics } from './telemetry/index.ts';
import {
  createEngine,
  createNotifications,
  createSubscriptions,
  createTriggers,
  engineLimits,
  newSigningSecret,
  owedListener,
  type SubscriptionDeps,
  type Subscriptions,
  standingWork,
} from './webhooks/index.ts';

/** The version in `user-agent` and `/healthz`. */
const version = '0.1';

/** A running Carillon, apart from its sockets. */
export interface App {
  readonly fetch: Hono['fetch'];
  /** Prometheus text, for the listener of its own. */
  readonly metrics: () => Promise<string>;
  readonly supplier: Supplier;
  readonly subscriptions: Subscriptions;
  start(): Promise<void>;
  /** Stops the workers within the limit, ms; the database stays open. */
  stop(limitMs: number): Promise<void>;
}

/** What `app.ts` cannot make itself. `address` gives where this process is reached when no public URL is set. */
export interface AppDeps {
  readonly db: Db;
  readonly config: Config;
  readonly log: Log;
  readonly sealing: Sealing;
  readonly now: () => number;
  readonly random: () => number;
  readonly address: () => string;
}

/** The composition root: builds the modules, the HTTP app and the workers. */
export function createApp(deps: AppDeps): App {
  const { db, config, log, sealing, now, random } = deps;
  const newId = createIds({ now });
  const { publicUrl: configured, trustedProxies: proxies } = config;
  const publicUrl = (): string => configured ?? deps.address();
  const originOf = (arrival: Arrival) => publicOrigin({ configured, listening: deps.address(), proxies }, arrival);
  const metrics = createMetrics({ db, log });
  const readiness = createReadiness({ db, log, process: newId() });
  const outbound = createOutbound({ allow: config.allowPrivateNetworks, connections: engineLimits.perWebhook });

  const suppliers: Suppliers = {
    profile: profileOf,
    connection: async (queryable, id) => ({ emails: await guestsGetEmails(queryable, id) }),
  };
  const userAgent = `Carillon/${version}`;
  const engine = createEngine({
    db,
    outbound,
    seal: sealing,
    log,
    now,
    newId,
    random,
    userAgent,
    alone: config.databaseUrl === undefined,
    onAttempt: metrics.attempt,
  });
  const changes = createChanges({
    listeners: [
      owedListener({ db, sender: engine, newId }),
      messageListener({ suppliers, notify: () => db.notify('messages'), now, newId }),
    ],
    now,
    newId,
  });
  const supplier = createSupplier({ db, changes, now, newId });
  const subscribing: SubscriptionDeps = {
    db,
    seal: sealing,
    now,
    newId,
    newSecret: newSigningSecret,
    supplierPart: async (queryable, id) => ({ ...(await profileOf(queryable, id)), endpoint: `${publicUrl()}/octo` }),
  };
  const subscriptions = createSubscriptions(subscribing);
  const notifications = createNotifications(subscribing);

  const provider = config.smtpUrl === undefined ? mailboxProvider({ db, now, newId }) : smtpProvider(config.smtpUrl);
  const messages = createWorker({
    name: 'messages',
    pollMs: 1000,
    log,
    now,
    work: messageWork({
      db,
      changes,
      suppliers,
      render: createRenderer({ sender: config.sender }),
      provider,
      host: config.sender.slice(config.sender.lastIndexOf('@') + 1),
      leaseMs: 120_000,
      atOnce: 10,
      now,
      newId,
      random,
      finished(message) {
        metrics.message(message);
        log.info({ ...message, code: 'message.finished', reason: message.code }, 'e-mail');
      },
      failed: (message, err) => log.error({ code: 'message.failed', message, err }, 'an e-mail could not leave'),
    }),
  });
  const standing = createWorker({ name: 'standing', pollMs: 60_000, log, now, work: standingWork({ db, now }) });
  const holds = createWorker({
    name: 'holds',
    pollMs: 1000,
    log,
    now,
    async work() {
      const { expired, nextAt } = await supplier.expireHolds(50, (order, err) =>
        log.error({ code: 'hold.failed', order, err }, 'the holds of an order could not be expired'),
      );
      if (expired > 0) return 'more';
      return nextAt === null ? 'idle' : new Date(nextAt);
    },
  });
  const edits = createWorker({
    name: 'edits',
    pollMs: 1000,
    log,
    now,
    work: async () => ((await supplier.tellOfEdit()) ? 'more' : 'idle'),
  });
  const oldOrders = createWorker({
    name: 'old orders',
    pollMs: 600_000,
    log,
    now,
    work: async () => ((await supplier.searchOldOrders()) > 0 ? 'more' : 'idle'),
  });

  const http = new Hono({ strict: false });
  http.use(requestId(newId), securityHeaders({ https: config.publicUrl?.startsWith('https:') ?? false }));
  http.onError(faultAnswer(log));
  http.get('/healthz', (c) => c.json({ status: 'ok', version }));
  http.get('/readyz', async (c) => {
    const { ready, ...why } = await readiness();
    return ready ? c.json({ status: 'ready' }) : c.json({ status: 'not ready', ...why }, 503);
  });
  http.route(
    '/octo',
    octoApp({
      supplier,
      webhooks: subscriptions,
      triggers: createTriggers({ db, outbound, seal: sealing, log, now, newId, userAgent }),
      notifications,
      hashKey,
      publicUrl: originOf,
      clientAddress: (arrival) => clientAddress(proxies, arrival),
      now,
      log,
      limits: octoLimits,
    }),
  );
  http.route(
    '/api',
    adminApp({
      db,
      changes,
      subscriptions,
      notifications,
      supplier,
      parties: createParties({ db, now, newId }),
      tokens: adminTokenStore(db, hashKey),
      newKey: randomKey,
      hashKey,
      now,
      newId,
      version,
      publicUrl: originOf,
    }),
  );
  if (config.mailbox) http.route('/mailbox', mailboxApp({ db, publicUrl, keeps: config.smtpUrl === undefined }));
  http.notFound(unknownRoute);

  return {
    fetch: http.fetch,
    metrics: metrics.text,
    supplier,
    subscriptions,
    async start() {
      await subscriptions.renewVersions();
      engine.start();
      db.listen('messages', messages.wake);
      db.listen('standing', standing.wake);
      standing.start();
      messages.start();
      holds.start();
      oldOrders.start();
      db.listen('edits', edits.wake);
      edits.start();
    },
    async stop(limitMs) {
      await Promise.all([
        engine.stop(limitMs),
        messages.stop(limitMs),
        standing.stop(limitMs),
        holds.stop(limitMs),
        oldOrders.stop(limitMs),
        edits.stop(limitMs),
      ]);
      await Promise.all([outbound.close(), provider.close()]);
    },
  };
}
