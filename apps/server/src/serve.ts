import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { adminTokenStore } from './admin/index.ts';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import { seedCampaigns } from './email/index.ts';
import { systemClock } from './platform/clock/index.ts';
import { type Db, migrate, openPostgres, openSqlite } from './platform/db/index.ts';
import { listen } from './platform/http/index.ts';
import { createIds } from './platform/ids/index.ts';
import { createLog } from './platform/log/index.ts';
import { createSealing, hashKey, randomKey } from './platform/secrets/index.ts';
import { seedSample } from './supplier/index.ts';

/** The master secret cannot be read or made. */
export class SecretRefused extends Error {
  override readonly name = 'SecretRefused';
}

/** A server that runs. */
export interface Running {
  readonly url: string;
  stop(limitMs: number): Promise<void>;
}

const migrations = fileURLToPath(new URL('../migrations', import.meta.url));

/** Opens the database, brings it up to date, and serves; undefined after only migrating. `say` writes to the person at the terminal. */
export async function serve(
  config: Config,
  options: { readonly onlyMigrate: boolean; readonly say: (text: string) => void },
): Promise<Running | undefined> {
  const now = systemClock;
  const log = createLog({ level: config.logLevel });
  const db = await openDatabase(config);
  try {
    const { applied } = await migrate(db, migrations, now);
    log.info({ code: 'database.migrated', applied: applied.length }, 'the database is up to date');
    if (options.onlyMigrate) {
      await db.close();
      return undefined;
    }
    const sealing = createSealing([config.secret ?? localSecret(config.dataDirectory)]);
    let address = `http://${config.host}:${config.port}`;
    const app = createApp({ db, config, log, sealing, now, random: Math.random, address: () => address });
    const keys = config.local ? await seed(db, config, now) : undefined;
    const server = await listen({
      fetch: app.fetch,
      host: config.host,
      port: config.port,
      nextFreePort: config.nextFreePort,
    });
    address = server.url;
    await app.start();
    const metrics =
      config.metricsPort === undefined
        ? undefined
        : await listen({
            fetch: async ({ url }) =>
              new URL(url).pathname === '/metrics'
                ? new Response(await app.metrics(), { headers: { 'content-type': 'text/plain; version=0.0.4' } })
                : new Response('not found', { status: 404 }),
            host: config.host,
            port: config.metricsPort,
          });
    log.info({ code: 'server.listening', url: server.url }, 'Carillon is listening');
    if (keys !== undefined) options.say(welcome(server.url, keys));
    return {
      url: server.url,
      async stop(limitMs) {
        log.info({ code: 'server.stopping' }, 'finishing what is in hand');
        await Promise.all([server.stop(limitMs), metrics?.stop(limitMs)]);
        await app.stop(limitMs);
        await db.close();
        log.info({ code: 'server.stopped' }, 'stopped');
      },
    };
  } catch (error) {
    await db.close();
    throw error;
  }
}

function openDatabase(config: Config): Promise<Db> {
  if (config.databaseUrl !== undefined) return openPostgres({ url: config.databaseUrl });
  return openSqlite({ directory: config.dataDirectory });
}

/** The key that is made once and kept in the data directory, for its owner only. */
function localSecret(directory: string): string {
  const file = join(directory, 'secret.key');
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    // `wx`: of two that begin at once, one makes it and both read it.
    writeFileSync(file, `${randomKey('secret')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    if (!exists) throw new SecretRefused(`The key cannot be kept in ${file}: ${String(cause)}`, { cause });
  }
  return readFileSync(file, 'utf8').trim();
}

interface SampleKeys {
  /** Undefined when it was made at an earlier start: keys are stored hashed. */
  readonly website: string | undefined;
  readonly reseller: string | undefined;
  readonly admin: string | undefined;
}

async function seed(db: Db, config: Config, now: () => number): Promise<SampleKeys> {
  const newId = createIds({ now });
  const website = config.demoKey ?? randomKey('ck');
  const reseller = randomKey('ck');
  const { holdSeconds, settlingMs } = config.sample;
  const sample = await seedSample(db, {
    now,
    newId,
    keyHashes: { website: hashKey(website), reseller: hashKey(reseller) },
    ...(holdSeconds === undefined ? {} : { holdSeconds }),
    ...(settlingMs === undefined ? {} : { settlingMs }),
  });
  const tokens = adminTokenStore(db, hashKey);
  const admin = config.adminToken ?? (sample.made ? randomKey('ca') : undefined);
  if (admin !== undefined) {
    await tokens.add({ id: newId(), supplierId: sample.supplierId, name: 'first start', token: admin, now: now() });
  }
  if (!sample.made) return { website: config.demoKey, reseller: undefined, admin };
  await seedCampaigns(db, sample.supplierId, { now, newId });
  return { website, reseller, admin };
}

function welcome(url: string, keys: SampleKeys): string {
  const shown = (key: string | undefined) => key ?? '(printed at the first start; start with --data DIR for a new one)';
  return `
  Carillon runs at ${url}

    OCTO API       ${url}/octo
    API            ${url}/api/openapi.json
    Mailbox        ${url}/mailbox

    Website key    ${shown(keys.website)}
    Reseller key   ${shown(keys.reseller)}
    Admin token    ${shown(keys.admin)}

  Stop it with Ctrl-C.
`;
}
