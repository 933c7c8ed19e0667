import type { Db } from './platform/db/index.ts';
import type { Log } from './platform/log/index.ts';
import { createWorker, type Found } from './platform/worker/index.ts';

/** Work that is done again and again. */
export interface Work {
  readonly name: string;
  /** How long it rests at most, ms. */
  readonly pollMs: number;
  /** Notifications of the database that end its rest. */
  readonly wokenBy?: readonly string[];
  readonly work: () => Promise<Found>;
}

/** The workers of a process. */
export interface Workers {
  start(): void;
  /** Waits for what is under way, at most `limitMs`. */
  stop(limitMs: number): Promise<void>;
}

/** Makes a worker of each. */
export function createWorkers(
  { db, log, now }: { readonly db: Db; readonly log: Log; readonly now: () => number },
  works: readonly Work[],
): Workers {
  const workers = works.map(({ wokenBy = [], ...work }) => ({ wokenBy, worker: createWorker({ ...work, log, now }) }));
  return {
    start() {
      for (const { worker, wokenBy } of workers) {
        for (const channel of wokenBy) db.listen(channel, worker.wake);
        worker.start();
      }
    },
    async stop(limitMs) {
      await Promise.all(workers.map(({ worker }) => worker.stop(limitMs)));
    },
  };
}
