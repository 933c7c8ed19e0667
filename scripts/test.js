// @ts-check
import { ensureInstalled } from './install.js';
import { pinnedNode } from './pinned-node.js';
import { main, Problem } from './problem.js';
import { root } from './root.js';
import { runSteps } from './steps.js';
import { chooseSteps, usage } from './test-options.js';

// npm test [-- OPTIONS]: every check and every test, a summary, and a last line that counts the tests.
await main(async () => {
  const chosen = chooseSteps(process.argv.slice(2), process.env);
  if (chosen.kind === 'help') {
    console.log(usage);
    return;
  }
  if (chosen.kind === 'wrong') throw new Problem(`${chosen.problem}\n\n${usage}`);
  await ensureInstalled();
  const outcome = await runSteps(chosen, { node: pinnedNode(root), root });
  if (outcome.kind === 'stopped') process.kill(process.pid, outcome.signal);
  if (outcome.kind === 'failed') process.exitCode = 1;
});
