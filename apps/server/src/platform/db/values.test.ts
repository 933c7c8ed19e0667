import fc from 'fast-check';
import { expect, it } from 'vitest';
import { onEachEngine } from '../../../test/support/databases.ts';
import { runs } from '../../../test/support/scale.ts';
import type { Param } from './db.ts';
import { padded, portions, rows } from './values.ts';

it('numbers the rows of `values` and casts the first', () => {
  expect(rows(['text', 'bigint'], 3, 2)).toBe('(cast($2 as text), cast($3 as bigint)), ($4, $5), ($6, $7)');
  expect(() => rows(['text'], 0)).toThrow(RangeError);
});

it('cuts any list into portions of few different lengths', () => {
  const lengths = new Set([...Array.from({ length: 24 }, (_, index) => index + 1), 32, 48, 64, 96, 128]);
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 1000 }), (list) => {
      const cut = portions(list);
      expect(cut.flat()).toEqual(list);
      for (const portion of cut) expect(lengths).toContain(portion.length);
      for (const [index, portion] of cut.entries()) {
        if (portion.length < 25) expect(index).toBe(cut.length - 1);
      }
    }),
    { numRuns: runs(100) },
  );
});

it('fills a list up to few different lengths with what it has already', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 300 }), (list) => {
      const filled = padded(list);
      expect(new Set(filled)).toEqual(new Set(list));
      expect(Math.log2(filled.length) % 1).toBe(0);
      expect(filled.length).toBeLessThan(2 * list.length);
    }),
    { numRuns: runs(100) },
  );
});

onEachEngine('values', (open) => {
  it('a text, number or null comes back as it went in', async () => {
    const db = await open({ migrate: false });
    await db.run('create table kept (id bigint primary key, t text, b bigint, i integer, d double precision)');
    let id = 0;
    const wellFormed = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', ''));
    await fc.assert(
      fc.asyncProperty(
        fc.option(wellFormed),
        fc.option(fc.maxSafeInteger()),
        fc.option(fc.integer()),
        fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
        async (t, b, i, d) => {
          const row = { id: id++, t, b, i, d: d === 0 ? 0 : d };
          await db.run('insert into kept values ($1, $2, $3, $4, $5)', [row.id, t, b, i, d]);
          expect(await db.all('select * from kept where id = $1', [row.id])).toEqual([row]);
        },
      ),
      { numRuns: runs(100) },
    );
  });

  it('NUL is stripped from text, and half a surrogate pair replaced', async () => {
    const db = await open({ migrate: false });
    const [row] = await db.all('select cast($1 as text) as t', ['\0a\0b\ud800c\0']);
    expect(row).toEqual({ t: 'ab\ufffdc' });
  });

  it('a megabyte of text', async () => {
    const db = await open({ migrate: false });
    await db.run('create table bodies (body text)');
    const body = '{"a":"é😀\\""}'.repeat(90_000);
    await db.run('insert into bodies values ($1)', [body]);
    expect((await db.all<{ body: string }>('select body from bodies'))[0]?.body === body).toBe(true);
  });

  it('counts, sums and averages are numbers, comparisons 0 or 1', async () => {
    const db = await open({ migrate: false });
    await db.run('create table n (x bigint not null)');
    await db.run('insert into n values (1), (2)');
    expect(
      await db.all(
        'select count(*) as c, sum(x) as s, avg(x) as a, max(x) as m, max(x) > 1 as yes, 1 > 2 as no from n',
      ),
    ).toEqual([{ c: 2, s: 3, a: 1.5, m: 2, yes: 1, no: 0 }]);
  });

  it('a whole number is an integer in expressions', async () => {
    const db = await open({ migrate: false });
    expect(await db.all('select cast($1 as bigint) / 2 as half, cast($2 as text) as t', [5, 5])).toEqual([
      { half: 2, t: '5' },
    ]);
  });

  it('a placeholder may be repeated, and ten is not one', async () => {
    const db = await open({ migrate: false });
    const ten = Array.from({ length: 10 }, (_, index) => `p${index + 1}`);
    const sql = `select ${ten.map((_, index) => `cast($${index + 1} as text) as c${index + 1}`).join(', ')}, cast($10 as text) as again, '$1' as quoted`;
    const [row] = await db.all<Record<string, string>>(sql, ten);
    expect(row).toMatchObject({ c1: 'p1', c10: 'p10', again: 'p10', quoted: '$1' });
  });

  it('a list is a table with the columns column1, column2, …', async () => {
    const db = await open({ migrate: false });
    const sql = `select column1, column2 + 1 as next, column3 from (values ${rows(['text', 'bigint', 'double precision'], 3)}) as v order by column1`;
    expect(await db.all(sql, ['b', 1, 0.5, 'a', 2, null, 'c', null, 1])).toEqual([
      { column1: 'a', next: 3, column3: null },
      { column1: 'b', next: 2, column3: 0.5 },
      { column1: 'c', next: null, column3: 1 },
    ]);
  });

  it('as many parameters as SQLite takes', async () => {
    const db = await open({ migrate: false });
    await db.run('create table many (a bigint primary key, b bigint)');
    const params: Param[] = Array.from({ length: 32_766 }, (_, index) => index);
    expect(await db.run(`insert into many values ${rows(['bigint', 'bigint'], 32_766 / 2)}`, params)).toBe(32_766 / 2);
    expect(await db.all('select count(*) as rows, sum(b - a) as differences from many')).toEqual([
      { rows: 32_766 / 2, differences: 32_766 / 2 },
    ]);
  });

  it('the number of rows changed', async () => {
    const db = await open({ migrate: false });
    expect(await db.run('create table t (a bigint primary key)')).toBe(0);
    expect(await db.run('insert into t values (1), (2), (3)')).toBe(3);
    expect(await db.run('insert into t values (3), (4) on conflict do nothing')).toBe(1);
    expect(await db.run('update t set a = a + 10 where a > 2')).toBe(2);
    expect(await db.run('alter table t add column b text')).toBe(0);
    expect(await db.run('delete from t where a > 100')).toBe(0);
    expect(await db.run('-- a comment first\nupdate t set a = 0 where a = 1')).toBe(1);
    expect(await db.run('/* back */ update t set a = 1 where a = 0')).toBe(1);
    expect(await db.all('select * from t where a = 1')).toEqual([{ a: 1, b: null }]);
  });

  it('a change of the schema is seen by statements used before', async () => {
    const db = await open({ migrate: false });
    const everything = 'select t.*, 1 as one from t';
    await db.run('create table t (a bigint)');
    await db.run('insert into t values (1)');
    for (const from of [db, db.reader]) expect(await from.all(everything)).toEqual([{ a: 1, one: 1 }]);
    const undone = db.transaction(async (tx) => {
      await tx.run('alter table t rename column a to z');
      expect(await tx.all('select * from t')).toEqual([{ z: 1 }]);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await db.all('select * from t')).toEqual([{ a: 1 }]);
    expect(await db.all(everything)).toEqual([{ a: 1, one: 1 }]);
    await db.run('-- a comment first\nalter table t rename column a to b');
    for (const from of [db, db.reader]) expect(await from.all(everything)).toEqual([{ b: 1, one: 1 }]);
  });

  it('the clock of the database is in milliseconds', async () => {
    const db = await open({ migrate: false });
    const [row] = await db.all<{ now: number }>(`select ${db.dialect.nowMs} as now`);
    expect(row?.now).toSatisfy(Number.isInteger);
    expect(Math.abs(row!.now - Date.now())).toBeLessThan(60_000);
  });
});
