import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { onPostgres } from '../../../../test/support/databases.ts';
import { openPostgres } from './open.ts';

/** A way to a server that can fall silent: connections stay, and nothing comes through. */
async function silentWay(url: string) {
  const { username, pathname, hostname, port, searchParams } = new URL(url);
  const directory = searchParams.get('host');
  const sockets: Socket[] = [];
  let silent = false;
  const way = createServer((near) => {
    const far = directory?.startsWith('/')
      ? connect(`${directory}/.s.PGSQL.${port || 5432}`)
      : connect(Number(port || 5432), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (bytes) => silent || to.write(bytes));
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
      sockets.push(from);
    }
  });
  await once(way.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `postgres://${username}@127.0.0.1:${(way.address() as AddressInfo).port}${pathname}`,
    fallSilent: () => {
      silent = true;
    },
    speak: () => {
      silent = false;
    },
    close: () => {
      way.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

onPostgres('a server that is silent', (_open, place) => {
  const ends: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  async function silentServer() {
    const at = await place({ migrate: false });
    if (at.engine !== 'postgres') throw new Error('this is about Postgres');
    const way = await silentWay(at.url);
    ends.push(way.close);
    const db = await openPostgres({ url: way.url, poolSize: 2, statementTimeoutMs: 100, silenceMs: 100 });
    ends.push(() => db.close());
    return { way, db };
  }

  it('fails those who wait for it, and is used again once it speaks', async () => {
    const { way, db } = await silentServer();
    await db.run('create table notes (id bigint primary key)');
    const inHand = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const transaction = db.transaction(async (tx) => {
      await tx.run('insert into notes values (1)');
      inHand.resolve();
      await goOn.promise;
      await tx.run('insert into notes values (2)');
    });
    await inHand.promise;
    const statement = () => db.all('select 1 as one');
    // So that its connection is there.
    await statement();
    way.fallSilent();
    goOn.resolve();
    const [withinIt, alone] = await Promise.allSettled([transaction, statement()]);
    expect(withinIt).toMatchObject({ status: 'rejected', reason: { kind: 'unavailable' } });
    expect(alone).toMatchObject({ status: 'rejected', reason: { kind: 'unavailable' } });
    way.speak();
    expect(await db.all('select id from notes')).toEqual([]);
  });

  it('is waited for as long as a migration takes', async () => {
    const { db } = await silentServer();
    await db.transaction(async (tx) => {
      for (const statement of tx.dialect.beginMigration) await tx.all(statement);
      await tx.all('select pg_sleep(0.4)');
    });
    await expect(db.all('select pg_sleep(0.4)')).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
