// @ts-check

/** The steps of `npm test` in their order: checks of the code, then the two test runners. */
const stepNames = /** @type {const} */ (['types', 'style', 'map', 'dead', 'files', 'packages', 'unit', 'browser']);

/** @typedef {typeof stepNames[number]} StepName */
/**
 * What to run: `unitArgs` and `browserArgs` go to vitest and Playwright; `required` are the suites of which no test may
 * be skipped.
 * @typedef {{ kind: 'run', steps: StepName[], unitArgs: string[], browserArgs: string[], required: string[],
 *   env: NodeJS.ProcessEnv }} Run
 */

export const usage = `npm test                          every check and every test
npm test -- PATH …                only the tests of these files or folders, with vitest (below e2e: with Playwright)
npm test -- PATH -t 'some words'  only those with these words in their name; other options go to vitest, too
npm test -- --only ${stepNames.join(',')}
                                  only these steps
npm run test:long                 with the full volumes (CARILLON_TEST_SCALE, 10 unless it is set)

CARILLON_TEST_REQUIRE=postgres,browser makes a test that is skipped for want of Postgres or of a browser a failure.`;

const suites = ['postgres', 'browser'];

/**
 * What the command line and the environment ask for.
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Run | { kind: 'help' } | { kind: 'wrong', problem: string }}
 */
export function chooseSteps(args, env) {
  const rest = [...args];
  let scale = env.CARILLON_TEST_SCALE;
  /** @type {StepName[] | undefined} */
  let only;
  /** @type {string[]} */
  const unitArgs = [];
  /** @type {string[]} */
  const browserArgs = [];

  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--help') return { kind: 'help' };
    if (arg === '--long') scale ||= '10';
    else if (arg === '--only') {
      const names = (rest.shift() ?? '').split(',');
      const unknown = names.find((name) => !isStep(name));
      if (unknown !== undefined) return { kind: 'wrong', problem: `--only: there is no step '${unknown}'.` };
      only = names.filter(isStep);
    } else if (/^(\.\/)?e2e(\/|$)/.test(arg)) browserArgs.push(arg);
    else unitArgs.push(arg);
  }

  const required = (env.CARILLON_TEST_REQUIRE ?? '').split(',').filter(Boolean);
  const unknown = required.find((name) => !suites.includes(name));
  if (unknown !== undefined)
    return { kind: 'wrong', problem: `CARILLON_TEST_REQUIRE: there is no suite '${unknown}'.` };
  return {
    kind: 'run',
    steps: only ?? (addressed(unitArgs, browserArgs) || [...stepNames]),
    unitArgs,
    browserArgs,
    required,
    env: scale ? { ...env, CARILLON_TEST_SCALE: scale } : env,
  };
}

/**
 * The runners that the arguments are for, if there are any.
 * @param {readonly string[]} unitArgs
 * @param {readonly string[]} browserArgs
 * @returns {StepName[] | undefined}
 */
function addressed(unitArgs, browserArgs) {
  if (unitArgs.length === 0 && browserArgs.length === 0) return undefined;
  return [
    ...(unitArgs.length > 0 ? [/** @type {const} */ ('unit')] : []),
    ...(browserArgs.length > 0 ? [/** @type {const} */ ('browser')] : []),
  ];
}

/**
 * @param {string} name
 * @returns {name is StepName}
 */
function isStep(name) {
  return stepNames.some((step) => step === name);
}
