import { fileURLToPath } from 'node:url';
import { createApp, version } from './app.ts';
import { Closing } from './closing.ts';
import type { Config } from './config.ts';
import { warningsOf } from './config-warnings.ts';
import { prepareInstance, prepareSample, type SampleKeys, sampleKeysShown } from './first-start.ts';
import { systemClock } from './platform/clock/index.ts';
import { type Db, migrate, openPostgres, openSqlite } from './platform/db/index.ts';
import { type Fetch, type Listening, listen } from './platform/http/index.ts';
import { createLog, type Log } from './platform/log/index.ts';
import { checkSecret, createSealing, type Sealing, secretFile } from './platform/secrets/index.ts';
import { openTracing } from './telemetry/index.ts';

/** A server that runs. */
export interface Running {
  readonly url: string;
  /** Where `/metrics` is; undefined where there is none. */
  readonly metricsUrl: string | undefined;
  /** Finishes what is in hand, and tells whether all of it ended within the limit, ms. */
  stop(limitMs: number): Promise<boolean>;
}

const migrations = fileURLToPath(new URL('../migrations', import.meta.url));

/** How long what was begun may take to end when a start fails, ms. */
const failedStartLimitMs = 5_000;

/** Opens the database and brings its tables up to date, and no more. */
export async function migrateOnly(config: Config): Promise<void> {
  const log = createLog({ level: config.logLevel });
  const db = await openDatabase(config, log);
  try {
    await bringUpToDate(db, log);
  } finally {
    await db.close();
  }
}

/** Opens the database, brings it up to date, and serves. A start that fails leaves nothing open. `say` writes to the person at the terminal. */
export async function serve(config: Config, say: (text: string) => void): Promise<Running> {
  const log = createLog({ level: config.logLevel });
  const closing = new Closing(log);
  try {
    const addresses = await open(config, { log, closing, say });
    return {
      ...addresses,
      async stop(limitMs) {
        log.info({ code: 'server.stopping' }, 'finishing what is in hand');
        const whole = await closing.close(limitMs);
        log.info({ code: 'server.stopped', whole }, 'stopped');
        return whole;
      },
    };
  } catch (error) {
    await closing.close(failedStartLimitMs);
    throw error;
  }
}

/** Opens one thing after the other, and tells `closing` of each. */
async function open(
  config: Config,
  { log, closing, say }: { readonly log: Log; readonly closing: Closing; readonly say: (text: string) => void },
): Promise<Pick<Running, 'url' | 'metricsUrl'>> {
  const { host, port, nextFreePort } = config;
  for (const warning of warningsOf(config)) log.warn({ code: 'config.warning' }, warning);
  const db = await openDatabase(config, log);
  closing.add('database', 1, () => db.close());
  await bringUpToDate(db, log);
  const sealing = await openSealing(db, config);

  const tracing = config.traces && (await openTracing({ ...config.traces, version }));
  if (tracing !== undefined) closing.add('traces', 0.5, tracing.close);

  let server: Listening | undefined;
  const app = createApp({
    db,
    config,
    log,
    sealing,
    now: systemClock,
    random: Math.random,
    address: () => server?.url ?? '',
    tracing,
  });
  closing.add('workers', 0.9, (limitMs) => app.stop(limitMs));
  // Before anything is made for good: a port that is taken is what most often stops a start.
  server = await listen({ fetch: app.fetch, host, port, nextFreePort });
  closing.add('http', 0.5, server.stop);
  closing.add('waits', 0.1, async () => app.endWaits());
  let metrics: Listening | undefined;
  if (config.metricsPort !== undefined) {
    metrics = await listen({ fetch: metricsOnly(app.metrics), host, port: config.metricsPort });
    closing.add('metrics', 0.1, metrics.stop);
  }
  const keys = config.local ? await prepareSample(db, config, systemClock) : undefined;
  if (!config.local) await prepareInstance(db, config, systemClock);
  await app.start();
  const addresses = { url: server.url, metricsUrl: metrics && `${metrics.url}/metrics` };
  log.info({ code: 'server.listening', ...addresses }, 'Carillon is listening');
  if (keys !== undefined) {
    say(welcome(server.url, keys, config));
    await sampleKeysShown(db);
  }
  return addresses;
}

function openDatabase({ databaseUrl, poolSize, dataDirectory }: Config, log: Log): Promise<Db> {
  if (databaseUrl === undefined) return openSqlite({ directory: dataDirectory });
  return openPostgres({
    url: databaseUrl,
    poolSize,
    onConnectionLost: (err) => log.warn({ code: 'database.connection_lost', err }, 'a connection to Postgres broke'),
  });
}

async function bringUpToDate(db: Db, log: Log): Promise<void> {
  const { applied } = await migrate(db, migrations, systemClock);
  log.info({ code: 'database.migrated', applied: applied.length }, 'the database is up to date');
}

async function openSealing(db: Db, { secret, previousSecrets, dataDirectory }: Config): Promise<Sealing> {
  const sealing = createSealing([secret ?? secretFile(dataDirectory), ...previousSecrets]);
  await checkSecret(db, sealing, secret === undefined ? `secret.key in ${dataDirectory}` : 'CARILLON_SECRET');
  return sealing;
}

function metricsOnly(text: () => Promise<string>): Fetch {
  return async ({ url }) =>
    new URL(url).pathname === '/metrics'
      ? new Response(await text(), { headers: { 'content-type': 'text/plain; version=0.0.4' } })
      : new Response('not found', { status: 404 });
}

function welcome(url: string, keys: SampleKeys, config: Config): string {
  const shown = (key: string | undefined) => key ?? '(printed at the first start; start with --data DIR for a new one)';
  return `
  Carillon runs at ${url}

    OCTO API       ${url}/octo
    API            ${url}/api/openapi.json
    Mailbox        ${config.mailbox ? `${url}/mailbox` : `(only with --host 127.0.0.1: it shows guests' data)`}

    Website key    ${shown(keys.website)}
    Reseller key   ${shown(keys.reseller)}
    Admin token    ${shown(keys.admin)}

  Stop it with Ctrl-C.
`;
}
