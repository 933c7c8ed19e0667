// @ts-check
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './child.js';
import { countPlaywright, countVitest } from './counts.js';
import { nodeFlags } from './pinned-node.js';

/**
 * @typedef {import('./test-options.js').Run} Run
 * @typedef {import('./test-options.js').StepName} StepName
 * @typedef {import('./counts.js').Counts} Counts
 * @typedef {{ node: string, root: string }} Where `node` is the pinned one
 * @typedef {Counts & { ended: import('./child.js').Ended }} Outcome
 * @typedef {Counts & { name: StepName, ms: number }} Result
 */

/** What each step is called on the screen. */
const titles = /** @type {const} */ ({
  types: 'Types',
  style: 'Style',
  map: 'Module map',
  dead: 'Dead code',
  files: 'Files',
  packages: 'Published packages',
  unit: 'Unit and integration tests',
  browser: 'Browser tests',
});

/** The checks: Node programs that print what they find, and exit with another code than 0 if they do. */
const checks = /** @type {const} */ ({
  types: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'],
  style: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '--max-diagnostics=50'],
  map: ['scripts/check.js', 'module-map'],
  dead: ['node_modules/knip/bin/knip.js', '--no-progress'],
  files: ['scripts/check.js', 'files'],
  packages: ['scripts/check.js', 'packages'],
});

/**
 * Runs the steps one after the other, also when one fails, and prints a summary that ends with the line of counts. A
 * check that fails counts as one failed test.
 * @param {Run} chosen
 * @param {Where} where
 * @returns {Promise<{ kind: 'passed' | 'failed' } | { kind: 'stopped', signal: NodeJS.Signals }>}
 */
export async function runSteps(chosen, where) {
  const reports = mkdtempSync(join(tmpdir(), 'carillon-test-'));
  /** @type {Result[]} */
  const results = [];
  try {
    for (const name of chosen.steps) {
      const startedAt = Date.now();
      const { ended, ...counts } =
        name === 'unit' || name === 'browser'
          ? await runTests(name, chosen, { ...where, report: join(reports, `${name}.json`) })
          : await runCheck(name, chosen, where);
      if (ended.stoppedBy) return { kind: 'stopped', signal: ended.stoppedBy };
      results.push({ ...counts, name, ms: Date.now() - startedAt });
    }
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
  summary(results);
  return { kind: results.some(({ failed }) => failed > 0) ? 'failed' : 'passed' };
}

/**
 * @param {keyof typeof checks} name
 * @param {Run} chosen
 * @param {Where} where
 * @returns {Promise<Outcome>}
 */
async function runCheck(name, { env }, { node, root }) {
  process.stdout.write(`${titles[name]} … `);
  const startedAt = Date.now();
  const ended = await run(node, checks[name], { cwd: root, env, quiet: true });
  const ok = ended.code === 0;
  const seen = ok && checks[name][0] === 'scripts/check.js' ? `${ended.output.trim()}; ` : '';
  console.log(`${ok ? 'ok' : 'FAILED'} (${seen}${seconds(Date.now() - startedAt)})`);
  if (!ok) console.log(`\n${ended.output.trim()}\n`);
  return { passed: 0, failed: ok ? 0 : 1, skipped: 0, notes: [], ended };
}

/**
 * Runs one of the two test runners, its output on the screen, and counts the tests in its own report.
 * @param {'unit' | 'browser'} name
 * @param {Run} chosen
 * @param {Where & { report: string }} where
 * @returns {Promise<Outcome>}
 */
async function runTests(name, { env, required, unitArgs, browserArgs }, { node, root, report }) {
  console.log(`\n${titles[name]}`);
  const ended =
    name === 'unit'
      ? await run(
          node,
          [
            ...nodeFlags,
            'node_modules/vitest/vitest.mjs',
            'run',
            '--reporter=default',
            '--reporter=json',
            `--outputFile.json=${report}`,
            ...unitArgs,
          ],
          { cwd: root, env },
        )
      : await run(
          node,
          [
            'node_modules/@playwright/test/cli.js',
            'test',
            '--config=e2e/playwright.config.ts',
            '--reporter=list,json',
            ...browserArgs,
          ],
          { cwd: root, env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report } },
        );
  if (ended.stoppedBy) return { ...none(), ended };
  const counts = existsSync(report) ? counters[name](JSON.parse(readFileSync(report, 'utf8')), required) : none();
  // A runner that stumbled outside its tests, or ran none, has failed too.
  const ran = counts.passed + counts.failed + (name === 'browser' ? counts.skipped : 0);
  if (counts.failed === 0 && (ended.code !== 0 || ran === 0)) {
    counts.failed = 1;
    counts.notes.push(ran === 0 ? 'No test ran.' : `The test runner ended with exit code ${ended.code}.`);
  }
  for (const note of counts.notes) console.log(note);
  return { ...counts, ended };
}

const counters = { unit: countVitest, browser: countPlaywright };

/** @returns {Counts} */
function none() {
  return { passed: 0, failed: 0, skipped: 0, notes: [] };
}

/**
 * Prints how each step ended and how long it took, and last the tests of all of them.
 * @param {readonly Result[]} results
 */
function summary(results) {
  const width = Math.max(...results.map(({ name }) => titles[name].length));
  console.log('');
  for (const { name, failed, ms } of results) {
    console.log(
      `${titles[name].padEnd(width)}  ${(failed > 0 ? 'FAILED' : 'ok').padEnd(6)}  ${seconds(ms).padStart(7)}`,
    );
  }
  const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ key) => results.reduce((all, one) => all + one[key], 0);
  const failedChecks = results.filter(({ name, failed }) => name in checks && failed > 0);
  if (failedChecks.length > 0) {
    console.log(
      `\nEach check that failed counts as a failed test: ${failedChecks.map(({ name }) => titles[name]).join(', ')}.`,
    );
  }
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
}

/** @param {number} ms */
function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
