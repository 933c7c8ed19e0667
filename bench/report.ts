import type { BacklogRow } from './backlog.ts';
import { type DiffRow, formatDiffTable } from './diff.ts';
import type { IsolationRow } from './isolation.ts';
import type { Latency } from './latency.ts';
import { formatOctoTable, type OctoRow } from './octo.ts';
import type { WorkersRow } from './workers.ts';

/** What `npm run bench` found; `--json` writes it. Rates are medians of rounds. */
export interface Report {
  readonly node: string;
  readonly cpus: string;
  readonly quick: boolean;
  /** Raw POSTs a second, before and after the deliveries. The ratios are to the mean of the two. */
  readonly ceiling: { readonly before: number; readonly after: number; readonly mean: number };
  readonly deliveries: readonly DeliveryRow[];
  readonly latency: readonly LatencyRow[];
  readonly isolation: readonly IsolationRow[];
  readonly backlog: readonly BacklogRow[];
  /** Undefined: there was no Postgres. */
  readonly workers: WorkersRow | undefined;
  readonly octo: readonly OctoRow[];
  /** Why there is no Postgres in it, or how its server forces to disk (`fsync`, `synchronous_commit`). */
  readonly postgres: string;
  /** Of a whole server beside a million pending deliveries (quick: fewer); undefined: it was not to be had. */
  readonly residentMegabytes: number | undefined;
  /** Of this process, before the diff table; the receiver and a Postgres server are processes of their own. */
  readonly peakMegabytes: number;
  readonly diff: readonly DiffRow[];
}

/** End-to-end deliveries of one database, number of webhooks per event, and way of recording. */
export interface DeliveryRow {
  readonly database: string;
  readonly webhooks: number;
  readonly load: string;
  readonly perSecond: number;
  /** Of the mean ceiling. */
  readonly ratio: number;
  /** Per delivery: claiming, loading and settling by the engine. */
  readonly engineStatements: number;
  /** Per delivery: hold, record, views and deliveries, by the transaction of the change. */
  readonly recordingStatements: number;
  /** Of the sending process, for 1,000 deliveries. */
  readonly cpuSeconds: number;
  readonly bytesEach: number;
  readonly leasedAtCreation: number;
}

/** Commit → arrival at 200 events a second. */
export interface LatencyRow extends Latency {
  readonly database: string;
  readonly webhooks: number;
}

const whole = (n: number): string => Math.round(n).toLocaleString('en');

/** The report as text. */
export function formatReport(report: Report): string {
  const { ceiling } = report;
  const lines = [
    `Node ${report.node}, ${report.cpus}${report.quick ? ', quick' : ''}`,
    '',
    `Ceiling: raw keep-alive POSTs of 4 KB, 64 at a time: ${whole(ceiling.mean)}/s (before ${whole(ceiling.before)}, after ${whole(ceiling.after)})`,
    `Postgres: ${report.postgres}`,
    '',
    'Deliveries, end to end (committed, signed, sent, settled); each arrived exactly once',
    row([
      'database',
      'webhooks',
      'recorded as',
      'deliveries/s',
      'of ceiling',
      'statements',
      'recording',
      'CPU-s/1,000',
      'request',
      'from memory',
    ]),
    ...report.deliveries.map((each) =>
      row([
        each.database,
        String(each.webhooks),
        each.load,
        whole(each.perSecond),
        each.ratio.toFixed(2),
        each.engineStatements.toFixed(3),
        each.recordingStatements.toFixed(3),
        each.cpuSeconds.toFixed(3),
        `${whole(each.bytesEach)} B`,
        `${whole(100 * each.leasedAtCreation)} %`,
      ]),
    ),
    '  statements: of the engine (claim, load, settle) per delivery; recording: of the transaction of the change, per delivery',
    '',
    'Commit to arrival at 200 events a second, ms',
    row(['database', 'webhooks', '', 'p50', 'p99', 'max']),
    ...report.latency.map((each) =>
      row([each.database, String(each.webhooks), '', ...[each.p50, each.p99, each.max].map((ms) => ms.toFixed(2))]),
    ),
    '',
    '97 good webhooks beside one that hangs, one that resets connections and one that takes 2 s: p99 of commit to arrival, ms',
    row(['database', 'alone', 'receivers on', 'together', 'ratio']),
    ...report.isolation.map(({ database, where, alone, together }) =>
      row([database, alone.toFixed(2), where, together.toFixed(2), (together / alone).toFixed(2)]),
    ),
    '',
    'Deliveries a second to 3 webhooks beside others in the database',
    row(['database', 'others', '', 'without', 'with', 'ratio']),
    ...report.backlog.map((each) =>
      row([
        each.database,
        whole(each.count),
        each.kind,
        whole(each.without),
        whole(each.with),
        (each.with / each.without).toFixed(2),
      ]),
    ),
    '',
    ...workersLines(report.workers),
    formatOctoTable(report.octo),
    '',
    `Resident memory of a server beside the deliveries that are scheduled for later: ${whole(report.residentMegabytes ?? Number.NaN)} MB`,
    `Peak memory of the sending process: ${whole(report.peakMegabytes)} MB`,
    '',
    formatDiffTable(report.diff),
  ];
  return lines.join('\n');
}

function workersLines(rates: WorkersRow | undefined): string[] {
  if (rates === undefined) return [];
  const { one, two } = rates;
  return [
    `Workers on Postgres, a receiver that takes 50 ms: one ${whole(one)}/s, two ${whole(two)}/s (${(two / one).toFixed(2)} times)`,
    '',
  ];
}

const widths = [-10, 9, -27, 13, 11, 11, 10, 12, 9, 12];

function row(cells: readonly string[]): string {
  const padded = cells.map((cell, at) => {
    const width = widths[at] ?? 0;
    return width < 0 ? ` ${cell}`.padEnd(-width) : cell.padStart(width);
  });
  return ` ${padded.join(' ')}`.trimEnd();
}
