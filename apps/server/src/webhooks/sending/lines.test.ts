import { expect, it } from 'vitest';
import { Lines } from './lines.ts';

it('runs so many of each line at a time, in order, and one line delays no other', () => {
  const ran: string[] = [];
  const lines = new Lines<string>({ run: (work) => void ran.push(work), monotonicNow: () => 0 });
  for (const work of ['a1', 'a2', 'a3', 'b1']) lines.add(work.slice(0, 1), work, 1);
  expect(ran).toEqual(['a1', 'b1']);
  expect([lines.running, lines.length('a')]).toEqual([2, 3]);
  lines.done('a');
  expect(ran).toEqual(['a1', 'b1', 'a2']);
  expect(lines.clear()).toEqual(['a3']);
  lines.done('a');
  expect([ran.length, lines.running, lines.length('a')]).toEqual([3, 1, 0]);
});

it('takes any amount of work that ends as it is started', () => {
  let ran = 0;
  const lines: Lines<number> = new Lines({
    monotonicNow: () => 0,
    run: () => {
      ran++;
      if (ran > 1) lines.done('a');
    },
  });
  for (let work = 0; work < 20_000; work++) lines.add('a', work, 1);
  lines.done('a');
  expect([ran, lines.running, lines.length('a')]).toEqual([20_000, 0, 0]);
});

it('gives back what waits in a line, and lets more of it run when it may', () => {
  const ran: string[] = [];
  const lines = new Lines<string>({ run: (work) => void ran.push(work), monotonicNow: () => 0 });
  for (const work of ['a1', 'a2', 'a3']) lines.add('a', work, 1);
  expect(lines.empty('a', (work) => work === 'a3')).toEqual(['a3']);
  expect([lines.empty('a'), lines.empty('b'), lines.length('a')]).toEqual([['a2'], [], 1]);
  lines.add('a', 'a4', 2);
  expect(ran).toEqual(['a1', 'a4']);
});

it('is worth having in hand what is through in half a second', () => {
  let now = 0;
  const lines = new Lines<number>({ run: () => undefined, monotonicNow: () => now });
  expect(lines.worthHaving('a', 16)).toBe(64);
  for (let work = 0; work < 600; work++) lines.add('a', work, 16);
  for (let ended = 0; ended < 500; ended++) {
    now += 1;
    lines.done('a');
  }
  expect(lines.worthHaving('a', 16)).toBe(500);
});
