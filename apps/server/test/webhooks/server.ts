import { afterEach, expect, vi } from 'vitest';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import type { Db } from '../../src/platform/db/index.ts';
import { listen } from '../../src/platform/http/index.ts';
import { createIds } from '../../src/platform/ids/index.ts';
import { createLog } from '../../src/platform/log/index.ts';
import { createSealing, hashKey, randomKey } from '../../src/platform/secrets/index.ts';
import { seedSample } from '../../src/supplier/index.ts';
import { monday } from '../supplier/stage.ts';
import type { OpenDatabase } from '../support/databases.ts';
import { openReceiver } from './stage.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
export type Json = any;

/** A whole Carillon on a database, spoken to over HTTP, with a clock that stands still. */
async function openServer(db: Db) {
  const clock = { now: monday };
  const now = () => clock.now;
  const keys = { website: randomKey('ck'), reseller: randomKey('ck') };
  const keyHashes = { website: hashKey(keys.website), reseller: hashKey(keys.reseller) };
  const sample = await seedSample(db, { now, newId: createIds({ now }), keyHashes });
  const app = createApp({
    db,
    config: readConfig({ env: {}, flags: {}, command: 'start' }),
    log: createLog({ level: 'silent' }),
    sealing: createSealing([randomKey('secret')]),
    now,
    random: () => 0.5,
    address: () => 'https://carillon.example',
  });
  const listening = await listen({ fetch: (request, env) => app.fetch(request, env), host: '127.0.0.1', port: 0 });
  await app.start();
  type Headers = Readonly<Record<string, string>>;
  const caller = (key: string) => {
    const text = async (method: string, path: string, body?: object, headers: Headers = {}) => {
      const response = await fetch(`${listening.url}/octo${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        ...(body && { body: JSON.stringify(body) }),
      });
      const answer = await response.text();
      if (response.status !== 200) throw new Error(`${method} ${path}: ${response.status} ${answer}`);
      return answer;
    };
    return { text, call: async (...given: Parameters<typeof text>): Promise<Json> => JSON.parse(await text(...given)) };
  };
  return {
    app,
    clock,
    sample,
    ...caller(keys.website),
    reseller: caller(keys.reseller),
    async end() {
      await listening.stop(1_000);
      await app.stop(4_000);
    },
  };
}

/** See `serverOpenings`. */
export type Server = Awaited<ReturnType<typeof openServer>>;

/** Opens servers, each with a receiver, and ends them after each test, before the database is closed. */
export function serverOpenings(open: OpenDatabase) {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  return {
    async opened(answer?: Parameters<typeof openReceiver>[0]) {
      const db = await open();
      const server = await openServer(db);
      ends.push(server.end);
      const receiver = await openReceiver(answer);
      ends.push(receiver.close);
      /** Waits until all is delivered, and gives what has arrived since the last time. */
      const arrived = async () => {
        await vi.waitFor(
          async () => expect(await db.all(`select id from deliveries where state <> 'delivered' limit 1`)).toEqual([]),
          { timeout: 10_000, interval: 20 },
        );
        return receiver.received.splice(0);
      };
      return { db, server, receiver, arrived };
    },
  };
}
