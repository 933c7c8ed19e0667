import { Temporal } from 'temporal-polyfill';
import type { VisitOccasion } from './campaign.ts';
import type { Offset, QuietHours } from './rule.ts';

/** When guests come and go, ms UTC, and where: an IANA zone. */
export interface VisitTime {
  readonly startsAt: number;
  readonly endsAt: number;
  readonly timeZone: string;
}

/**
 * The moment of an e-mail that goes by a visit, ms UTC: from its start (`visit_ahead`) or end (`visit_over`), so many days by the calendar
 * of the venue, at the same time of day there or at the one that is told, and so many minutes from that. Where the clocks skip that
 * time, the moment is later by as much as they skip; where it comes twice, it is the first.
 */
export function momentOf(occasion: VisitOccasion, offset: Offset, visit: VisitTime): number {
  const from = occasion === 'visit_ahead' ? visit.startsAt : visit.endsAt;
  const local = Temporal.Instant.fromEpochMilliseconds(from)
    .toZonedDateTimeISO(visit.timeZone)
    .add({ days: offset.days });
  const there = offset.at === undefined ? local : local.withPlainTime(Temporal.PlainTime.from(offset.at));
  return there.epochMilliseconds + offset.minutes * 60_000;
}

/** No further from what an offset says in days and minutes than this is its moment, ms: a time of day that is told moves it by less than a day, a change of the clocks by an hour or two. */
export const offsetSlackMs = 26 * 3_600_000;

/** What an offset says in days of 24 hours and minutes, ms. */
export const roughly = ({ days, minutes }: Offset): number => days * 86_400_000 + minutes * 60_000;

/** When the quiet hours end that `now` (ms UTC) is in, in an IANA zone; null outside of them. */
export function quietUntil(quiet: QuietHours | null, now: number, timeZone: string): number | null {
  if (quiet === null) return null;
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone);
  const clock = local.toPlainTime().toString({ smallestUnit: 'minute' });
  const { from, to } = quiet;
  const overnight = from > to;
  const isQuiet = overnight ? clock >= from || clock < to : clock >= from && clock < to;
  if (!isQuiet) return null;
  const day = overnight && clock >= from ? local.add({ days: 1 }) : local;
  const end = day.withPlainTime(Temporal.PlainTime.from(to)).epochMilliseconds;
  // Where the clocks go back over the end, it is over once.
  return end > now ? end : null;
}
