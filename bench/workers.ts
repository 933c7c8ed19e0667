import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { settled } from './deliveries.ts';
import type { Receiving } from './receiving.ts';
import { openStage, type Target } from './stage.ts';

/** Deliveries a second of one worker process and of two, where the receiver takes 50 ms for each. */
export interface WorkersRow {
  readonly one: number;
  readonly two: number;
}

/** Measures it on Postgres: a backlog is made first, then the workers start. */
export async function workers(target: Target, receiver: Receiving, deliveries: number): Promise<WorkersRow> {
  return {
    one: await rate(target, receiver, deliveries, 1),
    two: await rate(target, receiver, deliveries, 2),
  };
}

async function rate(target: Target, receiver: Receiving, deliveries: number, count: number): Promise<number> {
  const stage = await openStage(target, [`${receiver.url}/50ms`], { sends: false });
  try {
    await stage.prepare(deliveries);
    for (let left = deliveries; left > 0; left -= 50) await stage.record(Math.min(left, 50));
    await receiver.reset();
    const program = fileURLToPath(new URL('./worker.ts', import.meta.url));
    const started = Array.from({ length: count }, () => fork(program, [stage.url]));
    await Promise.all(started.map((worker) => once(worker, 'message')));
    const start = performance.now();
    while ((await receiver.count()).unique < deliveries) await wait(10);
    await settled(stage);
    const seconds = (performance.now() - start) / 1000;
    for (const worker of started) worker.disconnect();
    await Promise.all(started.map((worker) => once(worker, 'exit')));
    return deliveries / seconds;
  } finally {
    await stage.close();
  }
}
