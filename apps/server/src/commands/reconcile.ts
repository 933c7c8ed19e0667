import { parseArgs } from 'node:util';
import { apiOf, CallRefused, usualLimitMs } from './api.ts';

interface Tally {
  readonly owed: number;
  readonly delivered: number;
  readonly pending: number;
  readonly held: number;
  readonly gaveUp: number;
  readonly cancelled: number;
}

/** `GET /api/reconciliation`, as far as it is shown. */
interface Report extends Tally {
  readonly from: number;
  readonly to: number;
  readonly events: number;
  readonly webhooks: readonly (Tally & { readonly webhookId: string; readonly url: string | null })[];
  readonly unaccounted: number;
  readonly faults: readonly {
    readonly kind: string;
    readonly deliveryId: string | null;
    readonly webhookId: string | null;
    readonly eventId: string | null;
    readonly count: number;
  }[];
}

/** `GET /api/reconciliation/undelivered`, as far as it is shown. */
interface Page {
  readonly undelivered: readonly {
    readonly id: string;
    readonly lane: string;
    readonly state: string;
    readonly reason: string | null;
    readonly lastFailure: string | null;
  }[];
  readonly next: string | null;
}

const usage = `carillon reconcile --from TIME [--to TIME]
  What became of everything that was owed to webhooks; exit code 1 if something is unaccounted for, 2 if it could not be found out.

  --from, --to TIME   ISO 8601, or milliseconds since 1970; --to is excluded, default now
  --url URL           of the server, default http://127.0.0.1:4000
  --token TOKEN       an admin token of a supplier, default CARILLON_ADMIN_TOKEN
  --json              the report as /api answers it, with everything that has not arrived, a line each`;

/** Undelivered ones that are shown, and that are asked for at a time where all are wanted. */
const shownAtMost = 20;
const atATime = 200;

type Api = ReturnType<typeof apiOf>;
type Range = Readonly<Record<string, string>>;

/** `carillon reconcile`: asks the running server, and gives the exit code. `say` takes a line of the report, `complain` of what is wrong. */
export async function reconcile(input: {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
  /** How long each answer of the server may take, ms. */
  readonly limitMs?: number;
}): Promise<number> {
  const { say, complain, limitMs = usualLimitMs } = input;
  const options = optionsOf(input.args);
  if (options === undefined) {
    complain(usage);
    return 2;
  }
  const { from, to, url = 'http://127.0.0.1:4000', token = input.env.CARILLON_ADMIN_TOKEN } = options;
  if (token === undefined || token === '') {
    complain('An admin token is needed: --token, or CARILLON_ADMIN_TOKEN.');
    return 2;
  }
  const api = apiOf(url, token, limitMs);
  try {
    const report = await api<Report>('/reconciliation', { from, ...(to === undefined ? {} : { to }) });
    const range = { from, to: String(report.to) };
    for await (const line of options.json ? jsonLines(api, range, report) : textLines(api, range, report)) say(line);
    return report.unaccounted === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof CallRefused)) throw error;
    complain(error.message);
    return 2;
  }
}

interface Options {
  readonly from: string;
  readonly to?: string;
  readonly url?: string;
  readonly token?: string;
  readonly json: boolean;
}

/** Undefined: they are wrong. */
function optionsOf(args: readonly string[]): Options | undefined {
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { from: text, to: text, url: text, token: text, json: { type: 'boolean', default: false } },
    });
    const { from, ...others } = values;
    return from === undefined ? undefined : { from, ...others };
  } catch {
    return undefined;
  }
}

const tallyOf = (tally: Tally): string =>
  `${tally.owed} owed, ${tally.delivered} delivered, ${tally.pending} pending, ${tally.held} held, ${tally.gaveUp} given up, ` +
  `${tally.cancelled} cancelled`;

const time = (ms: number): string => new Date(ms).toISOString();

function* linesOf(report: Report): Generator<string> {
  yield `${time(report.from)} to ${time(report.to)}: ${report.events} events; ${tallyOf(report)}`;
  for (const webhook of report.webhooks) {
    yield `  ${webhook.webhookId} ${webhook.url ?? '(gone)'}: ${tallyOf(webhook)}`;
  }
  yield report.unaccounted === 0 ? 'Everything is accounted for.' : `${report.unaccounted} unaccounted for:`;
  for (const { kind, count, ...ids } of report.faults) {
    const named = [
      ['delivery', ids.deliveryId],
      ['webhook', ids.webhookId],
      ['event', ids.eventId],
    ].flatMap(([what, id]) => (id === null ? [] : `${what} ${id}`));
    yield `  ${kind}${count > 1 ? ` (${count})` : ''}: ${named.join(', ')}`;
  }
}

/** The report, and the first of what has not arrived. */
async function* textLines(api: Api, range: Range, report: Report): AsyncGenerator<string> {
  yield* linesOf(report);
  const missing = report.owed - report.delivered;
  if (missing > 0) yield* undeliveredLines(await undeliveredPage(api, range, { limit: String(shownAtMost) }), missing);
}

/** The report as one JSON object over several lines, with all that has not arrived: page by page, however much that is. */
async function* jsonLines(api: Api, range: Range, report: Report): AsyncGenerator<string> {
  yield `${JSON.stringify(report).slice(0, -1)},"undelivered":[`;
  let separator = '';
  for (let after: string | null | undefined; after !== null; ) {
    const asked = { limit: String(atATime), ...(after === undefined ? {} : { after }) };
    const page: Page = await undeliveredPage(api, range, asked);
    for (const one of page.undelivered) {
      yield `${separator}${JSON.stringify(one)}`;
      separator = ',';
    }
    after = page.next;
  }
  yield ']}';
}

const undeliveredPage = (api: Api, range: Range, page: Range): Promise<Page> =>
  api<Page>('/reconciliation/undelivered', { ...range, ...page });

function* undeliveredLines({ undelivered, next }: Page, missing: number): Generator<string> {
  if (undelivered.length === 0) return;
  yield 'Not delivered:';
  for (const { id, lane, state, reason, lastFailure } of undelivered) {
    const why = reason ?? lastFailure;
    yield `  ${id} ${lane} ${state}${why === null ? '' : `: ${why}`}`;
  }
  if (next !== null) yield `  … and ${Math.max(1, missing - undelivered.length)} more: --json lists all of them`;
}
