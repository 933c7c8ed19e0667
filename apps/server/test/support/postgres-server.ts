import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { PostgresBinaries } from './postgres-binaries.ts';

/** A Postgres server of the tests. It ends with the process that started it, however that ends. */
export interface PostgresServer {
  readonly url: string;
  /** Stops it as an operator would, or starts it again. */
  command(line: 'stop' | 'start'): Promise<void>;
  /** Stops it and removes its files. */
  end(): Promise<void>;
}

/** Starts a server on a unix socket in a temporary directory. Unless it is `durable`, it forces nothing to disk. */
export async function startPostgres(
  binaries: PostgresBinaries,
  { durable = false }: { readonly durable?: boolean } = {},
): Promise<PostgresServer> {
  const program = fileURLToPath(new URL('./postgres-supervisor.ts', import.meta.url));
  // Detached, so that Ctrl-C reaches only the tests, and the server ends after them.
  const supervisor = spawn(process.execPath, [program, JSON.stringify({ ...binaries, durable })], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = new Promise<void>((resolve) => supervisor.on('exit', () => resolve()));
  const lines = createInterface({ input: supervisor.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    const said = (done ? { error: 'the supervisor of Postgres ended' } : JSON.parse(value)) as {
      url?: string;
      error?: string;
    };
    if (said.error !== undefined) throw new Error(said.error);
    return said;
  };
  const { url } = await answer();
  if (url === undefined) throw new Error('the supervisor of Postgres told no URL');
  return {
    url,
    command: async (line) => {
      supervisor.stdin.write(`${line}\n`);
      await answer();
    },
    end: async () => {
      supervisor.stdin.end();
      await exited;
    },
  };
}
