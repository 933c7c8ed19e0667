import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { onSqlite } from '../../../../test/support/databases.ts';
import { openSqlite } from './open.ts';

onSqlite('a commit group', (open, place) => {
  async function withNotes() {
    const db = await open({ migrate: false });
    await db.run('create table notes (id bigint primary key)');
    return db;
  }

  it('is shared by transactions that come together', async () => {
    const db = await withNotes();
    let workedSinceCommit = false;
    let commits = 0;
    await Promise.all(
      Array.from({ length: 200 }, (_, id) =>
        db.transaction(async (tx) => {
          tx.afterCommit(() => {
            if (workedSinceCommit) commits++;
            workedSinceCommit = false;
          });
          await tx.run('insert into notes values ($1)', [id]);
          workedSinceCommit = true;
        }),
      ),
    );
    // As many as take 5 ms of the machine, which may be a busy one: but not one each.
    expect(commits).toBeLessThan(100);
  });

  it('fails for all of its callers when its commit fails', async () => {
    const db = await withNotes();
    await db.run('create table pages (note_id bigint references notes (id) deferrable initially deferred)');
    const hooks: string[] = [];
    const outcomes = await Promise.allSettled([
      db.run('insert into notes values (1)'),
      db.run('insert into pages values (7)'),
      db.transaction(async (tx) => {
        tx.afterCommit(() => hooks.push('hook'));
        await tx.run('insert into notes values (2)');
      }),
    ]);
    expect(outcomes).toEqual(
      Array(3).fill({ status: 'rejected', reason: expect.objectContaining({ kind: 'foreign_key' }) }),
    );
    expect(hooks).toEqual([]);
    expect(await db.all('select * from notes')).toEqual([]);
    expect(await db.run('insert into notes values (1)')).toBe(1);
  });

  it('that SQLite gives up fails nobody who was not in it', async () => {
    const db = await withNotes();
    const [size] = await db.all<{ page_count: number }>('pragma page_count');
    await db.all(`pragma max_page_count = ${size!.page_count + 2}`);
    const fill = db.transaction(async (tx) => {
      for (let id = 0; ; id++) await tx.run('insert into notes values ($1)', [id]);
    });
    const after = db.run('insert into notes values (-1)');
    await expect(fill).rejects.toMatchObject({ kind: 'disk_full' });
    expect(await after).toBe(1);
    expect(await db.all('select * from notes')).toEqual([{ id: -1 }]);
  });

  it('leaves the file unlocked, also when all of it was undone', async () => {
    const at = await place({ migrate: false });
    if (at.engine !== 'sqlite') return;
    const db = await open({ place: at, migrate: false });
    await db.run('create table notes (id bigint primary key)');
    const undone = db.transaction(async (tx) => {
      await tx.run('insert into notes values (1)');
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    // What is said in this tick is sent at its end.
    await new Promise((resolve) => setImmediate(resolve));
    const other = new DatabaseSync(join(at.directory, 'carillon.db'), { timeout: 2000 });
    other.exec('begin immediate; insert into notes values (2); commit');
    other.close();
    expect(await db.all('select * from notes')).toEqual([{ id: 2 }]);
  });

  it('is bounded: a stream of transactions keeps nobody waiting', async () => {
    const db = await withNotes();
    let running = true;
    let id = 0;
    const stream: Promise<unknown>[] = [];
    // Each has the next one queued before it ends, so that there is always one waiting.
    const flow = () =>
      db.transaction(async (tx) => {
        if (running) stream.push(flow());
        await tx.run('insert into notes values ($1)', [id++]);
      });
    stream.push(flow());
    for (let answered = 0; answered < 20; answered++) await db.run('insert into notes values ($1)', [-1 - answered]);
    running = false;
    // It still grows while its last ones are awaited.
    for (const flowing of stream) await flowing;
    expect(await db.all('select count(*) as n from notes where id < 0')).toEqual([{ n: 20 }]);
  });

  it('gives up a transaction that awaits something other than itself, so that the others go on', async () => {
    const at = await place({ migrate: false });
    if (at.engine !== 'sqlite') return;
    const db = await openSqlite({ directory: at.directory, idleTransactionMs: 50 });
    await db.run('create table notes (id bigint primary key)');
    const waitsForItself = db.transaction(async (tx) => {
      await tx.run('insert into notes values (1)');
      await db.run('insert into notes values (2)');
    });
    await expect(waitsForItself).rejects.toThrow('it may await nothing but itself');
    await db.run('insert into notes values (3)');
    expect(await db.all('select id from notes order by id')).toEqual([{ id: 2 }, { id: 3 }]);
    await db.close();
  });
});

onSqlite('the reader', (open) => {
  it('keeps no write waiting while it makes a long report', async () => {
    const db = await open({ migrate: false });
    await db.run('create table notes (id bigint primary key)');
    const happened: string[] = [];
    const report = db.reader
      .all(
        `with recursive n (i) as (select 1 union all select i + 1 from n where i < 3000000) select max(i) as m from n`,
      )
      .then(() => happened.push('report'));
    await db.run('insert into notes values (1)');
    happened.push('written');
    await report;
    expect(happened).toEqual(['written', 'report']);
  });

  it('cannot write', async () => {
    const db = await open({ migrate: false });
    await expect(db.reader.run('create table notes (id bigint)')).rejects.toMatchObject({ kind: 'other' });
  });
});
