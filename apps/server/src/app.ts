import { Hono } from 'hono';
import { adminApp, adminTokenStore, forgettingWork } from './admin/index.ts';
import { createChanges, createHorizon, lastInOrder } from './changes/index.ts';
import type { Config } from './config.ts';
import {
  createRenderer,
  emailSealedColumns,
  mailboxApp,
  mailboxProvider,
  messageListener,
  messageWork,
  operatorMailer,
  recoveryTokens,
  type Suppliers,
  smtpProvider,
  visitWork,
} from './email/index.ts';
import { createGuestMail } from './guest-mail.ts';
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
import { createWorkers } from './workers.ts';

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
  const recovering = recoveryTokens(sealing);
  const changes = createChanges({
    listeners: [
      metrics.events,
      owedListener({ db, sender: engine, newId, tracing: deps.tracing, log }),
      messageListener({ suppliers, notify: () => db.notify('messages'), recoveryTokens: recovering, now, newId }),
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

  const mailbox = mailboxProvider({ db, now, newId });
  const provider = config.smtpUrl === undefined ? mailbox : smtpProvider(config.smtpUrl, outbound.dial);
  const guestMail = createGuestMail({
    db,
    sealing,
    outbound,
    log,
    instance: provider,
    mailbox,
    publicUrl,
    configured,
    now,
    newId,
  });
  const horizon = createHorizon(db);
  const workers = createWorkers({ db, log, now }, [
    {
      name: 'messages',
      pollMs: 1000,
      wokenBy: ['messages'],
      work: messageWork({
        db,
        changes,
        suppliers,
        render: createRenderer({ sender: config.sender }),
        routes: guestMail.routes,
        unsubscribeUrl: guestMail.unsubscribeUrl,
        recoveryToken: recovering.of,
        host: config.sender.slice(config.sender.lastIndexOf('@') + 1),
        leaseMs: 120_000,
        atOnce: 64,
        ofOneSupplier: 16,
        now,
        newId,
        random,
        finished(message) {
          metrics.message(message);
          log.info({ ...message, code: 'message.finished', reason: message.code }, 'e-mail');
        },
        failed: (message, err) => log.error({ code: 'message.failed', message, err }, 'an e-mail could not leave'),
      }),
    },
    {
      name: 'visits',
      pollMs: 30_000,
      work: visitWork({ db, notify: () => db.notify('messages'), now, newId }),
    },
    { name: 'standing', pollMs: 60_000, wokenBy: ['standing'], work: standingWork({ db, now }) },
    { name: 'replays', pollMs: 1000, wokenBy: ['replays', 'standing'], work: replayWork({ db, now }) },
    {
      name: 'notices',
      pollMs: 30_000,
      wokenBy: ['notices'],
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
    },
    { name: 'traces', pollMs: 600_000, work: traceWork({ db, now }) },
    {
      name: 'holds',
      pollMs: 1000,
      async work() {
        const { expired, nextAt } = await supplier.expireHolds(50, (order, err) =>
          log.error({ code: 'hold.failed', order, err }, 'the holds of an order could not be expired'),
        );
        if (expired > 0) return 'more';
        return nextAt === null ? 'idle' : new Date(nextAt);
      },
    },
    {
      name: 'edits',
      pollMs: 1000,
      wokenBy: ['edits'],
      work: async () => ((await supplier.tellOfEdit()) ? 'more' : 'idle'),
    },
    {
      name: 'old orders',
      pollMs: 600_000,
      work: async () => ((await supplier.searchOldOrders()) > 0 ? 'more' : 'idle'),
    },
    {
      name: 'secrets',
      pollMs: 600_000,
      work: resealingWork({
        db,
        sealing,
        columns: [...sealedColumns, ...emailSealedColumns],
        rotating: config.previousSecrets.length > 0,
        log,
      }),
    },
    { name: 'pruning', pollMs: 60_000, work: pruningWork({ db, kept: config.kept, now }) },
    { name: 'answers', pollMs: 600_000, work: forgettingWork({ db, now }) },
    {
      name: 'erasures',
      pollMs: 10_000,
      wokenBy: ['erasures'],
      work: erasureWork({
        db,
        horizon,
        lastEvent: (supplierId, until) => lastInOrder(db.reader, { supplierId, after: 0, until }),
        now,
        log,
      }),
    },
  ]);

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
      mailing: suppliers,
      subscriptions,
      notifications,
      alerts: createAlerts({ db, seal: sealing, now, newSecret: newSigningSecret }),
      supplier,
      parties: createParties({ db, now, newId }),
      emailProviders: guestMail.emailProviders,
      suppressions: guestMail.suppressions,
      tokens: adminTokenStore(db, hashKey),
      newKey: randomKey,
      hashKey,
      now,
      newId,
      version,
      publicUrl: originOf,
    }),
  );
  http.route('/providers', guestMail.callbacks);
  http.route('/u', guestMail.unsubscribe);
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
      log.info({ code: 'node.working', node: engine.leaseToken }, 'sends what is due; leases carry this name');
      workers.start();
      db.listen('suppressions', guestMail.sync.wake);
      guestMail.sync.start();
    },
    async stop(limitMs) {
      await Promise.all([engine.stop(limitMs), workers.stop(limitMs), guestMail.sync.stop(limitMs)]);
      await Promise.all([outbound.close(), provider.close(), guestMail.routes.close()]);
    },
  };
}
