// @ts-check
import { main, Problem } from './problem.js';
import { root } from './root.js';

/**
 * What a check of ours found: `seen` says what it looked at, so that a check that saw nothing is noticed; the problems are
 * texts to show.
 * @typedef {{ seen: string, problems: string[] }} Found
 */

// node scripts/check.js NAME: runs one of the checks in scripts/checks on the workspace.
await main(async () => {
  const [name] = process.argv.slice(2);
  /** @type {{ check(root: string): Promise<Found> }} */
  const { check } = await import(`./checks/${name}.js`);
  const { seen, problems } = await check(root);
  if (problems.length > 0) throw new Problem(problems.map((problem) => problem.trim()).join('\n'));
  console.log(seen);
});
