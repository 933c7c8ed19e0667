import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { within } from '../../src/platform/clock/index.ts';

/** How a process is started. */
export interface CarillonOptions {
  /** `start` or `serve`, and flags. */
  readonly args: readonly string[];
  /** What configures it; nothing else of this process's environment does. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Carillon in a process of its own, as an operator runs it. */
export interface CarillonProcess {
  /** Its address, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly pid: number;
  /** What it said so far, line by line. */
  readonly said: readonly string[];
  /** Sends a signal. */
  signal(signal: NodeJS.Signals): void;
  /** Waits for its end; resolves to its exit code, or null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Stops it the way an operator does; rejects if it does not end with exit code 0. */
  stop(): Promise<void>;
}

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const startsWithinMs = 30_000;
const stopsWithinMs = 30_000;

/** Starts it and waits until it listens; rejects with what it said if it ends, or is late. */
export async function launchCarillon({ args, env = {} }: CarillonOptions): Promise<CarillonProcess> {
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--disable-warning=ExperimentalWarning', main, ...args],
    { env: { ...unconfigured(process.env), ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const said: string[] = [];
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const problem = (why: string) => new Error(`Carillon ${why}; it said:\n${said.join('\n')}`);
  try {
    const url = await within(
      startsWithinMs,
      Promise.race([listening(child, said), ended.then(neverListened(problem))]),
    );
    return {
      url,
      pid: child.pid ?? 0,
      said,
      signal: (signal) => void child.kill(signal),
      ended,
      async stop() {
        child.kill('SIGTERM');
        const code = await within(stopsWithinMs, ended).catch(() => {
          child.kill('SIGKILL');
          return 'not in time';
        });
        if (code !== 0) throw problem(`did not stop as it should (${code})`);
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    await ended;
    throw error;
  }
}

function neverListened(problem: (why: string) => Error): (code: number | null) => never {
  return (code) => {
    throw problem(`ended with ${code === null ? 'a signal' : `exit code ${code}`}`);
  };
}

/** Keeps every line, and resolves to the address in the log line `{"code":"server.listening","url":"…"}`. */
function listening(child: ChildProcess, said: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        const address = listeningAddress(line);
        if (address !== undefined) resolve(address);
      });
    }
  });
}

/** The environment without what configures Carillon. */
function unconfigured(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const configures = /^(CARILLON_.*|DATABASE_URL|SMTP_URL|PORT|HOST)$/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !configures.test(name)));
}

function listeningAddress(line: string): string | undefined {
  try {
    const { code, url } = JSON.parse(line) as { code?: unknown; url?: unknown };
    return code === 'server.listening' && typeof url === 'string' ? url : undefined;
  } catch {
    return undefined;
  }
}
