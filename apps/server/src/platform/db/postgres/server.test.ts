import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onPostgres } from '../../../../test/support/databases.ts';
import { findBinaries } from '../../../../test/support/postgres-binaries.ts';
import { type PostgresServer, startPostgres } from '../../../../test/support/postgres-server.ts';
import { administer, inDatabase } from '../../../../test/support/templates.ts';
import { DatabaseError } from '../errors.ts';
import { openPostgres } from './open.ts';
import { refusalOf } from './server.ts';

describe('a server', () => {
  it.each([
    [
      { version: '14.11 (Debian)', number: '140011', encoding: 'UTF8' },
      /needs Postgres 15 or later; this server is 14.11 \(Debian\)/,
    ],
    [{ version: '9.6.24', number: '90624', encoding: 'UTF8' }, /this server is 9.6.24/],
    [
      { version: '16.1', number: '160001', encoding: 'LATIN1' },
      /needs a Postgres database with encoding UTF8; this one has LATIN1/,
    ],
  ])('that Carillon does not run on is refused: %o', (server, refusal) => {
    expect(refusalOf(server)).toMatch(refusal);
  });

  it('of version 15 is accepted', () => {
    expect(refusalOf({ version: '15.0', number: '150000', encoding: 'UTF8' })).toBeUndefined();
  });
});

onPostgres('a database', (_open, place) => {
  it('of another encoding is refused when it is opened', async () => {
    const at = await place({ migrate: false });
    if (at.engine !== 'postgres') return;
    const name = `carillon_ascii_${process.pid}`;
    await administer(at.url, `create database ${name} encoding 'SQL_ASCII' template template0 locale 'C'`);
    try {
      await expect(openPostgres({ url: inDatabase(at.url, name) })).rejects.toMatchObject({
        name: 'UnsupportedDatabase',
      });
    } finally {
      await administer(at.url, `drop database ${name}`);
    }
  });
});

const binaries = await findBinaries(process.env.CARILLON_TEST_POSTGRES);

// A server of its own: the one that all tests share must not stop.
describe.skipIf('reason' in binaries)('a server that restarts', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    if (!('reason' in binaries)) server = await startPostgres(binaries);
  }, 30_000);
  afterAll(() => server.end());

  it('is used again by those who used it, and has all that it acknowledged', { timeout: 30_000 }, async () => {
    const lost: Error[] = [];
    const db = await openPostgres({ url: server.url, poolSize: 4, onConnectionLost: (error) => lost.push(error) });
    await db.run('create table notes (id bigint primary key)');
    let wake = Promise.withResolvers<void>();
    db.listen('due', () => wake.resolve());
    await wake.promise;

    const acknowledged: number[] = [];
    const failures: unknown[] = [];
    let next = 0;
    let until = (_: boolean) => false;
    let reached = Promise.withResolvers<void>();
    const wait = (condition: () => boolean) => {
      reached = Promise.withResolvers<void>();
      until = condition;
      return reached.promise;
    };
    let running = true;
    const writer = async () => {
      while (running) {
        const id = next++;
        try {
          await db.transaction((tx) => tx.run('insert into notes values ($1)', [id]));
          acknowledged.push(id);
        } catch (error) {
          failures.push(error);
          await new Promise((resolve) => setImmediate(resolve));
        }
        if (until(true)) reached.resolve();
      }
    };
    const writers = Array.from({ length: 8 }, writer);

    await wait(() => acknowledged.length >= 100);
    wake = Promise.withResolvers<void>();
    await server.command('stop');
    await wait(() => failures.length >= 10);
    await expect(openPostgres({ url: server.url })).rejects.toMatchObject({ kind: 'unavailable' });
    await server.command('start');
    const before = acknowledged.length;
    await wait(() => acknowledged.length >= before + 100);
    await wake.promise;
    running = false;
    await Promise.all(writers);

    for (const failure of failures) {
      expect(failure).toBeInstanceOf(DatabaseError);
      expect(failure).toMatchObject({ kind: 'unavailable' });
    }
    const found = new Set((await db.all<{ id: number }>('select id from notes')).map(({ id }) => id));
    expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
    expect(lost.length).toBeGreaterThan(0);
    await db.close();
  });
});
