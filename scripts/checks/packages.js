// @ts-check
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { run } from '../child.js';

/**
 * @typedef {{ name: string, private?: boolean, dependencies?: Record<string, string> }} Manifest
 * @typedef {{ dir: string, manifest: Manifest }} Package
 */

/**
 * Builds every package that is published, asks publint about what npm would pack, and imports the result without our
 * `source` condition, on the Node that npm runs on: Node 20 for whoever has that.
 * @param {string} root
 * @returns {Promise<import('../check.js').Found>}
 */
export async function check(root) {
  const packages = inOrder(published(root));
  const problems = [];
  for (const { dir, manifest } of packages) {
    rmSync(join(dir, 'dist'), { recursive: true, force: true });
    const found =
      (await failureOf(process.execPath, [tsc(root), '-p', join(dir, 'tsconfig.build.json')], root)) ??
      (await complaints(dir, manifest)) ??
      (await failureOf(process.env.npm_node_execpath ?? process.execPath, importing(manifest.name), root));
    if (found) problems.push(`${manifest.name}:\n${found}\n`);
  }
  return { seen: packages.map(({ manifest }) => manifest.name).join(', ') || 'none', problems };
}

/**
 * @param {string} root
 * @returns {Package[]}
 */
function published(root) {
  const folder = join(root, 'packages');
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((dir) => existsSync(join(dir, 'package.json')) && existsSync(join(dir, 'tsconfig.build.json')))
    .map((dir) => ({
      dir,
      manifest: /** @type {Manifest} */ (JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'))),
    }))
    .filter(({ manifest }) => !manifest.private);
}

/**
 * Packages after those that they depend on, as their build reads the others' `dist`.
 * @param {readonly Package[]} packages
 * @returns {Package[]}
 */
function inOrder(packages) {
  /** @type {Package[]} */
  const ordered = [];
  /** @param {Package} one */
  const add = (one) => {
    if (ordered.includes(one)) return;
    for (const other of packages) if (one.manifest.dependencies?.[other.manifest.name]) add(other);
    ordered.push(one);
  };
  packages.forEach(add);
  return ordered;
}

/**
 * @param {string} dir
 * @param {Manifest} manifest
 */
async function complaints(dir, manifest) {
  const { messages } = await publint({ pkgDir: dir, strict: true, pack: 'npm' });
  return messages.map((message) => formatMessage(message, manifest) ?? message.code).join('\n') || undefined;
}

/** @param {string} name */
function importing(name) {
  return ['--input-type=module', '--eval', `await import(${JSON.stringify(name)})`];
}

/**
 * The output of a program that failed, or nothing.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 */
async function failureOf(command, args, cwd) {
  const { code, output } = await run(command, args, { cwd, quiet: true });
  return code === 0 ? undefined : output.trim() || `${args.join(' ')} ended with exit code ${code}`;
}

/** @param {string} root */
function tsc(root) {
  return join(root, 'node_modules', 'typescript', 'bin', 'tsc');
}
