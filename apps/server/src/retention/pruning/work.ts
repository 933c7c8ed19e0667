import { setTimeout as resting } from 'node:timers/promises';
import type { Db } from '../../platform/db/index.ts';
import type { Found } from '../../platform/worker/index.ts';
import { type KeptDays, pastOf } from './kept.ts';
import { advanceSweep, type SweepName, takeSweep } from './sweep.ts';
import { sweeps } from './sweeps.ts';

/** A sweep that came to the end of what is old enough goes on after so long, ms, with what has become so. */
const restMs = 3_600_000;
/** It begins anew after so long, ms: what it had to leave may not be needed any more. */
const anewMs = 24 * 3_600_000;

/**
 * One run of the work that prunes what is older than it is kept: a portion of each sweep, each in a short transaction that holds the
 * sweep's row, so that of several processes one has it at a time, and a crash repeats a portion at most. `pause` waits after a portion for
 * as long as it took, so that what is sent meanwhile has half the database at least.
 */
export function pruningWork(deps: {
  readonly db: Db;
  readonly kept: KeptDays;
  readonly now: () => number;
  readonly pause?: (ms: number) => Promise<void>;
}): (signal?: AbortSignal) => Promise<Found> {
  const { db, kept, now, pause = resting } = deps;
  const days: Readonly<Record<SweepName, number>> = { ...kept, versions: kept.deliveries };

  /** Whether there is more to do at once. */
  function portionOf(name: SweepName): Promise<boolean> {
    const before = pastOf(days[name], now());
    if (before === null) return Promise.resolve(false);
    return db.transaction(async (tx) => {
      const swept = await takeSweep(tx, name, now());
      if (swept === undefined) return false;
      const isAnew = swept.rested && swept.begunAt + anewMs <= now();
      const begunAt = isAnew || swept.begunAt === 0 ? now() : swept.begunAt;
      const { seen, isEnd } = await sweeps[name](tx, { seen: isAnew ? '' : swept.seen, before });
      advanceSweep(tx, name, { seen, begunAt, nextAt: isEnd ? now() + restMs : 0 });
      return !isEnd;
    });
  }

  return async (signal) => {
    let more = false;
    for (const name of Object.keys(sweeps) as SweepName[]) {
      if (signal?.aborted) break;
      const begun = performance.now();
      if (!(await portionOf(name))) continue;
      more = true;
      await pause(performance.now() - begun);
    }
    return more ? 'more' : 'idle';
  };
}
