import type { Listener } from '../../changes/index.ts';
import type { Db } from '../../platform/db/index.ts';

/** Told when events have been recorded, in whichever process. */
export interface Arrivals {
  /** To be told of events by `changes`: it passes on that there are some while anybody waits for them, and costs nothing otherwise. */
  readonly listener: Listener;
  /** How often something has arrived: to be asked before looking whether it is there already. */
  readonly count: number;
  /** Waits until more has arrived than `seen`, at most `ms`, or until the signal; makes it known to other processes that somebody does. */
  wait(rest: { readonly seen: number; readonly ms: number; readonly signal: AbortSignal }): Promise<void>;
  /** Begins to listen. */
  start(): void;
  /** Ends every wait, now and from now on. */
  end(): void;
  readonly ended: boolean;
}

/** Somebody who waits says so again after so many ms, and is believed to wait for three times as long. */
const sayAgainMs = 10_000;

/** See `Arrivals`. `monotonicNow` gives ms. */
export function createArrivals(db: Db, monotonicNow: () => number = () => performance.now()): Arrivals {
  let expectedUntil = Number.NEGATIVE_INFINITY;
  let saidAt = Number.NEGATIVE_INFINITY;
  let ended = false;
  let count = 0;
  const waiting = new Set<() => void>();

  function arrived(): void {
    count++;
    for (const wake of waiting) wake();
  }

  function believe(): void {
    expectedUntil = monotonicNow() + 3 * sayAgainMs;
  }

  function expect(): void {
    believe();
    if (monotonicNow() - saidAt < sayAgainMs) return;
    saidAt = monotonicNow();
    db.notify('events expected');
  }

  return {
    listener: {
      async recorded(tx) {
        if (monotonicNow() < expectedUntil) tx.afterCommit(() => db.notify('events'));
      },
    },
    get count() {
      return count;
    },
    async wait({ seen, ms, signal }) {
      expect();
      if (ended || count !== seen || signal.aborted) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const wake = () => resolve();
      const timer = setTimeout(wake, ms);
      waiting.add(wake);
      signal.addEventListener('abort', wake);
      await promise;
      clearTimeout(timer);
      waiting.delete(wake);
      signal.removeEventListener('abort', wake);
    },
    start() {
      db.listen('events', arrived);
      db.listen('events expected', believe);
    },
    end() {
      ended = true;
      arrived();
    },
    get ended() {
      return ended;
    },
  };
}
