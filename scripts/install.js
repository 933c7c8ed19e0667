// @ts-check
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { run } from './child.js';
import { beginInstall, whyInstall } from './installed.js';
import { withLock } from './lock.js';
import { Problem } from './problem.js';
import { root } from './root.js';

/**
 * No package needs its install script, and development packages are needed whatever NODE_ENV says. Not `npm ci`: newer
 * ones refuse a lock file that lists no package for a platform that is not even this one, and it empties node_modules
 * under a server that runs. `--no-save` leaves the lock file as it is.
 */
const npmArgs = [
  'install',
  '--no-save',
  '--ignore-scripts',
  '--include=dev',
  '--include=optional',
  '--prefer-offline',
  '--loglevel=error',
];

/** What npm's output tells about why it failed, and what to do about it. */
const hints = /** @type {const} */ ([
  [/ENOSPC/, 'The disk is full.'],
  [/EACCES|EPERM|EROFS/, 'This folder, or the cache of npm, cannot be written by this user.'],
  [
    /ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|ERR_SOCKET|E40[13]|CERT/,
    'npm could not reach its registry. Look at the network, the proxy and `npm config get registry`.',
  ],
]);

/**
 * Installs the packages of package-lock.json unless they are already there. Several commands may start at once: one
 * installs, the others wait for it.
 */
export async function ensureInstalled() {
  if (Number.parseInt(process.versions.node, 10) < 20) {
    throw new Problem(`This is Node ${process.versions.node}. Carillon needs Node 20 or newer to start.`);
  }
  if (!whyInstall(root)) return;
  await withLock(lockPath(), { waiting }, async () => {
    const why = whyInstall(root);
    if (why) await install(why);
  });
}

/** @param {string} why */
async function install(why) {
  console.log(`Installing packages (${why}) …`);
  const startedAt = Date.now();
  const finished = beginInstall(root);
  const { command, args } = npm();
  const ended = await run(command, [...args, ...npmArgs], { cwd: root, quiet: true });
  if (ended.stoppedBy) throw new Problem(`Stopped while installing (${ended.stoppedBy}).`);
  if (ended.code !== 0) throw failure(ended.output, hints.find(([pattern]) => pattern.test(ended.output))?.[1]);
  finished();
  const still = whyInstall(root);
  if (still)
    throw failure(
      `npm was content, but ${still}.`,
      'Has package.json changed without package-lock.json? Run `npm install`.',
    );
  console.log(`Installed in ${((Date.now() - startedAt) / 1000).toFixed(0)} s.`);
}

/**
 * @param {string} output
 * @param {string} [hint]
 */
function failure(output, hint) {
  return new Problem(`${output.trim()}\n\nThe packages could not be installed. ${hint ?? ''}`.trimEnd());
}

/** The npm that started us, on the Node that it runs on; otherwise the one on the PATH. */
function npm() {
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  if (script && basename(script) === 'npm-cli.js') return { command: node ?? process.execPath, args: [script] };
  return process.platform === 'win32'
    ? { command: 'cmd.exe', args: ['/d', '/c', 'npm'] }
    : { command: 'npm', args: /** @type {string[]} */ ([]) };
}

/** Outside the workspace, so that no tool there meets it; one for each user, because they cannot free each other's. */
function lockPath() {
  const workspace = createHash('sha256').update(root).digest('hex').slice(0, 16);
  return join(tmpdir(), `carillon-install-${process.getuid?.() ?? 'user'}-${workspace}`);
}

/** @param {number} pid */
function waiting(pid) {
  console.log(`Another command (process ${pid}) is installing the packages; waiting for it …`);
}
