import { expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/platform/log/index.ts';
import { createSealing, hashKey, randomKey } from '../../src/platform/secrets/index.ts';
import { seedSample } from '../../src/supplier/index.ts';
import { onSqlite } from '../support/databases.ts';

const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'tours.example' };

onSqlite('the address that Carillon says of itself', (open) => {
  test.each([
    [{}, '127.0.0.1', 'http://listening.example:4000'],
    [{ CARILLON_TRUST_PROXY: 'loopback' }, '127.0.0.1', 'https://tours.example'],
    [{ CARILLON_TRUST_PROXY: 'loopback' }, '192.0.2.1', 'http://listening.example:4000'],
    [{ CARILLON_TRUST_PROXY: 'loopback', CARILLON_PUBLIC_URL: 'https://c.example' }, '127.0.0.1', 'https://c.example'],
  ])('with %j, for a request from %s, begins with %s', async (env, remoteAddress, origin) => {
    const db = await open();
    const key = randomKey('ck');
    let made = 0;
    await seedSample(db, { now: Date.now, newId: () => `id-${made++}`, keyHashes: { website: hashKey(key) } });
    const app = createApp({
      db,
      config: readConfig({ env, flags: {}, command: 'start' }),
      log: createLog({ level: 'silent' }),
      sealing: createSealing([randomKey('secret')]),
      now: Date.now,
      random: Math.random,
      address: () => 'http://listening.example:4000',
    });
    const get = async (path: string) => {
      const headers = { ...forwarded, authorization: `Bearer ${key}` };
      const request = new Request(`http://localhost${path}`, { headers });
      const response = await app.fetch(request, { incoming: { socket: { remoteAddress } } });
      return response.json();
    };
    expect(await get('/octo/supplier')).toMatchObject({ endpoint: `${origin}/octo` });
    expect(await get('/api/openapi.json')).toMatchObject({ servers: [{ url: `${origin}/api` }] });
    await app.stop(1_000);
  });
});
