import { expect, it } from 'vitest';
import { StatementNames } from './statement-names.ts';

const text = (n: number) => `select ${n}`;

it('names a statement when it is used a second time, and by its text on every node', () => {
  const [names, others] = [new StatementNames(), new StatementNames()];
  expect(names.of('select 1')).toBeUndefined();
  const name = names.of('select 1');
  expect(name).toMatch(/^carillon_[0-9a-f]{32}$/);
  expect(names.of('select 1')).toBe(name);
  others.of('select 1');
  expect(others.of('select 1')).toBe(name);
  names.renew();
  names.of('select 1');
  expect(names.of('select 1')).not.toBe(name);
});

it('names new statements also after very many, and keeps the names of those in use', () => {
  const names = new StatementNames();
  names.of('select in use');
  const inUse = names.of('select in use');
  for (let n = 0; n < 2_000; n += 1) {
    names.of(text(n));
    expect(names.of(text(n))).toBeDefined();
    expect(names.of('select in use')).toBe(inUse);
  }
  expect(names.of(text(0))).toBeUndefined();
});
