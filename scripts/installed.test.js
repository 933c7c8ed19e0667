import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { beginInstall, whyInstall } from './installed.js';
import { pinnedNodePath } from './pinned-node.js';

const zod = { 'node_modules/zod': { version: '4.0.0', integrity: 'sha512-a' } };
const link = { 'node_modules/@carillon/diff': { resolved: 'packages/diff', link: true } };
const elsewhere = { 'node_modules/only-elsewhere': { version: '1.0.0', integrity: 'sha512-b', optional: true } };

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'carillon-installed-'));
  write('package-lock.json', locked({ '': {}, 'packages/diff': {}, ...zod, ...link, ...elsewhere }));
});
afterEach(() => rmSync(root, { recursive: true }));

test('a clone has nothing installed', () => {
  expect(whyInstall(root)).toBe('nothing is installed yet');
});

test('what npm has installed as the lock file says needs no install, though packages for other platforms are absent', () => {
  installed({ ...zod, ...link });
  expect(whyInstall(root)).toBeUndefined();
});

test('another version, a new package and a package that was removed by hand need an install', () => {
  installed({ 'node_modules/zod': { version: '3.9.0', integrity: 'sha512-c' }, ...link });
  expect(whyInstall(root)).toBe('node_modules/zod is not the version in package-lock.json');
  installed(zod);
  expect(whyInstall(root)).toBe('node_modules/@carillon/diff is not the version in package-lock.json');
  installed({ ...zod, ...link });
  rmSync(join(root, 'node_modules/zod'), { recursive: true });
  expect(whyInstall(root)).toBe('node_modules/zod is missing');
});

test('node_modules that came from another platform need an install', () => {
  installed({ ...zod, ...link });
  const node = pinnedNodePath(root);
  if (node) rmSync(node);
  expect(whyInstall(root)).toBe(node && `Node for ${process.platform} ${process.arch} is missing`);
});

test('an install that was killed is begun anew, and a whole one is only completed', () => {
  installed({ ...zod, ...link });
  const finish = beginInstall(root);
  expect(existsSync(join(root, 'node_modules/zod/package.json'))).toBe(true);
  expect(whyInstall(root)).toBe('the last time did not come to its end');
  finish();
  expect(whyInstall(root)).toBeUndefined();

  beginInstall(root);
  beginInstall(root);
  expect(existsSync(join(root, 'node_modules/zod/package.json'))).toBe(false);
});

/** @param {Record<string, object>} packages */
function installed(packages) {
  for (const path of Object.keys(packages)) write(join(path, 'package.json'), '{}');
  write('node_modules/.package-lock.json', locked(packages));
  const node = pinnedNodePath('');
  if (node) write(node, '');
}

/** @param {Record<string, object>} packages */
function locked(packages) {
  return JSON.stringify({ packages });
}

/**
 * @param {string} path
 * @param {string} text
 */
function write(path, text) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
