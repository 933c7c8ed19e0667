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
import type { Db, Queryable } from './platform/db/index.ts';
import { requestId, securityHeaders, unknownRoute } from './platform/http/index.ts';
import { createIds } from './platform/ids/index.ts';
import type { Log } from './platform/log/index.ts';
import { createOutbound } from './platform/outbound/index.ts';
import { hashKey, type Sealing } from './platform/secrets/index.ts';
import { createWorker } from './platform/worker/index.ts';
import { connectionEmails, createSupplier, type Supplier, supplierById } from './supplier/index.ts';
import { createMetrics } from './telemetry.ts';
import {
  createEngine,
  createSubscriptions,
  newSigningSecret,
  owedListener,
  type Subscriptions,
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
  const publicUrl = (): string => config.publicUrl ?? deps.address();
  const metrics = createMetrics(db);
  const outbound = createOutbound({ allow: config.allowPrivateNetworks });

  const suppliers: Suppliers = {
    profile: profileOf,
    connection: async (queryable, id) => ({ emails: (await connectionEmails(queryable, id)) ?? false }),
  };
  const engine = createEngine({
    db,
    outbound,
    seal: sealing,
    log,
    now,
    newId,
    random,
    userAgent: `Carillon/${version}`,
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
  const subscriptions = createSubscriptions({
    db,
    seal: sealing,
    now,
    newId,
    newSecret: newSigningSecret,
    supplierPart: async (queryable, id) => ({ ...(await profileOf(queryable, id)), endpoint: `${publicUrl()}/octo` }),
  });

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
      host: new URL(publicUrl()).hostname,
      leaseMs: 120_000,
      atOnce: 10,
      now,
      newId,
      random,
      finished: (message) => log.info({ ...message, code: 'message.finished', reason: message.code }, 'e-mail'),
      failed: (message, err) => log.error({ code: 'message.failed', message, err }, 'an e-mail could not leave'),
    }),
  });
  const holds = createWorker({
    name: 'holds',
    pollMs: 1000,
    log,
    now,
    async work() {
      const { expired, nextAt } = await supplier.expireHolds(50);
      if (expired > 0) return 'more';
      // Not before the next tenth of a second: another node may be at a hold whose time has come.
      return nextAt === null ? 'idle' : new Date(Math.max(nextAt, now() + 100));
    },
  });

  const http = new Hono({ strict: false });
  http.use(requestId(newId), securityHeaders({ https: publicUrl().startsWith('https:') }));
  http.onError((err, c) => {
    log.error({ code: 'http.failed', method: c.req.method, path: c.req.path, err }, 'a request failed');
    return c.json({ error: 'internal', message: 'Something went wrong here; it has been logged.' }, 500);
  });
  http.get('/healthz', (c) => c.json({ status: 'ok', version }));
  http.get('/readyz', async (c) => {
    try {
      await db.all('select 1 as ready');
      return c.json({ status: 'ready' });
    } catch (err) {
      log.error({ code: 'http.not_ready', err }, 'the database does not answer');
      return c.json({ status: 'not ready', reason: 'the database does not answer' }, 503);
    }
  });
  http.route('/octo', octoApp({ supplier, webhooks: subscriptions, hashKey, publicUrl, now, log, limits: octoLimits }));
  http.route('/api', adminApp({ db, subscriptions, tokens: adminTokenStore(db, hashKey), version, publicUrl }));
  if (config.local) http.route('/mailbox', mailboxApp({ db }));
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
      messages.start();
      holds.start();
    },
    async stop(limitMs) {
      await Promise.all([engine.stop(), messages.stop(limitMs), holds.stop(limitMs)]);
      await outbound.close();
    },
  };
}

async function profileOf(db: Queryable, supplierId: string) {
  const profile = await supplierById(db, supplierId);
  if (profile === undefined) throw new Error(`There is no supplier ${supplierId}.`);
  return profile;
}
