const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** How long to wait after each attempt that a provider surely did not take, ms; about a day in all. */
const delays = [
  30 * second,
  2 * minute,
  10 * minute,
  30 * minute,
  hour,
  2 * hour,
  4 * hour,
  8 * hour,
  8 * hour,
] as const;

/**
 * When to try again after attempt `number` (the first is 1) was deferred, ms UTC, ± 10 % so that messages do not come back all at once;
 * null when it was the last. `random` is in [0, 1).
 */
export function nextAttemptAt(number: number, now: number, random: number): number | null {
  const delay = delays[number - 1];
  return delay === undefined ? null : Math.round(now + delay * (0.9 + 0.2 * random));
}
