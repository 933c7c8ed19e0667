import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { openPostgres } from '../apps/server/src/platform/db/index.ts';
import { findBinaries } from '../apps/server/test/support/postgres-binaries.ts';
import { startPostgres } from '../apps/server/test/support/postgres-server.ts';
import { type BacklogRow, backlog } from './backlog.ts';
import { ceiling } from './ceiling.ts';
import { loads, type Round, round } from './deliveries.ts';
import { type DiffRow, diffTable } from './diff.ts';
import { type IsolationRow, isolation } from './isolation.ts';
import { latency } from './latency.ts';
import { type OctoRow, octoCalls } from './octo.ts';
import { type Receiving, startReceiver } from './receiving.ts';
import { type DeliveryRow, formatReport, type LatencyRow, type Report } from './report.ts';
import { resident } from './resident.ts';
import { openStage, type Target, urlsOf } from './stage.ts';
import { type WorkersRow, workers } from './workers.ts';

// npm run bench -- [--quick] [--json FILE] [--postgres URL] [--no-diff]
// Without --postgres a server is started, as for the tests, if the machine or npm has one.

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    postgres: { type: 'string' },
    diff: { type: 'boolean', default: true },
  },
  allowNegative: true,
});

const plan = options.quick
  ? {
      rounds: 1,
      deliveries: 3_000,
      ceilingSeconds: 1,
      latencySeconds: 2,
      isolationSeconds: 2,
      backlogScale: 0.02,
      workerDeliveries: 600,
      octoCalls: 40,
    }
  : {
      rounds: 5,
      deliveries: 15_000,
      ceilingSeconds: 2,
      latencySeconds: 10,
      isolationSeconds: 10,
      backlogScale: 1,
      workerDeliveries: 5_000,
      octoCalls: 400,
    };

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

type Measured = Omit<DeliveryRow, 'ratio'>;

async function measure(target: Target, receiver: Receiving): Promise<{ rows: Measured[]; latencies: LatencyRow[] }> {
  const rows: Measured[] = [];
  const latencies: LatencyRow[] = [];
  for (const webhooks of [1, 3]) {
    const stage = await openStage(target, urlsOf(receiver.url, webhooks));
    try {
      for (const load of loads) {
        const rounds: Round[] = [];
        // The first round warms up and does not count.
        for (let n = 0; n <= plan.rounds; n += 1) {
          const measured = await round(stage, receiver, load, plan.deliveries);
          progress(`  ${webhooks} webhooks, ${load.name}: ${Math.round(measured.perSecond)}/s`);
          if (n > 0) rounds.push(measured);
        }
        const of = (figure: keyof Round): number => median(rounds.map((each) => each[figure]));
        rows.push({
          database: target.name,
          webhooks,
          load: load.name,
          perSecond: of('perSecond'),
          engineStatements: of('engineStatements'),
          recordingStatements: of('recordingStatements'),
          cpuSeconds: of('cpuSeconds'),
          bytesEach: of('bytesEach'),
          leasedAtCreation: of('leasedAtCreation'),
        });
      }
      latencies.push({
        database: target.name,
        webhooks,
        ...(await latency(stage, receiver, plan.latencySeconds)),
      });
    } finally {
      await stage.close();
    }
  }
  return { rows, latencies };
}

interface Server {
  readonly url: string | undefined;
  readonly about: string;
  end(): Promise<void>;
}

async function postgres(): Promise<Server> {
  if (options.postgres !== undefined) return about(options.postgres, async () => undefined);
  const binaries = await findBinaries(process.env.CARILLON_TEST_POSTGRES);
  if ('reason' in binaries)
    return { url: undefined, about: `left out: ${binaries.reason}`, end: async () => undefined };
  const server = await startPostgres(binaries, { durable: true });
  return about(server.url, server.end);
}

async function about(url: string, end: () => Promise<void>): Promise<Server> {
  const db = await openPostgres({ url, poolSize: 1 });
  try {
    const [row] = await db.all<{ version: string; fsync: string; commit: string }>(
      `select current_setting('server_version') as version, current_setting('fsync') as fsync,
              current_setting('synchronous_commit') as commit`,
    );
    return { url, about: `${row?.version}, fsync ${row?.fsync}, synchronous_commit ${row?.commit}`, end };
  } finally {
    await db.close();
  }
}

const progress = (text: string): void => void process.stderr.write(`${text}\n`);

async function bench(): Promise<Report> {
  const receiver = await startReceiver();
  const server = await postgres();
  const rows: Measured[] = [];
  const latencies: LatencyRow[] = [];
  const octo: OctoRow[] = [];
  const isolations: IsolationRow[] = [];
  const backlogs: BacklogRow[] = [];
  let ofWorkers: WorkersRow | undefined;
  let before: number;
  let after: number;
  try {
    progress('the ceiling');
    before = await ceilingOf(receiver);
    const targets: Target[] = [{ name: 'SQLite' }];
    if (server.url !== undefined) targets.push({ name: 'Postgres', url: server.url });
    for (const target of targets) {
      progress(`deliveries on ${target.name}`);
      const measured = await measure(target, receiver);
      rows.push(...measured.rows);
      latencies.push(...measured.latencies);
      progress(`good receivers beside bad ones on ${target.name}`);
      isolations.push(...(await isolation(target, receiver, { seconds: plan.isolationSeconds, rounds: plan.rounds })));
      progress(`backlogs on ${target.name}`);
      const { rounds, deliveries, backlogScale: scale } = plan;
      backlogs.push(...(await backlog(target, receiver, { rounds, deliveries, scale })));
      if (target.url !== undefined) {
        progress('one worker and two');
        ofWorkers = await workers(target, receiver, plan.workerDeliveries);
      }
      progress(`OCTO calls on ${target.name}`);
      octo.push(...(await octoCalls(target, plan.octoCalls)));
    }
    progress('the ceiling again');
    after = await ceilingOf(receiver);
  } finally {
    await server.end();
    await receiver.stop();
  }
  progress('a server beside a million deliveries');
  const residentMegabytes = await resident(1_000_000 * plan.backlogScale);
  const peakMegabytes = process.resourceUsage().maxRSS / 1024;
  const mean = (before + after) / 2;
  let diff: DiffRow[] = [];
  if (options.diff) {
    progress('diffs');
    diff = await diffTable();
  }
  return {
    node: process.version,
    cpus: `${cpus().length} CPUs (${cpus()[0]?.model ?? 'unknown'})`,
    quick: options.quick,
    ceiling: { before, after, mean },
    deliveries: rows.map((row) => ({ ...row, ratio: row.perSecond / mean })),
    latency: latencies,
    isolation: isolations,
    backlog: backlogs,
    workers: ofWorkers,
    octo,
    postgres: server.about,
    residentMegabytes,
    peakMegabytes,
    diff,
  };
}

async function ceilingOf(receiver: Receiving): Promise<number> {
  const rates: number[] = [];
  for (let n = 0; n < 3; n += 1) rates.push(await ceiling(receiver, plan.ceilingSeconds));
  return median(rates);
}

const report = await bench();
console.log(formatReport(report));
if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
