import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { reconcile } from './commands/index.ts';
import { ConfigRefused, readConfig } from './config.ts';
import { receive, runDemo } from './demo/index.ts';
import {
  DatabaseError,
  DataDirectoryInUse,
  DataDirectoryRefused,
  MigrationRefused,
  UnsupportedDatabase,
} from './platform/db/index.ts';
import { SecretRefused } from './platform/secrets/index.ts';
import { migrateOnly, serve } from './serve.ts';

const usage = `carillon start     on this machine, with sample data and a mailbox (npm start)
carillon serve     for production: starts empty
carillon demo      tells a story of bookings on an instance of its own, and ends
carillon migrate   brings the database's tables up to date and ends
carillon reconcile --from TIME   what became of everything owed to webhooks, asked of a server that runs

  --port N      default 4000        --host ADDRESS   default 127.0.0.1
  --data DIR    default ./data      --role ROLE      web, worker or all (default), with Postgres

Everything else: environment variables, see README.md`;

/** How long requests, deliveries and e-mails in hand may take to end, ms. */
const stopLimitMs = 20_000;

/** A signal to the whole group comes twice, directly and forwarded: within this many ms they count as one. */
const sameSignalMs = 500;

/** What has not closed by so many ms after the end has no part in it: it must not keep the process. */
const lingerMs = 1_000;

async function main(): Promise<number> {
  const [first, ...args] = process.argv.slice(2);
  if (first === 'reconcile') {
    return reconcile({
      args,
      env: process.env,
      say: (line) => void process.stdout.write(`${line}\n`),
      complain: (line) => void process.stderr.write(`${line}\n`),
    });
  }
  const { values, positionals } = parseArgs({
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      data: { type: 'string' },
      role: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
  });
  const [command, ...rest] = positionals;
  if (values.help === true || command === 'help') {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  if (command === 'demo') return demo(rest);
  if ((command !== 'start' && command !== 'serve' && command !== 'migrate') || rest.length > 0) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  // What the server writes is for its owner: the database, the key.
  process.umask(0o077);
  const config = readConfig({ env: process.env, flags: values, command });
  if (command === 'migrate') {
    await migrateOnly(config);
    return 0;
  }
  // Heard from here on: one that comes during the start stops it in good order once it is done.
  const asked = stopSignal();
  const running = await serve(config, (text) => void process.stderr.write(`${text}\n`));
  await asked;
  return (await running.stop(stopLimitMs)) ? 0 : 1;
}

/** The first signal that asks to stop. Whoever sends another one does not want to wait: it ends the process at once. */
function stopSignal(): Promise<void> {
  let firstAt: number | undefined;
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        firstAt ??= performance.now();
        if (performance.now() - firstAt > sameSignalMs) process.exit(1);
        resolve();
      });
    }
  });
}

/** `demo`, and `demo receiver`: the process that it starts to receive webhooks. */
async function demo(rest: readonly string[]): Promise<number> {
  if (rest[0] === 'receiver') {
    await receive({ input: process.stdin, output: process.stdout });
    return 0;
  }
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort());
  const { execPath, execArgv, env } = process;
  const launch = { execPath, execArgv, env, mainFile: fileURLToPath(import.meta.url) };
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  try {
    const problems = await runDemo({ launch, say, signal: stopping.signal });
    return problems.length === 0 ? 0 : 1;
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    return 130;
  }
}

const expected = [
  ConfigRefused,
  DataDirectoryInUse,
  DataDirectoryRefused,
  MigrationRefused,
  UnsupportedDatabase,
  DatabaseError,
  SecretRefused,
];

try {
  process.exitCode = await main();
} catch (error) {
  const known = expected.some((kind) => error instanceof kind) || (error instanceof TypeError && 'code' in error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const text = error instanceof Error && (known || code.startsWith('E')) ? error.message : error;
  process.stderr.write(`${text instanceof Error ? text.stack : text}\n`);
  process.exitCode = 1;
}
setTimeout(() => process.exit(), lingerMs).unref();
