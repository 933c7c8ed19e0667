import type { BookingDocument } from '@carillon/contract';
import { done, type Result, unprocessable } from '../refusal.ts';

/** The longest that a hold lasts in all, however often it is extended, ms: a day (OCTO lets the supplier cap). */
const longestHoldMs = 86_400_000;

/** An instant (ms UTC) as OCTO has it, with milliseconds. */
export function utc(instant: number): string {
  return new Date(instant).toISOString();
}

/** When something that was last changed at `previous` counts as changed at `now`: always later, also when clocks differ. */
export function laterThan(previous: string, now: number): string {
  return utc(Math.max(now, Date.parse(previous) + 1));
}

/** What limits a hold: when it was made, and the slot that it holds places of. */
export type Limited = Pick<BookingDocument, 'utcCreatedAt' | 'availability'>;

/** The latest that a hold can last to, ms UTC: a day from when it was made, and not past the time until which its slot is sold. */
export function lastExpiry({ utcCreatedAt, availability }: Limited): number {
  const soldUntil = availability === null ? Number.POSITIVE_INFINITY : Date.parse(availability.utcCutoffAt);
  return Math.min(Date.parse(utcCreatedAt) + longestHoldMs, soldUntil);
}

/** Until when a hold that is restarted at `now` for so long (ms) lasts, ms UTC: what is longer than it can be is cut. */
export function holdFor(hold: Limited, now: number, ms: number): Result<number> {
  return ms > 0 ? done(Math.min(now + ms, lastExpiry(hold))) : unprocessable('expirationMinutes must be more than 0.');
}

/** As `holdFor`, for the minutes asked for, else for the supplier's usual time. */
export function holdUntil(
  hold: Limited,
  now: number,
  minutes: number | undefined,
  holdSeconds: number,
): Result<number> {
  return holdFor(hold, now, minutes === undefined ? holdSeconds * 1000 : minutes * 60_000);
}
