import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from './lock.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('one works at a time, the others wait and are told for whom, and nothing is left', async () => {
  const path = join(folder, 'lock');
  let inside = 0;
  let most = 0;
  /** @type {number[]} */
  const waitedFor = [];
  const work = () =>
    withLock(path, { waiting: (pid) => waitedFor.push(pid), pollMs: 1 }, async () => {
      most = Math.max(most, ++inside);
      await new Promise(setImmediate);
      inside--;
    });
  await Promise.all(Array.from({ length: 20 }, work));
  expect(most).toBe(1);
  expect(new Set(waitedFor)).toEqual(new Set([process.pid]));
  expect(readdirSync(folder)).toEqual([]);
});

test('the lock of a process that is gone is taken over', async () => {
  const gone = spawn(process.execPath, ['--eval', '']);
  await once(gone, 'exit');
  const path = join(folder, 'lock');
  mkdirSync(path);
  writeFileSync(join(path, `${gone.pid}-its-lock`), '');
  const waiting = () => expect.unreachable('nobody holds it');
  expect(await withLock(path, { waiting }, async () => 'done')).toBe('done');
  expect(readdirSync(folder)).toEqual([]);
});

test('work that fails frees the lock', async () => {
  const path = join(folder, 'lock');
  const waiting = () => expect.unreachable('nobody holds it');
  await expect(withLock(path, { waiting }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withLock(path, { waiting }, async () => 'done')).toBe('done');
});
