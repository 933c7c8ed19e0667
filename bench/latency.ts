import { setTimeout as wait } from 'node:timers/promises';
import { check, settled } from './deliveries.ts';
import type { Receiving } from './receiving.ts';
import type { Stage } from './stage.ts';

/** Commit → arrival of whole requests, ms. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly deliveries: number;
}

const eventsPerSecond = 200;
/** Events at first that are not counted. */
const warmUp = 50;

/** Records 200 events a second, evenly and each in a transaction of its own, and measures from commit to arrival. */
export async function latency(stage: Stage, receiver: Receiving, seconds: number): Promise<Latency> {
  await receiver.reset();
  const events = warmUp + eventsPerSecond * seconds;
  await stage.prepare(events);
  const start = performance.now();
  const recorded: Promise<void>[] = [];
  for (let n = 0; n < events; n += 1) {
    const ahead = start + (1000 * n) / eventsPerSecond - performance.now();
    if (ahead > 0) await wait(ahead);
    if (n === warmUp) {
      await Promise.all(recorded);
      stage.committed.clear();
    }
    recorded.push(stage.record(1));
  }
  await Promise.all(recorded);
  await settled(stage);
  await check(stage, receiver, events * stage.webhooks);
  const arrivals = await receiver.arrivals();
  const took = [...stage.committed]
    .map(([id, { at }]) => (arrivals.get(id) ?? Number.NaN) - at)
    .toSorted((a, b) => a - b);
  const expected = (events - warmUp) * stage.webhooks;
  if (took.length !== expected) throw new Error(`${took.length} of ${expected} deliveries were sent from memory`);
  const at = (part: number): number => took[Math.min(took.length - 1, Math.floor(part * took.length))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), max: at(1), deliveries: took.length };
}
