// @ts-check
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pinnedNodePath } from './pinned-node.js';

/** @typedef {{ version?: string, integrity?: string, resolved?: string, link?: boolean, optional?: boolean }} Locked */
/** @typedef {Record<string, Locked>} Packages by path below the root */

/** Lies in node_modules from the beginning of an install of ours to its end. */
const unfinished = '.carillon-installing';

/**
 * Why npm has to install, or nothing if node_modules holds what package-lock.json says. What it holds npm has written down
 * in node_modules/.package-lock.json as its last step, whoever called it.
 * @param {string} root
 * @returns {string | undefined}
 */
export function whyInstall(root) {
  const hidden = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return 'nothing is installed yet';
  if (existsSync(join(root, 'node_modules', unfinished))) return 'the last time did not come to its end';
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const present = packagesOf(hidden);

  for (const [path, locked] of Object.entries(wanted)) {
    const found = present[path];
    if (found ? !same(locked, found) : !locked.optional) return `${path} is not the version in package-lock.json`;
    if (found && !existsSync(join(root, path, 'package.json'))) return `${path} is missing`;
  }
  const node = pinnedNodePath(root);
  if (node && !existsSync(node)) return `Node for ${process.platform} ${process.arch} is missing`;
}

/**
 * Prepares node_modules for an install. What one that was killed has left is removed: npm would take a package that is
 * half there for a whole one.
 * @param {string} root
 * @returns {() => void} to be called when the install has succeeded
 */
export function beginInstall(root) {
  const folder = join(root, 'node_modules');
  const marker = join(folder, unfinished);
  const whole = existsSync(join(folder, '.package-lock.json')) && !existsSync(marker);
  if (!whole) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(marker, '');
  return () => rmSync(marker);
}

/**
 * @param {string} file
 * @returns {Packages} what lies below a node_modules, without the workspace's own packages
 */
function packagesOf(file) {
  /** @type {{ packages: Packages }} */
  const { packages } = JSON.parse(readFileSync(file, 'utf8'));
  return Object.fromEntries(Object.entries(packages).filter(([path]) => /(^|\/)node_modules\//.test(path)));
}

/**
 * @param {Locked} a
 * @param {Locked} b
 */
function same(a, b) {
  if (a.link) return a.resolved === b.resolved;
  return a.version === b.version && (!a.integrity || !b.integrity || a.integrity === b.integrity);
}
