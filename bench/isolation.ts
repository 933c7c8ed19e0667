import { setTimeout as wait } from 'node:timers/promises';
import type { Receiving } from './receiving.ts';
import { openStage, type Stage, type Target, urlsOf } from './stage.ts';

/** What bad receivers cost the good ones: commit → arrival of the good, ms, without the bad and with them. */
export interface IsolationRow {
  readonly database: string;
  readonly where: string;
  readonly alone: number;
  readonly together: number;
  /** Deliveries to good receivers that were measured in each of the two. */
  readonly deliveries: number;
}

const good = 97;
const bad = ['hang', 'refuse', 'slow'];
const eventsPerSecond = 10;
/** In which the bad receivers begin to fail; not measured. */
const warmUpSeconds = 2;

/**
 * The good webhooks' p99, alone and beside one that hangs, one that resets every connection and one that answers in 2 s: medians of
 * rounds in which each is measured in turn.
 */
export async function isolation(
  target: Target,
  receiver: Receiving,
  plan: { readonly seconds: number; readonly rounds: number },
): Promise<IsolationRow[]> {
  const urls = urlsOf(receiver.url, good);
  const besides = (host: string) => [...urls, ...bad.map((manner) => `${host}/${manner}`)];
  const ways = {
    alone: urls,
    'one host': besides(receiver.url),
    'hosts of their own': besides(receiver.url.replace('127.0.0.1', '127.0.0.2')),
  };
  const found: Record<keyof typeof ways, number[]> = { alone: [], 'one host': [], 'hosts of their own': [] };
  for (let n = 0; n < plan.rounds; n += 1) {
    for (const way of Object.keys(ways) as (keyof typeof ways)[]) {
      found[way].push(await measured(target, receiver, ways[way], plan.seconds));
    }
  }
  const deliveries = eventsPerSecond * plan.seconds * good * plan.rounds;
  return (['one host', 'hosts of their own'] as const).map((where) => ({
    database: target.name,
    where,
    alone: median(found.alone),
    together: median(found[where]),
    deliveries,
  }));
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

async function measured(target: Target, receiver: Receiving, urls: readonly string[], seconds: number) {
  const stage = await openStage(target, urls);
  try {
    await receiver.reset();
    await stage.prepare(eventsPerSecond * (warmUpSeconds + seconds));
    await record(stage, warmUpSeconds);
    stage.committed.clear();
    await record(stage, seconds);
    return await latencies(stage, receiver, urls, eventsPerSecond * seconds * good);
  } finally {
    await stage.close();
  }
}

async function record(stage: Stage, seconds: number): Promise<void> {
  const start = performance.now();
  const recorded: Promise<void>[] = [];
  for (let n = 0; n < eventsPerSecond * seconds; n += 1) {
    const ahead = start + (1000 * n) / eventsPerSecond - performance.now();
    if (ahead > 0) await wait(ahead);
    recorded.push(stage.record(1));
  }
  await Promise.all(recorded);
}

async function latencies(stage: Stage, receiver: Receiving, urls: readonly string[], expected: number) {
  const ofGood = new Set(urls.slice(0, good));
  const committed = [...stage.committed].filter(([, { url }]) => ofGood.has(url));
  if (committed.length !== expected) {
    throw new Error(`${committed.length} of ${expected} deliveries to good receivers were sent from memory`);
  }
  let arrivals = await receiver.arrivals();
  for (let waits = 0; committed.some(([id]) => !arrivals.has(id)); waits += 1) {
    if (waits > 100) throw new Error('not everything arrived at the good receivers');
    await wait(100);
    arrivals = await receiver.arrivals();
  }
  const took = committed.map(([id, { at }]) => (arrivals.get(id) ?? Number.NaN) - at).toSorted((a, b) => a - b);
  return took[Math.floor(0.99 * took.length)] ?? Number.NaN;
}
