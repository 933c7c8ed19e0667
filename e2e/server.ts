import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A running Carillon with sample data, in its local mode. */
export interface Carillon {
  /** Its address, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** The API key of the first sample connection. */
  readonly key: string;
  /** A token for `/api`. */
  readonly adminToken: string;
  /** Stops it the way an operator does; rejects if it does not end with exit code 0. */
  stop(): Promise<void>;
}

const main = fileURLToPath(new URL('../apps/server/src/main.ts', import.meta.url));
const startsWithinMs = 30_000;
const stopsWithinMs = 20_000;

/** Starts the real server in a process of its own, on a free port and an empty data directory, which goes when it stops. */
export async function startCarillon(): Promise<Carillon> {
  const data = await mkdtemp(join(tmpdir(), 'carillon-e2e-'));
  const key = 'key-of-the-browser-tests';
  const adminToken = 'token-of-the-browser-tests';
  const server = spawn(
    process.execPath,
    ['--conditions=source', '--disable-warning=ExperimentalWarning', main, 'start', '--port', '0', '--data', data],
    {
      env: { ...unconfigured(process.env), CARILLON_DEMO_KEY: key, CARILLON_ADMIN_TOKEN: adminToken },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const ended = once(server, 'exit');
  const output: string[] = [];
  const url = new Promise<string>((resolve, reject) => {
    const failed = (why: string) => reject(new Error(`${why}; it said:\n${output.join('\n')}`));
    const timer = setTimeout(() => failed(`Carillon did not listen within ${startsWithinMs} ms`), startsWithinMs);
    server.once('error', reject);
    server.once('close', (code, signal) => failed(`Carillon ended with ${signal ?? `exit code ${code}`}`));
    for (const stream of [server.stdout, server.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        output.push(line);
        const address = listeningAddress(line);
        if (address === undefined) return;
        clearTimeout(timer);
        resolve(address);
      });
    }
  });
  const stop = async () => {
    const timer = setTimeout(() => server.kill('SIGKILL'), stopsWithinMs);
    server.kill('SIGTERM');
    const [code] = await ended;
    clearTimeout(timer);
    await rm(data, { recursive: true, force: true });
    if (code !== 0) throw new Error(`Carillon did not stop as it should (${code}); it said:\n${output.join('\n')}`);
  };
  try {
    return { url: await url, key, adminToken, stop };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

/** The environment without what configures Carillon: these tests are about its defaults. */
function unconfigured(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const configures = /^(CARILLON_.*|DATABASE_URL|SMTP_URL|PORT|HOST)$/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !configures.test(name)));
}

/** The address in the log line `{"code":"server.listening","url":"…"}`; other lines have none. */
function listeningAddress(line: string): string | undefined {
  try {
    const { code, url } = JSON.parse(line) as { code?: unknown; url?: unknown };
    return code === 'server.listening' && typeof url === 'string' ? url : undefined;
  } catch {
    return undefined;
  }
}
