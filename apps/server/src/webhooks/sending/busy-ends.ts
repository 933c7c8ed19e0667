/** How often in a row deliveries have found no connection free, as this process knows it. */
export class BusyEnds {
  readonly #counts = new Map<string, number>();
  readonly #limit: number;

  /** Remembers at most `limit` deliveries, and forgets the oldest first. */
  constructor(limit = 10_000) {
    this.#limit = limit;
  }

  /** Takes note of how an attempt ended; gives how often in a row the ones before it had ended busy. */
  count(deliveryId: string, busy: boolean): number {
    // Nothing to look up in the common case.
    if (!busy && this.#counts.size === 0) return 0;
    const before = this.#counts.get(deliveryId) ?? 0;
    this.#counts.delete(deliveryId);
    if (!busy) return before;
    const [oldest] = this.#counts.keys();
    if (this.#counts.size >= this.#limit && oldest !== undefined) this.#counts.delete(oldest);
    this.#counts.set(deliveryId, before + 1);
    return before;
  }
}
