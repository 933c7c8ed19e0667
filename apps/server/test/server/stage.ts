import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Command, readConfig } from '../../src/config.ts';
import { serve } from '../../src/serve.ts';
import type { Place } from '../support/place.ts';

/** Configures a server by its environment. */
export type Env = Readonly<Record<string, string>>;

/** What a test began, ended in reverse. */
export class Begun {
  readonly #ends: (() => Promise<unknown> | unknown)[] = [];

  add(end: () => Promise<unknown> | unknown): void {
    this.#ends.push(end);
  }

  async end(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end();
  }
}

/** The environment of a server whose database is at a place. With Postgres its data directory is a new one. */
export async function envAt(place: Place, begun: Begun): Promise<Env> {
  if (place.engine === 'sqlite') return { CARILLON_DATA: place.directory };
  const directory = await mkdtemp(join(tmpdir(), 'carillon-server-'));
  begun.add(() => rm(directory, { recursive: true, force: true }));
  return { CARILLON_DATA: directory, DATABASE_URL: place.url };
}

/** Starts a server in this process, on a free port unless told otherwise; `said` is what it said to the person at the terminal. */
export async function startServer(env: Env, begun: Begun, command: Command = 'start') {
  const said: string[] = [];
  const config = readConfig({ env: { PORT: '0', CARILLON_LOG_LEVEL: 'silent', ...env }, flags: {}, command });
  const running = await serve(config, (text) => void said.push(text));
  begun.add(() => running.stop(1_000));
  return { ...running, said: said.join('\n') };
}

/** The status of an answer to GET with a token. */
export async function statusOf(url: string, token?: string): Promise<number> {
  const response = await fetch(url, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });
  await response.arrayBuffer();
  return response.status;
}

/** A port that somebody has, until `free`. */
export async function takenPort(begun: Begun): Promise<{ readonly port: string; free(): Promise<void> }> {
  const server: Server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const free = async () => {
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  begun.add(free);
  return { port: String(port), free };
}

/** A client of the OCTO API. */
export function octoClient(url: string, key: string) {
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}/octo${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer as T;
  };
}

/** A client as `octoClient` makes it. */
export type Octo = ReturnType<typeof octoClient>;

const cruise = {
  productId: 'c1000000-0000-4000-8000-000000000001',
  optionId: 'c1000000-0000-4000-8000-000000000002',
  unitId: 'c1000000-0000-4000-8000-000000000011',
};

/** A reservation of one adult on the sample's cruise, three days from now. */
export async function cruiseRequest(octo: Octo) {
  const { productId, optionId, unitId } = cruise;
  const localDate = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  const [slot] = await octo<{ id: string }[]>('POST', '/availability', { productId, optionId, localDate });
  expect(slot).toBeDefined();
  return { productId, optionId, availabilityId: slot?.id, unitItems: [{ unitId }] };
}

/** A guest that a booking may be confirmed for. */
export const contact = { firstName: 'Ada', lastName: 'Byron', emailAddress: 'ada@example.com', locales: ['en'] };
