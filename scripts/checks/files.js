// @ts-check
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What no file may hold, because it is true of one machine only. */
const forbidden = /** @type {const} */ ([
  ['a path of one machine', /(?<![\w.~:-])\/(work|root|home|Users)\/[\w.-]+/],
  ['the host of a package registry', /\b(registry|deb)\.(npmjs|yarnpkg|npmmirror|debian)\.[a-z]+/],
]);

/**
 * Looks through the files of the repository for what does not belong in it.
 * @param {string} root
 * @returns {Promise<import('../check.js').Found>}
 */
export async function check(root) {
  const files = listed(root).filter((file) => existsSync(join(root, file)));
  const problems = files.flatMap((file) => problemsOf(file, readFileSync(join(root, file), 'utf8')));
  return { seen: `${files.length} files`, problems };
}

/**
 * What is wrong with one file, as texts to show.
 * @param {string} file its path in the repository
 * @param {string} text
 * @returns {string[]}
 */
export function problemsOf(file, text) {
  const problems = text.split('\n').flatMap((line, index) =>
    forbidden.flatMap(([what, pattern]) => {
      const found = pattern.exec(line)?.[0];
      return found === undefined ? [] : [`${file}:${index + 1}: ${found} is ${what}.`];
    }),
  );
  if (file.endsWith('package-lock.json') && /"resolved": "[a-z+]+:/.test(text)) {
    problems.push(`${file}: packages are resolved to addresses; .npmrc asks npm to leave them out: npm install.`);
  }
  return problems;
}

/**
 * The files of the repository, with those that are new and not ignored.
 * @param {string} root
 * @returns {string[]}
 */
function listed(root) {
  const output = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return output.split('\0').filter(Boolean);
}
