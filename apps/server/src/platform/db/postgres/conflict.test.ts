import { expect, it } from 'vitest';
import { onPostgres } from '../../../../test/support/databases.ts';
import type { Tx } from '../db.ts';

onPostgres('on Postgres a transaction', (open, place) => {
  async function withRows() {
    const at = await place({ migrate: false });
    const db = await open({ place: at, migrate: false });
    await db.run('create table counters (id bigint primary key, n bigint not null)');
    await db.run('insert into counters values (1, 0), (2, 0)');
    return { db, at };
  }

  it('is run again after a deadlock', async () => {
    const { db } = await withRows();
    const add = (tx: Tx, id: number) => tx.run('update counters set n = n + 1 where id = $1', [id]);
    let attempts = 0;
    const both = Promise.withResolvers<void>();
    const crossing = (first: number, second: number) =>
      db.transaction(async (tx) => {
        attempts++;
        await add(tx, first);
        // Neither goes on before both hold the row that the other wants.
        if (attempts === 2) both.resolve();
        await both.promise;
        await add(tx, second);
      });
    await Promise.all([crossing(1, 2), crossing(2, 1)]);
    // A slow server may take both for the one to give up.
    expect(attempts).toBeGreaterThanOrEqual(3);
    expect(await db.all('select id, n from counters order by id')).toEqual([
      { id: 1, n: 2 },
      { id: 2, n: 2 },
    ]);
  });

  it('is run again after a serialization failure, whatever its work made of it', async () => {
    const { db } = await withRows();
    let attempts = 0;
    await db.transaction(async (tx) => {
      attempts++;
      if (attempts > 2) return;
      await tx.run(`do $$ begin raise exception using errcode = '40001'; end $$`).catch((cause) => {
        throw new Error('it did not work', { cause });
      });
    });
    expect(attempts).toBe(3);
  });

  it('is given up after three more attempts', async () => {
    const { db } = await withRows();
    let attempts = 0;
    const hopeless = db.transaction(async (tx) => {
      attempts++;
      await tx.run(`do $$ begin raise exception using errcode = '40P01'; end $$`);
    });
    await expect(hopeless).rejects.toMatchObject({ kind: 'conflict' });
    expect(attempts).toBe(4);
  });

  it('fails as unavailable when its connection is lost, is not run again, and the next one works', async () => {
    const { db } = await withRows();
    let attempts = 0;
    const cut = db.transaction(async (tx) => {
      attempts++;
      await tx.run('update counters set n = 7 where id = 1');
      await tx.all('select pg_terminate_backend(pg_backend_pid())');
    });
    await expect(cut).rejects.toMatchObject({ kind: 'unavailable' });
    expect(attempts).toBe(1);
    expect(await db.all('select n from counters where id = 1')).toEqual([{ n: 0 }]);
  });

  it('keeps its connection after a statement that failed', async () => {
    const { db } = await withRows();
    const pids = new Set<number>();
    for (let i = 0; i < 5; i++) {
      await expect(db.run('insert into counters values (1, 0)')).rejects.toMatchObject({ kind: 'unique' });
      await expect(db.transaction((tx) => tx.run('insert into counters values (1, 0)'))).rejects.toMatchObject({
        kind: 'unique',
      });
      pids.add((await db.all<{ pid: number }>('select pg_backend_pid() as pid'))[0]!.pid);
    }
    expect(pids.size).toBe(1);
  });

  it('locks its rows, and others may pass over them', async () => {
    const { db } = await withRows();
    const claim = (tx: Tx) =>
      tx.all<{ id: number }>(`select id from counters order by id limit 1${tx.dialect.forUpdateSkipLocked}`);
    const claimed = await db.transaction(async (one) => {
      const first = await claim(one);
      const second = await db.transaction((two) => claim(two));
      return [...first, ...second];
    });
    expect(claimed).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('plans afresh a statement that asks for it, and keeps the plan of another', async () => {
    const at = await place({ migrate: false });
    const url = at.engine === 'postgres' ? at.url : '';
    const { openPostgres } = await import('./open.ts');
    const db = await openPostgres({ url, poolSize: 1 });
    for (let i = 0; i < 3; i++) {
      await db.all('select cast($1 as bigint) as kept', [i]);
      await db.all('select cast($1 as bigint) as fresh', [i], 'fresh_plan');
    }
    expect(await db.all('select statement from pg_prepared_statements')).toEqual([
      { statement: 'select cast($1 as bigint) as kept' },
    ]);
    await db.close();
  });
});
