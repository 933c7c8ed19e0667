// @ts-check
import { resolve } from 'node:path';
import { endLike, run } from './child.js';
import { ensureInstalled } from './install.js';
import { nodeFlags, pinnedNode, serverEnv } from './pinned-node.js';
import { main, Problem } from './problem.js';
import { root } from './root.js';

// node scripts/run.js FILE [ARGUMENTS]: installs what is missing, then runs a TypeScript file of this workspace on the
// pinned Node.
await main(async () => {
  const [file, ...args] = process.argv.slice(2);
  if (file === undefined) throw new Problem('Usage: node scripts/run.js FILE [ARGUMENTS]');
  await ensureInstalled();
  endLike(await run(pinnedNode(root), [...nodeFlags, resolve(root, file), ...args], { env: serverEnv(process.env) }));
});
