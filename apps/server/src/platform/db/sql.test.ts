import { describe, expect, it } from 'vitest';
import { positional, statementsOf, verbOf } from './sql.ts';

describe('statementsOf', () => {
  it('cuts a script at its semicolons', () => {
    expect(statementsOf('create table a (x text);\ncreate index b on a (x);\n')).toEqual([
      'create table a (x text)',
      'create index b on a (x)',
    ]);
  });

  it('does not cut inside strings, quoted names and comments', () => {
    const script = `insert into a values ('one; it''s', '--;'); -- a; comment's
      /* another; "one */ insert into "odd;name" values (1)`;
    expect(statementsOf(script)).toEqual([
      `insert into a values ('one; it''s', '--;')`,
      `-- a; comment's\n      /* another; "one */ insert into "odd;name" values (1)`,
    ]);
  });

  it('makes no statement of comments and empty space', () => {
    expect(statementsOf('-- nothing;\n;; /* here */ ;\n')).toEqual([]);
  });

  it('keeps division and subtraction as they are', () => {
    expect(statementsOf('select 4/2-1; select 1 - -1')).toEqual(['select 4/2-1', 'select 1 - -1']);
  });

  it.each([
    ["select 'open", 'unterminated'],
    ['select "open', 'unterminated'],
    ['select 1 /* open', 'unterminated comment'],
    ['/* a /* b */ c */ select 1', 'a comment inside a comment'],
    ['do $$ begin end $$', 'dollar quotes'],
  ])('refuses %s', (script, message) => {
    expect(() => statementsOf(script)).toThrow(message);
  });
});

describe('verbOf', () => {
  it.each([
    ['select 1', 'select'],
    ['  UPDATE t set a = 1', 'update'],
    ['-- why\nupdate t set a = 1', 'update'],
    ["/* drop */ -- it's\n  alter table t add column b text", 'alter'],
    ['-- nothing', ''],
  ])('tells what %j begins with', (sql, verb) => {
    expect(verbOf(sql)).toBe(verb);
  });
});

describe('positional', () => {
  it('takes the parameters of most statements as they come', () => {
    expect(positional('select $1, $2')).toEqual({ text: 'select ?, ?', order: undefined, count: 2 });
  });

  it('tells the order where a parameter is repeated or comes early', () => {
    expect(positional('select $2, $1, $2')).toEqual({ text: 'select ?, ?, ?', order: [1, 0, 1], count: 2 });
  });

  it('sees no placeholder in strings, names and comments', () => {
    expect(positional(`select '$2', "$3" /* $4 */, $1 -- $5`)).toEqual({
      text: `select '$2', "$3" /* $4 */, ? -- $5`,
      order: undefined,
      count: 1,
    });
  });
});
