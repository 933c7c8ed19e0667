// @ts-check

/**
 * How many tests passed, failed and were skipped, and lines to show: what the runner's own output does not say.
 * @typedef {{ passed: number, failed: number, skipped: number, notes: string[] }} Counts
 */

/**
 * Counts the tests in vitest's JSON report. A file that could not be loaded has no tests, and counts as a failed one.
 * Suites that run on both engines say so in their names: `(SQLite)`, `(Postgres)`.
 * @param {import('vitest/node').JsonTestResults} report
 * @param {readonly string[]} required suites of which no test may be skipped
 * @returns {Counts}
 */
export function countVitest(report, required) {
  const counts = zero();
  for (const file of report.testResults) {
    if (file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed')) counts.failed++;
    for (const { status, fullName } of file.assertionResults) {
      if (status === 'passed') counts.passed++;
      else if (status === 'failed') counts.failed++;
      else countSkipped(counts, fullName, required.includes('postgres') && fullName.includes('(Postgres)'));
    }
  }
  return counts;
}

/**
 * Counts the tests in Playwright's JSON report. One that passed only when it was tried again has failed.
 * @param {import('@playwright/test/reporter').JSONReport} report
 * @param {readonly string[]} required suites of which no test may be skipped
 * @returns {Counts}
 */
export function countPlaywright(report, required) {
  const counts = zero();
  counts.failed += report.errors.length;
  /** @type {Set<string>} */
  const reasons = new Set();
  const suites = [...report.suites];
  for (let suite = suites.shift(); suite; suite = suites.shift()) {
    suites.push(...(suite.suites ?? []));
    for (const { title, tests } of suite.specs) {
      for (const { status, annotations } of tests) {
        if (status === 'expected') counts.passed++;
        else if (status === 'skipped') {
          countSkipped(counts, title, required.includes('browser'));
          for (const { type, description } of annotations) if (type === 'skip') reasons.add(description ?? 'no reason');
        } else counts.failed++;
      }
    }
  }
  counts.notes.push(...[...reasons].map((reason) => `Skipped: ${reason}`));
  return counts;
}

/** @returns {Counts} */
function zero() {
  return { passed: 0, failed: 0, skipped: 0, notes: [] };
}

/**
 * @param {Counts} counts
 * @param {string} name
 * @param {boolean} mustRun
 */
function countSkipped(counts, name, mustRun) {
  if (!mustRun) {
    counts.skipped++;
    return;
  }
  counts.failed++;
  counts.notes.push(`Skipped, and CARILLON_TEST_REQUIRE does not allow it: ${name}`);
}
