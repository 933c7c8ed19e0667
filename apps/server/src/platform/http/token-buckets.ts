/** How often something may happen for one key: `burst` at once, then `perSecond`. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Whether one more may happen now; if not, how long to wait, ms. */
export type Taken = { readonly allowed: true } | { readonly allowed: false; readonly waitMs: number };

/** A bucket of tokens for each key. `take` uses one up. */
export interface TokenBuckets {
  take(key: string): Taken;
}

/** Keys that are remembered; a key that is forgotten starts with a full bucket. */
const maxKeys = 10_000;

/** Token buckets kept in this process; `now` gives ms. */
export function tokenBuckets(rate: Rate, now: () => number): TokenBuckets {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(key) {
      const at = now();
      const known = buckets.get(key);
      // A clock that was set back must not take tokens away.
      const gained = known === undefined ? 0 : (Math.max(0, at - known.at) / 1000) * rate.perSecond;
      const tokens = known === undefined ? rate.burst : Math.min(rate.burst, known.tokens + gained);
      const allowed = tokens >= 1;
      // Deleted first, so that the map's order is the order of use and the first key is the longest unused.
      buckets.delete(key);
      buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, at });
      const [oldest] = buckets.keys();
      if (buckets.size > maxKeys && oldest !== undefined) buckets.delete(oldest);
      return allowed ? { allowed } : { allowed, waitMs: Math.ceil(((1 - tokens) / rate.perSecond) * 1000) };
    },
  };
}
