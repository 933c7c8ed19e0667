import { expect, test } from 'vitest';
import { countPlaywright, countVitest } from './counts.js';

/** @param {{ status: string, assertionResults: { status: string, fullName: string }[] }[]} testResults */
const vitest = (testResults) => /** @type {any} */ ({ testResults });

test('tests are counted, and a file that could not be loaded is a failed one', () => {
  const report = vitest([
    {
      status: 'failed',
      assertionResults: [
        { status: 'passed', fullName: 'a' },
        { status: 'failed', fullName: 'b' },
        { status: 'skipped', fullName: 'c' },
        { status: 'todo', fullName: 'd' },
      ],
    },
    { status: 'failed', assertionResults: [] },
    { status: 'passed', assertionResults: [{ status: 'passed', fullName: 'e' }] },
  ]);
  expect(countVitest(report, [])).toEqual({ passed: 2, failed: 2, skipped: 2, notes: [] });
});

test('a skipped test on Postgres is a failed one where Postgres is required', () => {
  const skipped = [
    { status: 'skipped', fullName: 'store (Postgres) (skipped: none) keeps rows' },
    { status: 'skipped', fullName: 'as root' },
  ];
  const report = vitest([{ status: 'passed', assertionResults: skipped }]);
  expect(countVitest(report, [])).toMatchObject({ failed: 0, skipped: 2 });
  expect(countVitest(report, ['postgres'])).toEqual({
    passed: 0,
    failed: 1,
    skipped: 1,
    notes: ['Skipped, and CARILLON_TEST_REQUIRE does not allow it: store (Postgres) (skipped: none) keeps rows'],
  });
});

test('browser tests are counted in all suites; one that passes only at the second try has failed', () => {
  /** @param {string[]} statuses */
  const specs = (...statuses) =>
    statuses.map((status) => ({
      title: status,
      tests: [{ status, annotations: [{ type: 'skip', description: 'no browser' }] }],
    }));
  const report = /** @type {any} */ ({
    errors: [{ message: 'a file could not be loaded' }],
    suites: [
      { specs: specs('expected', 'unexpected'), suites: [{ specs: specs('expected', 'flaky', 'skipped') }] },
      { specs: [] },
    ],
  });
  expect(countPlaywright(report, [])).toEqual({ passed: 2, failed: 3, skipped: 1, notes: ['Skipped: no browser'] });
  expect(countPlaywright(report, ['browser'])).toMatchObject({ passed: 2, failed: 4, skipped: 0 });
});
