import type { EngineLimits } from './limits.ts';

/** How long a place is kept for a delivery that is being created: a transaction that fails gives none back, ms. */
const keptMs = 10_000;

/** Places kept for the deliveries that one transaction creates. */
export interface Reservation {
  /** Keeps a place for a delivery to this webhook; false when there is none. */
  take(webhookId: string): boolean;
  /** The transaction has committed: what it keeps is free again, or in a line. */
  end(): void;
}

interface Kept {
  readonly until: number;
  readonly byWebhook: Map<string, number>;
}

type Limits = Pick<EngineLimits, 'leastPerWebhook' | 'inHandPerWebhook' | 'inHand' | 'inHandSize'>;

/**
 * How much a process has in hand, and for whom it has room. A webhook may always have `leastPerWebhook`; more, up to
 * `inHandPerWebhook`, while there are fewer than `inHand` in all and their bodies are not too large: slow receivers cannot take
 * the places of the others, nor the memory.
 */
export class Places {
  /** Leased to this process and not settled yet. */
  inHand = 0;
  /** Characters of the bodies that wait. */
  size = 0;
  readonly #limits: Limits;
  readonly #lengthOf: (webhookId: string) => number;
  readonly #monotonicNow: () => number;
  readonly #reservations = new Set<Kept>();
  readonly #keptFor = new Map<string, number>();
  #kept = 0;

  /** `lengthOf` tells how many of a webhook wait or are under way. */
  constructor(deps: {
    readonly limits: Limits;
    readonly lengthOf: (webhookId: string) => number;
    readonly monotonicNow: () => number;
  }) {
    this.#limits = deps.limits;
    this.#lengthOf = deps.lengthOf;
    this.#monotonicNow = deps.monotonicNow;
  }

  /** How many a webhook may have in hand, as things are. */
  get mostPerWebhook(): number {
    const { leastPerWebhook, inHandPerWebhook, inHand, inHandSize } = this.#limits;
    const spacious = this.inHand + this.#kept < inHand && this.size < inHandSize;
    return spacious ? inHandPerWebhook : Math.min(leastPerWebhook, inHandPerWebhook);
  }

  /**
   * How many of a webhook may be claimed now, where no more than `worthHaving` are to be in hand: nothing before its line is half empty, so that a claim is worth its statements. Places that
   * are kept do not count: they may be of a transaction that failed.
   */
  roomFor(webhookId: string, worthHaving: number): number {
    const most = Math.min(this.mostPerWebhook, worthHaving);
    const length = this.#lengthOf(webhookId);
    return length > 0 && length * 2 > most ? 0 : most - length;
  }

  /** Begins to keep places for a transaction. */
  reserve(): Reservation {
    const now = this.#monotonicNow();
    for (const old of this.#reservations) {
      if (old.until > now) break;
      this.#end(old);
    }
    const kept: Kept = { until: now + keptMs, byWebhook: new Map() };
    return {
      take: (webhookId) => {
        const most = this.mostPerWebhook;
        const keptFor = this.#keptFor.get(webhookId) ?? 0;
        if (this.#lengthOf(webhookId) + keptFor >= most) return false;
        this.#reservations.add(kept);
        kept.byWebhook.set(webhookId, (kept.byWebhook.get(webhookId) ?? 0) + 1);
        this.#keptFor.set(webhookId, keptFor + 1);
        this.#kept++;
        return true;
      },
      end: () => this.#end(kept),
    };
  }

  #end(kept: Kept): void {
    if (!this.#reservations.delete(kept)) return;
    for (const [webhookId, count] of kept.byWebhook) {
      const left = (this.#keptFor.get(webhookId) ?? 0) - count;
      if (left > 0) this.#keptFor.set(webhookId, left);
      else this.#keptFor.delete(webhookId);
      this.#kept -= count;
    }
  }
}
