import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Clock, systemClock } from '../clock/index.ts';
import type { Log } from '../log/index.ts';
import { backoffMs } from './backoff.ts';

/** What a run found: `more` to do at once, nothing until the next poll, or nothing until a time (or the next poll). */
export type Found = 'more' | 'idle' | Date;

/** What a worker is made of. */
export interface WorkerInput {
  /** For log lines. */
  readonly name: string;
  /** How long it rests at most between two runs, in milliseconds: what makes it correct without any hint. */
  readonly pollMs: number;
  /** One run, a bounded piece of work. The signal says that the worker is stopping. */
  readonly work: (signal: AbortSignal) => Promise<Found>;
  readonly log: Pick<Log, 'error' | 'warn'>;
  /** Milliseconds to rest after so many failures in a row; by default 100, doubling up to 30,000. */
  readonly backoffMs?: (failures: number) => number;
  readonly now?: Clock;
}

/** A loop that does work again and again, never two runs at once. */
export interface Worker {
  /** Begins with a run at once; does nothing if it has begun. */
  start(): void;
  /** Hints that there is work: ends the rest, or has another run follow the one under way. Rest after a failure stays. */
  wake(): void;
  /** Begins no more runs; waits for the one under way, at most `limitMs`, and tells whether it ended. Final. */
  stop(limitMs: number): Promise<'stopped' | 'still_working'>;
}

/** Makes a worker of functions; it knows nothing of what they do. A run that throws is logged and tried again. */
export function createWorker(input: WorkerInput): Worker {
  const { name, pollMs, work, log, now = systemClock } = input;
  const stopping = new AbortController();
  let ended: Promise<void> | undefined;
  let woken = false;
  let endRest: ((why: 'woken' | 'stopping') => void) | undefined;

  async function loop(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      woken = false;
      try {
        const found = await work(stopping.signal);
        failures = 0;
        if (found !== 'more' && !woken) await rest(found === 'idle' ? pollMs : found.getTime() - now(), true);
      } catch (err) {
        failures += 1;
        const retryInMs = (input.backoffMs ?? backoffMs)(failures);
        log.error({ code: 'worker.failed', worker: name, failures, retryInMs, err }, 'a run failed');
        await rest(retryInMs, false);
      }
      // Work without any waiting of its own would otherwise starve the rest of the process.
      await nextTurn();
    }
  }

  function rest(ms: number, wakeable: boolean): Promise<void> {
    if (ms <= 0 || stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        endRest = undefined;
        resolve();
      };
      const timer = setTimeout(end, wakeable ? Math.min(ms, pollMs) : ms);
      endRest = (why) => {
        if (wakeable || why === 'stopping') end();
      };
    });
  }

  return {
    start() {
      if (!stopping.signal.aborted) ended ??= loop();
    },
    wake() {
      woken = true;
      endRest?.('woken');
    },
    async stop(limitMs) {
      stopping.abort();
      endRest?.('stopping');
      const { promise: limit, resolve } = Promise.withResolvers<'still_working'>();
      const timer = setTimeout(resolve, limitMs, 'still_working');
      const outcome = await Promise.race([Promise.resolve(ended).then(() => 'stopped' as const), limit]);
      clearTimeout(timer);
      if (outcome === 'still_working')
        log.warn({ code: 'worker.still_working', worker: name, limitMs }, 'not waited for');
      return outcome;
    },
  };
}
