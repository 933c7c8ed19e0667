import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ConfigRefused, readConfig } from './config.ts';
import { receive, runDemo } from './demo/index.ts';
import { DatabaseError, DataDirectoryInUse, MigrationRefused, UnsupportedDatabase } from './platform/db/index.ts';
import { SecretRefused, serve } from './serve.ts';

const usage = `carillon start     on this machine, with sample data and a mailbox (npm start)
carillon serve     for production: starts empty
carillon demo      tells a story of bookings on an instance of its own, and ends
carillon migrate   brings the database's tables up to date and ends

  --port N      default 4000        --host ADDRESS   default 127.0.0.1
  --data DIR    default ./data      Everything else: environment variables, see README.md`;

/** How long requests, deliveries and e-mails in hand may take to end, ms. */
const stopLimitMs = 20_000;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      data: { type: 'string' },
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
  const config = readConfig({ env: process.env, flags: values, local: command === 'start' });
  const running = await serve(config, {
    onlyMigrate: command === 'migrate',
    say: (text) => process.stderr.write(`${text}\n`),
  });
  if (running === undefined) return 0;
  await new Promise<void>((resolve) => {
    // A signal to the whole group comes twice, directly and forwarded: the second must not end it before its time.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
  await running.stop(stopLimitMs);
  return 0;
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
