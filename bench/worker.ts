import { openPostgres } from '../apps/server/src/platform/db/index.ts';
import { createIds } from '../apps/server/src/platform/ids/index.ts';
import { createLog } from '../apps/server/src/platform/log/index.ts';
import { createOutbound } from '../apps/server/src/platform/outbound/index.ts';
import { createSealing } from '../apps/server/src/platform/secrets/index.ts';
import { createEngine } from '../apps/server/src/webhooks/index.ts';
import { benchSecret } from './stage.ts';

// A worker, a process of its own: an engine on the database that its argument names, until its parent is gone.

const [url = ''] = process.argv.slice(2);
const now = Date.now;
const db = await openPostgres({ url });
createEngine({
  db,
  outbound: createOutbound({ allow: ['127.0.0.0/8'] }),
  seal: createSealing([benchSecret]),
  log: createLog({ level: 'warn' }),
  now,
  newId: createIds({ now }),
  random: Math.random,
  userAgent: 'Carillon-bench',
  alone: false,
}).start();
process.send?.('started');
process.on('disconnect', () => process.exit(0));
