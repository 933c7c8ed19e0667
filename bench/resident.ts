import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openSqlite } from '../apps/server/src/platform/db/index.ts';
import { fill } from './backlog.ts';
import { benchSecret, openStage } from './stage.ts';

/** How long the server has run when it is looked at, ms: it has polled and swept by then. */
const settledAfterMs = 70_000;

/** Resident memory of a whole server on SQLite, in MB, with so many deliveries scheduled for later. Linux only: undefined elsewhere. */
export async function resident(count: number): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const directory = await mkdtemp(join(tmpdir(), 'carillon-bench-'));
  try {
    const stage = await openStage({ name: 'SQLite', db: () => openSqlite({ directory }) }, ['http://127.0.0.1:9/']);
    await fill(stage.db, 'scheduled for later', count);
    await stage.close();
    const main = fileURLToPath(new URL('../apps/server/src/main.ts', import.meta.url));
    const server = spawn(process.execPath, [...process.execArgv, main, 'serve', '--data', directory, '--port', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, CARILLON_SECRET: benchSecret },
    });
    // What it logs is not looked at.
    server.stdout.resume();
    await Promise.race([wait(settledAfterMs), once(server, 'exit')]);
    if (server.exitCode !== null) throw new Error('the server ended');
    const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
    server.kill('SIGKILL');
    await once(server, 'exit');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
