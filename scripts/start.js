// @ts-check
import { join } from 'node:path';
import { endLike, run } from './child.js';
import { ensureInstalled } from './install.js';
import { nodeFlags, pinnedNode, serverEnv } from './pinned-node.js';
import { main } from './problem.js';
import { root } from './root.js';

// npm start [-- --port N --data DIR]: Carillon on this machine, with sample data and a built-in mailbox.
await main(async () => {
  await ensureInstalled();
  const server = join(root, 'apps', 'server', 'src', 'main.ts');
  const args = [...nodeFlags, server, 'start', ...process.argv.slice(2)];
  endLike(await run(pinnedNode(root), args, { env: serverEnv(process.env) }));
});
