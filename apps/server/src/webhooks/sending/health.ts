/** How it went lately with a webhook. Times are ms UTC. */
export interface Health {
  /** Attempts that failed since the last success. */
  readonly failures: number;
  /** When the first of them ended; null: healthy. */
  readonly failingSince: number | null;
  readonly lastFailureAt: number | null;
  /** When the last one ended of the last day (UTC) with failures before that of `lastFailureAt`; null: there is none. */
  readonly earlierFailureAt: number | null;
  /** On how many days (UTC) some of them ended. */
  readonly failingDays: number;
  /** How often in a row it was left to rest. */
  readonly rests: number;
  /** When one delivery is tried; null: it does not rest. */
  readonly restingUntil: number | null;
}

/** Nothing failed since the last success. */
export const healthy: Health = {
  failures: 0,
  failingSince: null,
  lastFailureAt: null,
  earlierFailureAt: null,
  failingDays: 0,
  rests: 0,
  restingUntil: null,
};

/** What an attempt tells of the health of its webhook. */
export interface Tried {
  readonly failed: boolean;
  /** It was the one that a resting webhook is tried with. */
  readonly probe: boolean;
  /** When it ended, ms UTC. */
  readonly at: number;
  /** How long the receiver asked for, ms. */
  readonly retryAfterMs: number;
}

/** So many failures in a row, and nothing more is sent but a probe now and then. */
export const failuresBeforeRest = 10;

const firstRestMs = 5_000;
const longestRestMs = 15 * 60_000;

/** How long the nth rest in a row lasts, ms: 5 s, doubling up to 15 min. */
export function restMs(rests: number): number {
  return Math.min(firstRestMs * 2 ** (rests - 1), longestRestMs);
}

/** The health after an attempt. What was under way when the rest began makes it no longer. */
export function healthAfter(health: Health, tried: Tried): Health {
  if (!tried.failed) return healthy;
  const failures = health.failures + 1;
  const newDay = isNewDay(health.lastFailureAt, tried.at);
  const failed = {
    ...health,
    failures,
    failingSince: health.failingSince ?? tried.at,
    lastFailureAt: Math.max(health.lastFailureAt ?? 0, tried.at),
    earlierFailureAt: newDay ? health.lastFailureAt : health.earlierFailureAt,
    failingDays: health.failingDays + (newDay ? 1 : 0),
  };
  const rests = tried.probe || (health.restingUntil === null && failures >= failuresBeforeRest);
  if (!rests) return failed;
  const ms = Math.max(restMs(health.rests + 1), tried.retryAfterMs);
  return { ...failed, rests: health.rests + 1, restingUntil: tried.at + ms };
}

function isNewDay(last: number | null, at: number): boolean {
  return last === null || Math.floor(at / 86_400_000) > Math.floor(last / 86_400_000);
}
