import type { Db } from '../platform/db/index.ts';

/** How far the order of events is settled: below `settled` no event can appear any more. */
export interface Horizon {
  readonly settled: number;
  /** The last place that was taken. */
  readonly last: number;
  /** Something was under way that may be committed below what was last begun: look again soon. */
  readonly behind: boolean;
}

interface Look {
  readonly last: number;
  readonly next: number;
}

/**
 * Tells how far the order of events is settled. Where transactions run side by side, an event may be committed after one that is
 * later in the order: places are taken when events are written, not when they are committed. So the last place that anybody took is read,
 * then the number that the next transaction will get: once all transactions with smaller numbers have ended, whatever has a place up to
 * that one is there, or never will be. That a transaction of another database of the server is under way holds it up as well.
 */
export function createHorizon(db: Db): () => Promise<Horizon> {
  const { sideBySide } = db.dialect;
  if (sideBySide === null) return async () => ({ settled: Number.MAX_SAFE_INTEGER, last: 0, behind: false });
  const { lastTaken, nextTransaction, oldestTransaction } = sideBySide;
  let settled = 0;
  // What an earlier look waits for, so that many looks in a row get somewhere although something is always under way.
  let waiting: Look | undefined;

  return async () => {
    const [taken] = await db.all<{ last: number }>(`select ${lastTaken('events')} as last`);
    const [under] = await db.all<{ next: number; oldest: number }>(
      `select ${nextTransaction} as next, ${oldestTransaction} as oldest`,
    );
    if (taken === undefined || under === undefined) return { settled, last: settled + 1, behind: true };
    const { last } = taken;
    const { next, oldest } = under;
    if (oldest >= next) {
      settled = Math.max(settled, last);
    } else {
      if (waiting !== undefined && oldest >= waiting.next) {
        settled = Math.max(settled, waiting.last);
        waiting = undefined;
      }
      waiting ??= { last, next };
    }
    return { settled, last, behind: settled < last };
  };
}
