import { Hono } from 'hono';
import { adminApp, adminTokenStore } from './admin/index.ts';
import { createChanges, createHorizon, lastInOrder } from './changes/index.ts';
import type { Config } from './config.ts';
import {
  createRenderer,
  mailboxApp,
  mailboxProvider,
  messageListener,
  messageWork,
  operatorMailer,
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
import { hashKey, randomKey, resealingWork, type Sealing } from './platform/secrets/index.ts';
import { createWorker } from './platform/worker/index.ts';
import { createReadiness } from './readiness.ts';
import { erasureWork, pruningWork } from './retention/index.ts';
import { createParties, createSupplier, guestsGetEmails, profileOf, type Supplier } from './supplier/index.ts';
import { createMetrics } from './telemetry/index.ts';
import {
  createAlerts,
  createArrivals,
  createEngine,
  createNotifications,
  createOwnDeliveries,
  createPull,
  createReplays,
  createSubscriptions,
  createTriggers,
  engineLimits,
  newSigningSecret,
  noticeWork,
  owedListener,
  replayWork,
  type SubscriptionDeps,
  type Subscriptions,
  sealedColumns,
  standingWork,
  type Tracing,
  traceWork,
} from './webhooks/index.ts';

/** The version in `user-agent` and `/healthz`. */
export const version = '0.1';

/** A running Carillon, apart from its sockets. */
export interface App {
  readonly fetch: Hono['fetch'];
  /** Prometheus text, for the listener of its own. */
  readonly metrics: () => Promise<string>;
  readonly supplier: Supplier;
  readonly subscriptions: Subscriptions;
  /** Answers the calls that wait for events, at once and from now on: the process is stopping. */
  endWaits(): void;
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
  /** Undefined: traces are off. */
  readonly tracing?: Tracing | undefined;
}

/** The composition root: builds the modules, the HTTP app and the workers. */
export function createApp(deps: AppDeps): App {
  const { db, config, log, sealing, now, random } = deps;
  const newId = createIds({ now });
  const { publicUrl: configured, trustedProxies: proxies } = config;
  const publicUrl = (): string => configured ?? deps.address();
  const originOf = (arrival: Arrival) => publicOrigin({ configured, listening: deps.address(), proxies }, arrival);
  const metrics = createMetrics({ db, log, now });
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
    onBatch: metrics.batch,
    tracing: deps.tracing,
  });
  const arrivals = createArrivals(db);
  const changes = createChanges({
    listeners: [
      metrics.events,
      owedListener({ db, sender: engine, newId, tracing: deps.tracing }),
      messageListener({ suppliers, notify: () => db.notify('messages'), now, newId }),
      arrivals.listener,
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

  const provider =
    config.smtpUrl === undefined ? mailboxProvider({ db, now, newId }) : smtpProvider(config.smtpUrl, outbound.dial);
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
  const notices = createWorker({
    name: 'notices',
    pollMs: 30_000,
    log,
    now,
    work: noticeWork({
      db,
      outbound,
      seal: sealing,
      sendMail: operatorMailer({ provider, sender: config.sender, now }),
      longestMailMs: provider.longestMs,
      log,
      now,
      newId,
      random,
      userAgent,
    }),
  });
  const traces = createWorker({ name: 'traces', pollMs: 600_000, log, now, work: traceWork({ db, now }) });
  const replays = createWorker({ name: 'replays', pollMs: 1000, log, now, work: replayWork({ db, now }) });
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

  const secrets = createWorker({
    name: 'secrets',
    pollMs: 600_000,
    log,
    now,
    work: resealingWork({ db, sealing, columns: sealedColumns, rotating: config.previousSecrets.length > 0, log }),
  });

  const horizon = createHorizon(db);
  const pruning = createWorker({
    name: 'pruning',
    pollMs: 60_000,
    log,
    now,
    work: pruningWork({ db, kept: config.kept, now }),
  });
  const erasures = createWorker({
    name: 'erasures',
    pollMs: 10_000,
    log,
    now,
    work: erasureWork({
      db,
      horizon,
      lastEvent: (supplierId, until) => lastInOrder(db.reader, { supplierId, after: 0, until }),
      now,
    }),
  });

  const http = new Hono({ strict: false });
  http.use(requestId(newId), securityHeaders({ https: config.publicUrl?.startsWith('https:') ?? false }));
  http.onError(faultAnswer(log));
  http.get('/healthz', (c) => c.json({ status: 'ok', version }));
  http.get('/readyz', async (c) => {
    const { ready, ...why } = await readiness();
    return ready ? c.json({ status: 'ready' }) : c.json({ status: 'not ready', ...why }, 503);
  });
  if (config.role === 'worker') http.all('*', unknownRoute);
  http.route(
    '/octo',
    octoApp({
      supplier,
      webhooks: subscriptions,
      triggers: createTriggers({ db, outbound, seal: sealing, log, now, newId, userAgent }),
      notifications,
      pull: createPull({ db, changes, horizon, arrivals }),
      deliveries: createOwnDeliveries(db),
      replays: createReplays({ db, now, newId }),
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
      alerts: createAlerts({ db, seal: sealing, now, newSecret: newSigningSecret }),
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
    endWaits: arrivals.end,
    supplier,
    subscriptions,
    async start() {
      await subscriptions.renewVersions();
      arrivals.start();
      if (config.role === 'web') return;
      engine.start();
      secrets.start();
      log.info({ code: 'node.working', node: engine.leaseToken }, 'sends what is due; leases carry this name');
      db.listen('messages', messages.wake);
      db.listen('standing', standing.wake);
      db.listen('standing', replays.wake);
      db.listen('replays', replays.wake);
      db.listen('notices', notices.wake);
      notices.start();
      traces.start();
      standing.start();
      replays.start();
      messages.start();
      holds.start();
      oldOrders.start();
      db.listen('edits', edits.wake);
      edits.start();
      pruning.start();
      db.listen('erasures', erasures.wake);
      erasures.start();
    },
    async stop(limitMs) {
      await Promise.all([
        engine.stop(limitMs),
        messages.stop(limitMs),
        standing.stop(limitMs),
        notices.stop(limitMs),
        traces.stop(limitMs),
        replays.stop(limitMs),
        holds.stop(limitMs),
        oldOrders.stop(limitMs),
        edits.stop(limitMs),
        pruning.stop(limitMs),
        erasures.stop(limitMs),
        secrets.stop(limitMs),
      ]);
      await Promise.all([outbound.close(), provider.close()]);
    },
  };
}
