import { describe, expect, it } from 'vitest';
import type { LogFields } from '../log/index.ts';
import { backoffMs } from './backoff.ts';
import { createWorker, type Found, type WorkerInput } from './worker.ts';

const day = 86_400_000;

/** A worker whose runs the test ends one by one; it polls once a day, so only hints and answers move it. */
function opened(options: Partial<WorkerInput> = {}) {
  const runs: { signal: AbortSignal; end: (found: Found) => void; fail: (error: Error) => void }[] = [];
  const logged: LogFields[] = [];
  let waiting: (() => void)[] = [];
  let atOnce = 0;
  let mostAtOnce = 0;
  const worker = createWorker({
    name: 'test',
    pollMs: day,
    log: { error: (fields) => void logged.push(fields), warn: (fields) => void logged.push(fields) },
    work: (signal) => {
      atOnce += 1;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
      const { promise, resolve, reject } = Promise.withResolvers<Found>();
      runs.push({ signal, end: resolve, fail: reject });
      for (const tell of waiting.splice(0)) tell();
      return promise.finally(() => {
        atOnce -= 1;
      });
    },
    ...options,
  });
  /** The run of a number, from 1, once it has begun. */
  const run = async (number: number) => {
    while (runs.length < number) await new Promise<void>((resolve) => waiting.push(resolve));
    const found = runs[number - 1];
    if (found === undefined) throw new Error(`There is no run ${number}`);
    return found;
  };
  waiting = [];
  return { worker, runs, run, logged, mostAtOnce: () => mostAtOnce };
}

describe('a worker', () => {
  it('runs at once when it starts, and again as long as there is more', async () => {
    const { worker, run, runs } = opened();
    worker.start();
    worker.start();
    for (let n = 1; n <= 5; n += 1) (await run(n)).end('more');
    (await run(6)).end('idle');
    expect(await worker.stop(1000)).toBe('stopped');
    expect(runs).toHaveLength(6);
  });

  it('rests when idle until it is woken', async () => {
    const { worker, run } = opened();
    worker.start();
    (await run(1)).end('idle');
    await new Promise(setImmediate);
    worker.wake();
    (await run(2)).end('idle');
    expect(await worker.stop(1000)).toBe('stopped');
  });

  it('runs once more after a hint that came while it was working', async () => {
    const { worker, run, mostAtOnce } = opened();
    worker.start();
    const first = await run(1);
    for (let n = 0; n < 10; n += 1) worker.wake();
    first.end('idle');
    (await run(2)).end('idle');
    expect(mostAtOnce()).toBe(1);
    await worker.stop(1000);
  });

  it('polls without any hint', async () => {
    const { worker, run } = opened({ pollMs: 5 });
    worker.start();
    (await run(1)).end('idle');
    (await run(2)).end('idle');
    (await run(3)).end('idle');
    await worker.stop(1000);
  });

  it('runs again when the next piece of work is due, or at the next poll if that comes first', async () => {
    const { worker, run } = opened({ now: () => 1_000_000 });
    worker.start();
    (await run(1)).end(new Date(1_000_005));
    (await run(2)).end(new Date(0));
    await run(3);
    const polling = opened({ now: () => 1_000_000, pollMs: 5 });
    polling.worker.start();
    (await polling.run(1)).end(new Date(1_000_000 + 1000 * day));
    await polling.run(2);
  });

  it('logs a failure, rests longer after each in a row, and goes on', async () => {
    const rests: number[] = [];
    const { worker, run, logged } = opened({
      backoffMs: (failures) => {
        rests.push(failures);
        return 1;
      },
    });
    worker.start();
    (await run(1)).fail(new Error('no database'));
    (await run(2)).fail(new Error('no database'));
    (await run(3)).end('more');
    (await run(4)).fail(new Error('again'));
    (await run(5)).end('idle');
    expect(rests).toEqual([1, 2, 1]);
    expect(logged).toMatchObject([
      { code: 'worker.failed', worker: 'test', failures: 1, retryInMs: 1, err: { message: 'no database' } },
      { code: 'worker.failed', failures: 2 },
      { code: 'worker.failed', failures: 1, err: { message: 'again' } },
    ]);
    await worker.stop(1000);
  });

  it('that throws before its first await does the same', async () => {
    let count = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    const { worker, logged } = opened({
      backoffMs: () => 1,
      work: () => {
        count += 1;
        if (count === 1) throw new Error('at once');
        resolve();
        return Promise.resolve('idle');
      },
    });
    worker.start();
    await promise;
    expect(logged).toHaveLength(1);
    await worker.stop(1000);
  });

  it('does not hurry after a failure because of a hint', async () => {
    const { worker, run, runs } = opened({ backoffMs: () => day });
    worker.start();
    (await run(1)).fail(new Error('no database'));
    for (let n = 0; n < 10; n += 1) {
      worker.wake();
      await new Promise(setImmediate);
    }
    expect(runs).toHaveLength(1);
    expect(await worker.stop(1000)).toBe('stopped');
  });

  it('lets the rest of the process have its turn however much there is to do', async () => {
    const { worker } = opened({ work: async () => 'more' });
    worker.start();
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(await worker.stop(1000)).toBe('stopped');
  });
});

describe('stopping', () => {
  it('tells the run under way, waits for it, and begins no other', async () => {
    const { worker, run, runs } = opened();
    worker.start();
    const first = await run(1);
    const stopped = worker.stop(60_000);
    expect(first.signal.aborted).toBe(true);
    worker.wake();
    first.end('more');
    expect(await stopped).toBe('stopped');
    worker.start();
    await new Promise(setImmediate);
    expect(runs).toHaveLength(1);
  });

  it('waits no longer than its limit', async () => {
    const { worker, run, logged } = opened();
    worker.start();
    await run(1);
    expect(await worker.stop(5)).toBe('still_working');
    expect(logged).toMatchObject([{ code: 'worker.still_working', worker: 'test' }]);
  });

  it('ends a rest, also one after a failure, and is done at once before any start', async () => {
    const idle = opened();
    idle.worker.start();
    (await idle.run(1)).end('idle');
    await new Promise(setImmediate);
    expect(await idle.worker.stop(60_000)).toBe('stopped');
    const failed = opened({ backoffMs: () => day });
    failed.worker.start();
    (await failed.run(1)).fail(new Error('no database'));
    await new Promise(setImmediate);
    expect(await failed.worker.stop(60_000)).toBe('stopped');
    expect(await opened().worker.stop(60_000)).toBe('stopped');
  });
});

it('rests after failures in a row for 100 ms, then twice as long each time, up to 30 s', () => {
  expect([1, 2, 3, 9, 10, 1000].map(backoffMs)).toEqual([100, 200, 400, 25_600, 30_000, 30_000]);
});
