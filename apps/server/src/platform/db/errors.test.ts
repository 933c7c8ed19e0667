import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { onEachEngine, onPostgres, onSqlite } from '../../../test/support/databases.ts';
import type { Db } from './db.ts';
import { kindOfSqliteCode, kindOfSqlState } from './errors.ts';
import { openPostgres } from './postgres/open.ts';
import { openSqlite } from './sqlite/open.ts';

const tables = [
  'create table guests (id bigint primary key, email text not null, name text, nick text, unique (name))',
  'create unique index guests_by_email on guests (email)',
  'create unique index guests_by_nick on guests (lower(nick))',
  `create table visits (
     guest_id bigint not null references guests (id),
     people integer not null constraint visits_have_people check (people > 0),
     primary key (guest_id, people)
   )`,
];

async function withTables(db: Db): Promise<Db> {
  for (const table of tables) await db.run(table);
  await db.run(`insert into guests values (1, 'ada@example.com', 'Ada', 'ada')`);
  await db.run('insert into visits (guest_id, people) values (1, 2)');
  return db;
}

onEachEngine('a failed statement tells what it broke', (open) => {
  it.each([
    ['a primary key', `insert into guests (id, email) values (1, 'b')`, { kind: 'unique', constraint: 'guests_pkey' }],
    ['a primary key of two columns', 'insert into visits values (1, 2)', { kind: 'unique', constraint: 'visits_pkey' }],
    [
      'a unique index',
      `insert into guests (id, email) values (2, 'ada@example.com')`,
      { kind: 'unique', constraint: 'guests_by_email' },
    ],
    [
      'a unique index on an expression',
      `insert into guests values (2, 'b', 'b', 'ADA')`,
      { kind: 'unique', constraint: 'guests_by_nick' },
    ],
    [
      'a unique constraint without a name',
      `insert into guests (id, email, name) values (2, 'b', 'Ada')`,
      { kind: 'unique', constraint: 'guests_name_key' },
    ],
    ['a reference', 'insert into visits values (7, 2)', { kind: 'foreign_key' }],
    ['a reference to what is deleted', 'delete from guests where id = 1', { kind: 'foreign_key' }],
    ['a check', 'insert into visits values (1, 0)', { kind: 'check', constraint: 'visits_have_people' }],
    ['a value that is required', 'update guests set email = null', { kind: 'not_null', constraint: 'guests.email' }],
    ['nothing but the syntax', 'selekt 1', { kind: 'other' }],
    ['a table that is not there', 'select * from nowhere', { kind: 'other' }],
  ])('%s', async (_, sql, expected) => {
    const db = await withTables(await open({ migrate: false }));
    await expect(db.run(sql)).rejects.toMatchObject({ name: 'DatabaseError', ...expected });
    await expect(db.transaction((tx) => tx.all(sql))).rejects.toMatchObject({ name: 'DatabaseError', ...expected });
  });

  it('too few or too many parameters', async () => {
    const db = await open({ migrate: false });
    await expect(db.all('select cast($1 as text), cast($2 as text)', ['a'])).rejects.toMatchObject({ kind: 'other' });
    await expect(db.all('select cast($1 as text)', ['a', 'b'])).rejects.toMatchObject({ kind: 'other' });
  });

  it('nothing any more, once what it needs is there', async () => {
    const db = await open({ migrate: false });
    for (let i = 0; i < 4; i++) await expect(db.all('select a from later')).rejects.toMatchObject({ kind: 'other' });
    await db.run('create table later (a bigint)');
    for (let i = 0; i < 4; i++) expect(await db.all('select a from later')).toEqual([]);
  });

  it('an integer that a number does not hold', async () => {
    const db = await open({ migrate: false });
    await expect(db.all('select 9007199254740993 as n')).rejects.toMatchObject({ kind: 'other' });
    await expect(db.all('select 9007199254740991 as n')).resolves.toEqual([{ n: 9007199254740991 }]);
  });
});

onSqlite('SQLite', (open) => {
  it('tells that the disk is full, and keeps what it acknowledged', async () => {
    const db = await open({ migrate: false });
    await db.run('create table notes (id bigint primary key, body text not null)');
    const [size] = await db.all<{ page_count: number }>('pragma page_count');
    await db.all(`pragma max_page_count = ${size!.page_count + 20}`);
    const insert = (id: number) => db.run('insert into notes values ($1, $2)', [id, 'x'.repeat(10_000)]);
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, (_, id) => insert(id)));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.length).toBeGreaterThan(50);
    for (const { reason } of refused) expect(reason).toMatchObject({ kind: 'disk_full' });
    const accepted = outcomes.flatMap(({ status }, id) => (status === 'fulfilled' ? [id] : []));
    expect(await db.all('select id from notes order by id')).toEqual(accepted.map((id) => ({ id })));
  });

  it('tells that a value is too big', async () => {
    const db = await open({ migrate: false });
    await expect(db.all('select length(zeroblob(2000000000)) as n')).rejects.toMatchObject({ kind: 'too_big' });
  });

  it('tells that the file is no database', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'carillon-test-'));
    await writeFile(join(directory, 'carillon.db'), 'not a database'.repeat(1000));
    await expect(openSqlite({ directory })).rejects.toMatchObject({ kind: 'unavailable' });
    // The lock was given back.
    await rm(join(directory, 'carillon.db'));
    await (await openSqlite({ directory })).close();
    await rm(directory, { recursive: true });
  });
});

onPostgres('Postgres', (open) => {
  it.each([
    ['53100', 'disk_full'],
    ['53300', 'unavailable'],
    ['54000', 'too_big'],
    ['57014', 'unavailable'],
    ['55P03', 'conflict'],
    ['22012', 'other'],
  ])('tells what %s is', async (code, kind) => {
    const db = await open({ migrate: false });
    await expect(db.run(`do $$ begin raise exception using errcode = '${code}'; end $$`)).rejects.toMatchObject({
      kind,
    });
  });

  it('keeps the row that broke a constraint out of the error', async () => {
    const db = await withTables(await open({ migrate: false }));
    const error = await db
      .run(`insert into guests (id, email) values (2, 'ada@example.com')`)
      .catch((failure) => failure);
    expect(JSON.stringify([error, error.cause, error.message])).not.toContain('ada@');
  });

  it('tells that there is no server', async () => {
    await expect(openPostgres({ url: 'postgres://nobody@127.0.0.1:1/none' })).rejects.toMatchObject({
      kind: 'unavailable',
    });
  });
});

describe('codes that no test provokes', () => {
  it.each([
    ['40001', 'conflict'],
    ['40P01', 'conflict'],
    ['57P01', 'unavailable'],
    ['08006', 'unavailable'],
    ['25006', 'unavailable'],
    ['XX000', 'other'],
  ])('SQLSTATE %s', (code, kind) => {
    expect(kindOfSqlState(code)).toBe(kind);
  });

  it.each([
    [5, 'conflict'],
    [517, 'conflict'],
    [6, 'conflict'],
    [266, 'unavailable'],
    [11, 'unavailable'],
    [1, 'other'],
  ])('SQLite %i', (code, kind) => {
    expect(kindOfSqliteCode(code)).toBe(kind);
  });
});
