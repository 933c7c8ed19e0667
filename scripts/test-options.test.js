import { expect, test } from 'vitest';
import { chooseSteps } from './test-options.js';

test('without options every step runs, without limits', () => {
  expect(chooseSteps([], { PATH: '/bin' })).toEqual({
    kind: 'run',
    steps: ['types', 'style', 'map', 'dead', 'files', 'packages', 'unit', 'browser'],
    unitArgs: [],
    browserArgs: [],
    required: [],
    env: { PATH: '/bin' },
  });
});

test('paths run the tests below them only, in the runner that they belong to', () => {
  expect(chooseSteps(['packages/diff', '-t', 'moves'], {})).toMatchObject({
    steps: ['unit'],
    unitArgs: ['packages/diff', '-t', 'moves'],
  });
  expect(chooseSteps(['e2e/base.spec.ts'], {})).toMatchObject({
    steps: ['browser'],
    browserArgs: ['e2e/base.spec.ts'],
  });
});

test('the full volumes are asked for by --long, unless the environment names others', () => {
  expect(chooseSteps(['--long'], {})).toMatchObject({ env: { CARILLON_TEST_SCALE: '10' } });
  expect(chooseSteps(['--long'], { CARILLON_TEST_SCALE: '3' })).toMatchObject({ env: { CARILLON_TEST_SCALE: '3' } });
});

test('steps and required suites are known by name', () => {
  expect(chooseSteps(['--only', 'types,unit'], {})).toMatchObject({ steps: ['types', 'unit'] });
  expect(chooseSteps(['--only', 'typos'], {})).toMatchObject({
    kind: 'wrong',
    problem: "--only: there is no step 'typos'.",
  });
  expect(chooseSteps([], { CARILLON_TEST_REQUIRE: 'postgres,browser' })).toMatchObject({
    required: ['postgres', 'browser'],
  });
  expect(chooseSteps([], { CARILLON_TEST_REQUIRE: 'postgre' })).toMatchObject({ kind: 'wrong' });
});
