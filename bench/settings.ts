import { openPostgres } from '../apps/server/src/platform/db/index.ts';
import { findBinaries } from '../apps/server/test/support/postgres-binaries.ts';
import { startPostgres } from '../apps/server/test/support/postgres-server.ts';
import { administer } from '../apps/server/test/support/templates.ts';
import { bulk, loads, round } from './deliveries.ts';
import { startReceiver } from './receiving.ts';
import { fresh, openStage, type Stage, urlsOf } from './stage.ts';

// npm run bench:postgres: what each setting of Postgres gives, as deliveries a second to 3 webhooks. Each is measured in turn with
// the plain one, several times, and compared with what that gave in the same turn.

/** One way to set Postgres up. */
interface Setting {
  readonly name: string;
  readonly poolSize?: number;
  /** Statements for the tables, once they are there. */
  readonly tables?: readonly string[];
  /** Of the database, for all sessions. */
  readonly database?: readonly string[];
}

const settings: readonly Setting[] = [
  { name: 'as it comes, 10 connections' },
  { name: '4 connections', poolSize: 4 },
  { name: '20 connections', poolSize: 20 },
  { name: 'synchronous_commit off', database: ['synchronous_commit = off'] },
  { name: 'deliveries with fillfactor 70', tables: ['alter table deliveries set (fillfactor = 70)'] },
  {
    name: 'deliveries vacuumed at 1 % dead rows',
    tables: ['alter table deliveries set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0)'],
  },
];

const turns = 3;
const deliveries = 9_000;
const load = process.argv.includes('--single') ? (loads[1] ?? bulk) : bulk;

const binaries = await findBinaries(process.env.CARILLON_TEST_POSTGRES);
if ('reason' in binaries) throw new Error(`There is no Postgres: ${binaries.reason}`);
const server = await startPostgres(binaries, { durable: true });
const receiver = await startReceiver();
const rates = new Map(settings.map(({ name }) => [name, [] as number[]]));
try {
  for (let turn = 0; turn < turns; turn += 1) {
    for (const setting of settings) {
      const stage = await stageOf(setting);
      await round(stage, receiver, load, deliveries);
      const { perSecond } = await round(stage, receiver, load, deliveries);
      rates.get(setting.name)?.push(perSecond);
      await stage.close();
    }
  }
} finally {
  await receiver.stop();
  await server.end();
}
const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1] ?? Number.NaN;
const plain = median(rates.get(settings[0]?.name ?? '') ?? []);
for (const [name, list] of rates) {
  const rate = median(list);
  console.log(`${name.padEnd(40)} ${Math.round(rate).toLocaleString('en').padStart(8)}/s ${(rate / plain).toFixed(2)}`);
}

async function stageOf(setting: Setting): Promise<Stage> {
  const { db, url, drop } = await fresh({ name: 'Postgres', url: server.url });
  await db.close();
  const name = new URL(url).pathname.slice(1);
  for (const each of setting.database ?? []) await administer(server.url, `alter database ${name} set ${each}`);
  const open = () => openPostgres({ url, ...(setting.poolSize === undefined ? {} : { poolSize: setting.poolSize }) });
  const stage = await openStage({ name: 'Postgres', db: open }, urlsOf(receiver.url, 3));
  for (const each of setting.tables ?? []) await stage.db.run(each);
  return {
    ...stage,
    async close() {
      await stage.close();
      await drop();
    },
  };
}
