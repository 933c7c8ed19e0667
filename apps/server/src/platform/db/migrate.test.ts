import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { onEachEngine } from '../../../test/support/databases.ts';
import { MigrationRefused, migrate } from './migrate.ts';

const now = () => 1_700_000_000_000;

onEachEngine('migrating', (open, place) => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'carillon-migrations-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const write = (name: string, text: string) => writeFile(join(directory, name), text);
  const fresh = () => open({ migrate: false });

  it('applies each file once, in order, and writes down which', async () => {
    const db = await fresh();
    await write(
      '0002_names.sql',
      `alter table guests add column name text default 'a;b';\ncreate index names on guests (name);`,
    );
    await write('0001_guests.sql', '-- Guests; and nothing else\ncreate table guests (id bigint primary key);');
    expect(await migrate(db, directory, now)).toEqual({ applied: ['0001_guests', '0002_names'], already: 0 });
    expect(await migrate(db, directory, now)).toEqual({ applied: [], already: 2 });
    await write('0003_more.sql', `insert into guests (id, name) values (1, '-- one')`);
    expect(await migrate(db, directory, now)).toEqual({ applied: ['0003_more'], already: 2 });
    expect(await db.all('select * from guests')).toEqual([{ id: 1, name: '-- one' }]);
    expect(await db.all('select name, applied_at, length(sha256) as hash from migrations order by name')).toEqual(
      ['0001_guests', '0002_names', '0003_more'].map((name) => ({ name, applied_at: now(), hash: 64 })),
    );
  });

  it('has nothing to do without files', async () => {
    expect(await migrate(await fresh(), directory, now)).toEqual({ applied: [], already: 0 });
  });

  it('refuses a file that was changed after it was applied', async () => {
    const db = await fresh();
    await write('0001_guests.sql', 'create table guests (id bigint primary key)');
    await migrate(db, directory, now);
    await write('0001_guests.sql', 'create table guests (id bigint primary key, name text)');
    await write('0002_more.sql', 'create table more (id bigint primary key)');
    await expect(migrate(db, directory, now)).rejects.toThrow(/0001_guests was changed/);
    await expect(db.all('select * from more')).rejects.toMatchObject({ kind: 'other' });
  });

  it('refuses a database that a newer version has migrated', async () => {
    const db = await fresh();
    await write('0001_guests.sql', 'create table guests (id bigint primary key)');
    await write('0002_newer.sql', 'create table newer (id bigint primary key)');
    await migrate(db, directory, now);
    await rm(join(directory, '0002_newer.sql'));
    await expect(migrate(db, directory, now)).rejects.toThrow(/0002_newer.*newer/);
  });

  it('leaves nothing of a file that fails, and goes on from there once it is mended', async () => {
    const db = await fresh();
    await write('0001_guests.sql', 'create table guests (id bigint primary key)');
    await write(
      '0002_bad.sql',
      'create table bad (id bigint primary key); insert into guests values (1); insert into nowhere values (1)',
    );
    await expect(migrate(db, directory, now)).rejects.toMatchObject({ name: 'DatabaseError', kind: 'other' });
    expect(await db.all('select * from guests')).toEqual([]);
    await write('0002_bad.sql', 'create table bad (id bigint primary key); insert into guests values (1)');
    expect(await migrate(db, directory, now)).toEqual({ applied: ['0002_bad'], already: 1 });
    expect(await db.all('select * from guests')).toEqual([{ id: 1 }]);
  });

  it.each([
    ['1_short.sql', 'should be named like 0001_name.sql'],
    ['0001-dash.sql', 'should be named like 0001_name.sql'],
    ['0001_open.sql', 'unterminated'],
  ])('refuses %s before it does anything', async (name, message) => {
    const db = await fresh();
    await write('0000_first.sql', 'create table first (id bigint primary key)');
    await write(name, `insert into first values ('open`);
    const failure = await migrate(db, directory, now).catch((error) => error);
    expect(failure).toBeInstanceOf(MigrationRefused);
    expect(failure.message).toContain(name);
    expect(failure.message).toContain(message);
    await expect(db.all('select * from first')).rejects.toMatchObject({ kind: 'other' });
  });

  it('refuses two files with one number', async () => {
    await write('0001_guests.sql', 'create table guests (id bigint primary key)');
    await write('0001_visits.sql', 'create table visits (id bigint primary key)');
    await expect(migrate(await fresh(), directory, now)).rejects.toThrow('two migrations have the number 0001');
  });

  it('is done once when nodes start together', async () => {
    const at = await place({ migrate: false });
    const one = await open({ place: at, migrate: false });
    // SQLite has one server, which may still be told twice.
    const others =
      at.engine === 'sqlite'
        ? [one, one]
        : [await open({ place: at, migrate: false }), await open({ place: at, migrate: false })];
    await write('0001_guests.sql', 'create table guests (id bigint primary key); insert into guests values (1)');
    await write('0002_more.sql', 'create table more (id bigint primary key); insert into guests values (2)');
    const done = await Promise.all([one, ...others].map((db) => migrate(db, directory, now)));
    expect(done.flatMap(({ applied }) => applied).sort()).toEqual(['0001_guests', '0002_more']);
    expect(await one.all('select id from guests order by id')).toEqual([{ id: 1 }, { id: 2 }]);
  });
});
