// @ts-check
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A lock older than this is taken over even if a process with its number runs: numbers are used again. */
const staleMs = 15 * 60_000;

/**
 * Does some work while holding a lock that other processes respect. The lock is a directory with one file in it, named
 * by its owner, moved into place whole: so taking it is atomic, and removing a dead owner's file frees it for exactly
 * one of those who wait.
 * @template T
 * @param {string} path
 * @param {{ waiting: (pid: number) => void, pollMs?: number }} options `waiting` is told once if another process has it
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, { waiting, pollMs = 200 }, work) {
  const owner = `${process.pid}-${randomUUID()}`;
  let told = false;
  while (!take(path, owner)) {
    const pid = freeIfStale(path);
    if (pid !== undefined && !told) {
      waiting(pid);
      told = true;
    }
    await delay(pid === undefined ? 1 : pollMs);
  }
  try {
    return await work();
  } finally {
    release(path, owner);
  }
}

/**
 * @param {string} path
 * @param {string} owner
 */
function take(path, owner) {
  mkdirSync(dirname(path), { recursive: true });
  const ours = mkdtempSync(`${path}-`);
  writeFileSync(join(ours, owner), '');
  try {
    renameSync(ours, path);
    return true;
  } catch (error) {
    rmSync(ours, { recursive: true });
    ignoreRace(error);
    return false;
  }
}

/**
 * The process that holds the lock; nothing if it was free or its owner is gone.
 * @param {string} path
 * @returns {number | undefined}
 */
function freeIfStale(path) {
  try {
    const [owner] = readdirSync(path);
    if (owner !== undefined) {
      const pid = Number.parseInt(owner, 10);
      if (Date.now() - statSync(join(path, owner)).mtimeMs < staleMs && runs(pid)) return pid;
      rmSync(join(path, owner), { force: true });
    }
    rmdirSync(path);
  } catch (error) {
    ignoreRace(error);
  }
}

/**
 * @param {string} path
 * @param {string} owner
 */
function release(path, owner) {
  rmSync(join(path, owner), { force: true });
  try {
    rmdirSync(path);
  } catch (error) {
    ignoreRace(error);
  }
}

/**
 * Others free and take the lock between our steps; every other error is one.
 * @param {unknown} error
 */
function ignoreRace(error) {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  // Windows says EPERM where others say that a directory exists or is not empty.
  if (
    code !== 'ENOENT' &&
    code !== 'ENOTEMPTY' &&
    code !== 'EEXIST' &&
    !(code === 'EPERM' && process.platform === 'win32')
  )
    throw error;
}

/** @param {number} pid */
function runs(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
