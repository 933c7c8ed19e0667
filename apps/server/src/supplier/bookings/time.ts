import { done, type Result, unprocessable } from '../refusal.ts';

/** The longest that a hold can be asked to last, in minutes: a day. Longer wishes are cut to it (OCTO lets the supplier cap). */
const longestHoldMinutes = 1_440;

/** An instant (ms UTC) as OCTO has it, with milliseconds. */
export function utc(instant: number): string {
  return new Date(instant).toISOString();
}

/** When something that was last changed at `previous` counts as changed at `now`: always later, also when clocks differ. */
export function laterThan(previous: string, now: number): string {
  return utc(Math.max(now, Date.parse(previous) + 1));
}

/** Until when a hold that is restarted at `now` for so many minutes lasts, ms UTC. */
export function heldFor(now: number, minutes: number): Result<number> {
  if (!(minutes > 0)) return unprocessable('expirationMinutes must be more than 0.');
  return done(now + Math.min(minutes, longestHoldMinutes) * 60_000);
}

/** As `heldFor`; without minutes, the supplier's usual time. */
export function holdUntil(now: number, minutes: number | undefined, holdSeconds: number): Result<number> {
  return minutes === undefined ? done(now + holdSeconds * 1000) : heldFor(now, minutes);
}
