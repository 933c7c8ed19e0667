import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { PostgresBinaries } from './postgres-binaries.ts';

// A program that keeps one Postgres for the tests that started it. It lives as long as its standard input: however the tests end,
// `kill -9` included, the server is stopped and its files removed. Commands are lines: `stop`, `start`; each is answered by a line.

const binaries = JSON.parse(process.argv[2] ?? '') as PostgresBinaries & { readonly durable: boolean };
const directory = mkdtempSync(join(tmpdir(), 'carillon-pg-'));
const data = join(directory, 'data');
// Postgres refuses to run as root.
const user = process.getuid?.() === 0 ? unprivileged() : undefined;
let server: ChildProcess | undefined;
let log = '';

function unprivileged(): { uid: number; gid: number } {
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) => Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // No user of that name.
    }
  }
  throw new Error('Postgres does not run as root, and there is neither a user `postgres` nor `nobody`');
}

/** A copy with the symbolic links that an npm package cannot carry, in a place that the other user can read. */
function copyEmbedded(native: string): string {
  const copy = join(directory, 'native');
  cpSync(native, copy, { recursive: true, filter: (path) => !path.endsWith('.a') });
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    if (dirname(source) !== dirname(target)) throw new Error(`unexpected link from ${target} to ${source}`);
    symlinkSync(basename(source), join(directory, target));
  }
  return join(copy, 'bin');
}

function initialise(): string {
  if (user !== undefined) chownSync(directory, user.uid, user.gid);
  const bin = binaries.from === 'embedded' ? copyEmbedded(binaries.directory) : binaries.directory;
  mkdirSync(data, { mode: 0o700 });
  if (user !== undefined) chownSync(data, user.uid, user.gid);
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...user, cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  return bin;
}

/** Nothing outlives the tests, so nothing is forced to disk; a commit still means what it says to other sessions. */
const forgetful = { fsync: 'off', full_page_writes: 'off' };
const settings = {
  listen_addresses: '',
  unix_socket_directories: directory,
  unix_socket_permissions: '0777',
  ...(binaries.durable ? {} : forgetful),
  max_connections: '200',
  shared_buffers: binaries.durable ? '256MB' : '64MB',
  deadlock_timeout: '50ms',
  jit: 'off',
};

function start(bin: string): Promise<void> {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(join(bin, 'postgres'), ['-D', data, ...flags], {
    ...user,
    cwd: directory,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  server = child;
  return new Promise((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      log = (log + chunk).slice(-10_000);
      if (/ready to accept connections/.test(String(chunk))) resolve();
    });
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`Postgres did not start:\n${log}`)));
  });
}

/** SIGINT is a fast shutdown, SIGQUIT an immediate one. */
function stop(signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
  const child = server;
  server = undefined;
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.on('exit', () => resolve());
    child.kill(signal);
  });
}

async function end(code: number): Promise<never> {
  await stop('SIGQUIT');
  rmSync(directory, { recursive: true, force: true });
  process.exit(code);
}

const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
process.stdout.on('error', () => {
  // The tests are gone, and what is said to them does not matter.
});
process.on('SIGTERM', () => end(0));

try {
  const bin = initialise();
  await start(bin);
  say({ url: `postgres://postgres@localhost/postgres?host=${encodeURIComponent(directory)}` });
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) {
    if (line === 'stop') await stop('SIGINT');
    if (line === 'start') await start(bin);
    say({ done: line });
  }
  await end(0);
} catch (error) {
  say({ error: error instanceof Error ? error.message : String(error) });
  await end(1);
}
