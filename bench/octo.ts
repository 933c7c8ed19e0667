import { createApp } from '../apps/server/src/app.ts';
import { readConfig } from '../apps/server/src/config.ts';
import { type Db, migrate } from '../apps/server/src/platform/db/index.ts';
import { createIds } from '../apps/server/src/platform/ids/index.ts';
import { createLog } from '../apps/server/src/platform/log/index.ts';
import { createSealing, hashKey } from '../apps/server/src/platform/secrets/index.ts';
import { type Supplier, seedSample } from '../apps/server/src/supplier/index.ts';
import { bareApp } from '../apps/server/test/support/bare-app.ts';
import { migrations } from '../apps/server/test/support/templates.ts';
import { ruledProduct } from './ruled-product.ts';
import { fresh, type Target } from './stage.ts';

/** Calls of the OCTO API of one kind, of one database: medians of server time, from the request to the last byte of the body. */
export interface OctoRow {
  readonly database: string;
  readonly call: string;
  readonly ms: number;
  /** The slowest twentieth takes at least so long. */
  readonly p95: number;
  /** Of a bare Hono route that answers with the same bytes, measured in turn with the calls. */
  readonly ceilingMs: number;
  /** Of the ceiling's rate. */
  readonly ratio: number;
  /** Beside those that find out whose API key it is. */
  readonly statements: number;
  readonly bytes: number;
}

/** 10:00 in Hamburg on the first day of the sample's season that is measured. */
const monday = Date.UTC(2026, 5, 1, 8);
/** The clock goes on by so much with each call: at this pace nobody is told that they call too often. */
const paceMs = 20;
/** Calls of a kind that do not count. */
const warmUp = 20;
const key = 'key-of-the-website';
const contact = { firstName: 'Ada', lastName: 'Byron', emailAddress: 'ada@example.com', locales: ['de'] };
const headers = {
  authorization: `Bearer ${key}`,
  'content-type': 'application/json',
  'octo-capabilities': 'octo/pricing, octo/content, octo/cart',
};

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
}

type Fetch = (request: Request) => Response | Promise<Response>;

/** The whole API on a fresh database with the sample data; no worker runs beside it. */
async function openApi(
  db: Db,
): Promise<{ fetch: Fetch; supplier: Supplier; sample: Awaited<ReturnType<typeof seedSample>> }> {
  let at = monday;
  const now = (): number => at;
  await migrate(db, migrations, now);
  const newId = createIds({ now: Date.now });
  const sample = await seedSample(db, { now, newId, keyHashes: { website: hashKey(key) } });
  const app = createApp({
    db,
    config: readConfig({ env: {}, flags: {}, command: 'start' }),
    log: createLog({ level: 'silent' }),
    sealing: createSealing(['a secret for the time of a measurement']),
    now,
    random: Math.random,
    address: () => 'http://127.0.0.1',
  });
  const connection = { incoming: { socket: { remoteAddress: '127.0.0.1' } } };
  const fetch: Fetch = (request) => {
    at += paceMs;
    return app.fetch(request, connection);
  };
  return { fetch, supplier: app.supplier, sample };
}

async function timed(
  fetch: Fetch,
  { method, path, body }: Call,
): Promise<{ ms: number; status: number; text: string }> {
  const request = new Request(`http://127.0.0.1/octo${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const start = performance.now();
  const response = await fetch(request);
  const text = await response.text();
  return { ms: performance.now() - start, status: response.status, text };
}

async function answerOf(fetch: Fetch, call: Call): Promise<Awaited<ReturnType<typeof timed>>> {
  const answer = await timed(fetch, call);
  if (answer.status !== 200) throw new Error(`${call.method} ${call.path}: ${answer.status} ${answer.text}`);
  return answer;
}

const at = (sorted: readonly number[], part: number): number => sorted[Math.floor(part * sorted.length)] ?? Number.NaN;

/** The statements of a call that asks for nothing but whose key it is. */
async function authentication(db: Db, fetch: Fetch): Promise<number> {
  const before = db.statements;
  await answerOf(fetch, { method: 'GET', path: '/capabilities' });
  return db.statements - before;
}

/** Makes the calls one after the other, each in turn with one of the ceiling; `seen` gets the texts of the answers. */
async function measure(
  db: Db,
  fetch: Fetch,
  calls: readonly Call[],
  seen: (text: string) => void,
): Promise<Omit<OctoRow, 'database' | 'call'>> {
  const asking = await authentication(db, fetch);
  const answers: { ms: number; ceilingMs: number }[] = [];
  let text = '';
  const bare = bareApp(() => text);
  let statements = 0;
  for (const [index, call] of calls.entries()) {
    if (index === warmUp) statements = db.statements;
    const answer = await answerOf(fetch, call);
    text = answer.text;
    seen(text);
    const ceiling = await timed((request) => bare.fetch(request), call);
    answers.push({ ms: answer.ms, ceilingMs: ceiling.ms });
  }
  const counted = answers.slice(warmUp);
  const sorted = (figure: 'ms' | 'ceilingMs') => counted.map((each) => each[figure]).toSorted((a, b) => a - b);
  const [ms, ceilingMs] = [sorted('ms'), sorted('ceilingMs')];
  return {
    ms: at(ms, 0.5),
    p95: at(ms, 0.95),
    ceilingMs: at(ceilingMs, 0.5),
    ratio: at(ceilingMs, 0.5) / at(ms, 0.5),
    statements: (db.statements - statements) / counted.length - asking,
    bytes: Buffer.byteLength(text),
  };
}

/** Measures so many calls of each kind on a database, in which every slot of the month that is asked about was booked. */
export async function octoCalls(target: Target, calls: number): Promise<OctoRow[]> {
  const { db, drop } = await fresh(target);
  try {
    const { fetch, supplier, sample } = await openApi(db);
    const { productId, optionId, units } = sample.products.cruise;
    const cruise = await supplier.definition(sample.supplierId, productId);
    if (!cruise.ok) throw new Error('The sample has no cruise');
    const ruled = ruledProduct(cruise.value, monday);
    await supplier.saveProduct(sample.supplierId, ruled);
    const option = { productId, optionId };
    const month = { ...option, localDateStart: '2026-06-02', localDateEnd: '2026-07-01' };
    const availability = { method: 'POST', path: '/availability', body: month };
    const slots = JSON.parse((await answerOf(fetch, availability)).text) as { id: string }[];
    const unitItems = [{ unitId: units.ADULT }, { unitId: units.CHILD }];
    const reservation = (index: number, resellerReference = `R-${index}`) => ({
      method: 'POST',
      path: '/bookings',
      body: { ...option, availabilityId: slots[index % slots.length]?.id, unitItems, resellerReference },
    });
    for (const index of slots.keys()) await answerOf(fetch, reservation(index, index < 20 ? 'R-20' : 'R'));
    const uuids: string[] = [];
    const rows: OctoRow[] = [];
    const add = async (call: string, made: (index: number) => Call, seen = (_: string): void => undefined) => {
      const all = Array.from({ length: warmUp + calls }, (_, index) => made(index));
      rows.push({ database: target.name, call, ...(await measure(db, fetch, all, seen)) });
    };
    await add(`availability, 30 days, ${slots.length} slots`, () => availability);
    const year = { ...option, localDateStart: '2026-06-02', localDateEnd: '2027-06-01' };
    await add('calendar, 365 days', () => ({ method: 'POST', path: '/availability/calendar', body: year }));
    const many = { ...year, productId: ruled.id, optionId: ruled.options[0]?.id };
    await add('…, 20 departures, 50 rules, 50 closures', () => ({
      method: 'POST',
      path: '/availability/calendar',
      body: many,
    }));
    const keep = (text: string) => void uuids.push((JSON.parse(text) as { uuid: string }).uuid);
    await add('reservation', (index) => reservation(index), keep);
    const named = (index: number) => `/bookings/${uuids[index]}`;
    await add('confirmation', (index) => ({ method: 'POST', path: `${named(index)}/confirm`, body: { contact } }));
    await add('booking', (index) => ({ method: 'GET', path: named(index) }));
    await add('list of 20 bookings', () => ({ method: 'GET', path: '/bookings?resellerReference=R-20' }));
    return rows;
  } finally {
    await db.close();
    await drop();
  }
}

const widths = [-10, -40, 9, 9, 11, 12, 12, 11];

function line(cells: readonly string[]): string {
  const padded = cells.map((cell, index) => {
    const width = widths[index] ?? 0;
    return width < 0 ? ` ${cell}`.padEnd(-width) : cell.padStart(width);
  });
  return ` ${padded.join(' ')}`.trimEnd();
}

/** The rows as text. */
export function formatOctoTable(rows: readonly OctoRow[]): string {
  return [
    'OCTO calls one after the other, with octo/pricing, octo/content and octo/cart; ms of server time (median)',
    line(['database', 'call', 'ms', 'p95', 'ceiling', 'of ceiling', 'statements', 'answer']),
    ...rows.map((row) =>
      line([
        row.database,
        row.call,
        row.ms.toFixed(2),
        row.p95.toFixed(2),
        row.ceilingMs.toFixed(3),
        row.ratio.toFixed(3),
        row.statements.toFixed(1),
        `${row.bytes.toLocaleString('en')} B`,
      ]),
    ),
    '  ceiling: a bare Hono route that answers with the same bytes; statements: beside the two that find out whose key it is',
  ].join('\n');
}

if (import.meta.main) console.log(formatOctoTable(await octoCalls({ name: 'SQLite' }, 100)));
