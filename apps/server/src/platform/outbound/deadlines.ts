/** Something that must have ended at a time of the monotonic clock (`performance.now()`). */
export interface Expiring {
  readonly deadline: number;
  expire(): void;
}

/** How late an expiry may come, in milliseconds, on an event loop that is not busy. */
const stepMs = 25;

/**
 * The deadlines of everything under way, watched by one timer: adding and removing is a set operation, where a timer
 * for each request costs several times as much. The timer rests while nothing is watched.
 */
export class Deadlines {
  private readonly watched = new Set<Expiring>();
  private timer: NodeJS.Timeout | undefined;

  /** Calls `item.expire()` once its deadline has passed, unless it is removed before. */
  add(item: Expiring): void {
    this.watched.add(item);
    this.timer ??= setInterval(() => this.step(), stepMs).unref();
  }

  delete(item: Expiring): void {
    this.watched.delete(item);
  }

  private step(): void {
    if (this.watched.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
      return;
    }
    // After a stall of the event loop the answer may already lie in the socket: an immediate runs once it was read.
    setImmediate(() => {
      const now = performance.now();
      for (const item of this.watched) {
        if (item.deadline > now) continue;
        this.watched.delete(item);
        item.expire();
      }
    });
  }
}
