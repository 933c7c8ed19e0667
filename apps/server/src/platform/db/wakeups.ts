/** Listeners by channel, in this process. */
export class Wakeups {
  readonly #listeners = new Map<string, Set<() => void>>();

  /** Adds a listener. Returns what removes it. */
  add(channel: string, wake: () => void): () => void {
    // Its own function, so that one `wake` may be added twice.
    const listener = () => wake();
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(channel) === listeners) this.#listeners.delete(channel);
    };
  }

  /** Calls the listeners of a channel, after the code that is running. */
  wake(channel: string): void {
    for (const listener of this.#listeners.get(channel) ?? []) queueMicrotask(listener);
  }

  /** Calls every listener. */
  wakeAll(): void {
    for (const channel of this.#listeners.keys()) this.wake(channel);
  }
}

/** Calls `send` for a channel at once, then at most once per `ms`: what comes meanwhile is one more call at the end. */
export class Coalesced {
  readonly #send: (channel: string) => void;
  readonly #ms: number;
  readonly #resting = new Map<string, { again: boolean; timer: NodeJS.Timeout }>();

  constructor(send: (channel: string) => void, ms = 10) {
    this.#send = send;
    this.#ms = ms;
  }

  /** Asks for a call. */
  request(channel: string): void {
    const resting = this.#resting.get(channel);
    if (resting === undefined) this.#call(channel);
    else resting.again = true;
  }

  /** Drops calls that have not been made. */
  stop(): void {
    for (const { timer } of this.#resting.values()) clearTimeout(timer);
    this.#resting.clear();
  }

  #call(channel: string): void {
    const timer = setTimeout(() => {
      const rested = this.#resting.get(channel);
      this.#resting.delete(channel);
      if (rested?.again) this.#call(channel);
    }, this.#ms);
    this.#resting.set(channel, { again: false, timer });
    this.#send(channel);
  }
}
