import { Temporal } from 'temporal-polyfill';

/** A zone's local times around some days, for arithmetic on many of them. Local times are as ms of the same time in UTC. */
export interface Zone {
  /** When a local time is, ms UTC: the earlier one where it comes twice; undefined where the clocks skip it. */
  at(local: number): number | undefined;
  /** As `at`; where the clocks skip the time, the moment at which they do. */
  notBefore(local: number): number;
  /** An instant as `2026-12-01T14:00:00+01:00`. */
  iso(instant: number): string;
}

interface Stretch {
  readonly from: number;
  readonly until: number;
  readonly offset: number;
}

const dayMs = 86_400_000;

/** The numbers below sixty with two digits: a year of slots has tens of thousands of them. */
const twoDigits = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));
const two = (value: number) => twoDigits[Math.floor(value)] ?? '';

/** `+01:00` */
function offsetText(offset: number): string {
  const minutes = Math.abs(offset) / 60_000;
  return `${offset < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** Zones that are remembered: to ask for the changes of one takes a quarter of a millisecond. */
const mostRemembered = 200;
const remembered = new Map<string, Zone>();

/**
 * The local times of an IANA zone from `date` (YYYY-MM-DD) on. It asks the zone only where its offset changes, a few times
 * a year, and remembers what it was told, because asking it for each of a year's slots takes tens of milliseconds.
 */
export function zoneFrom(timeZone: string, date: string): Zone {
  const year = date.slice(0, 4);
  const key = `${timeZone} ${year}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const zone = zoneOfYear(timeZone, year);
  const [oldest] = remembered.keys();
  if (remembered.size >= mostRemembered && oldest !== undefined) remembered.delete(oldest);
  remembered.set(key, zone);
  return zone;
}

/** The local times of a zone from the beginning of a year on, at least. */
function zoneOfYear(timeZone: string, year: string): Zone {
  let ahead: Temporal.ZonedDateTime | null = Temporal.PlainDate.from(`${year}-01-01`)
    .toZonedDateTime(timeZone)
    .subtract({ hours: 48 });
  const stretches: Stretch[] = [];

  function stretch(index: number): Stretch | undefined {
    while (stretches.length <= index && ahead !== null) {
      const change: Temporal.ZonedDateTime | null = ahead.getTimeZoneTransition('next');
      const offset = ahead.offsetNanoseconds / 1_000_000;
      stretches.push({
        from: ahead.epochMilliseconds,
        until: change?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
        offset,
      });
      ahead = change;
    }
    return stretches[index];
  }

  function place(local: number): { instant: number; skipped: boolean } {
    for (let index = 0; ; index++) {
      const each = stretch(index);
      if (each === undefined) throw new RangeError(`A local time before ${year} was asked for`);
      const instant = local - each.offset;
      if (instant >= each.until) continue;
      return instant >= each.from ? { instant, skipped: false } : { instant: each.from, skipped: true };
    }
  }

  // Most that are asked for are of the day of the one before.
  let written = { day: Number.NaN, date: '' };

  /** Ten times as fast as to have each date written anew. */
  function textOf(local: number): string {
    const day = Math.floor(local / dayMs);
    if (day !== written.day) written = { day, date: dateOf(local) };
    const seconds = Math.floor((local - day * dayMs) / 1000);
    return `${written.date}T${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
  }

  return {
    at(local) {
      const { instant, skipped } = place(local);
      return skipped ? undefined : instant;
    },
    notBefore: (local) => place(local).instant,
    iso(instant) {
      let index = 0;
      for (let each = stretch(index); each !== undefined && instant >= each.until; each = stretch(index)) index++;
      const offset = stretch(index)?.offset ?? 0;
      return `${textOf(instant + offset)}${offsetText(offset)}`;
    },
  };
}

/** Midnight of a date, and a time of day, as local ms. */
export function localMs(date: string, time = '00:00'): number {
  return Date.parse(`${date}T${time}:00Z`);
}

/** True for a day of the calendar as YYYY-MM-DD. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const midnight = localMs(text);
  return !Number.isNaN(midnight) && dateOf(midnight) === text;
}

/** The date of a local time. */
export function dateOf(local: number): string {
  return new Date(local).toISOString().slice(0, 10);
}

/** The days from one date to another, both included. */
export function* daysBetween(from: string, to: string): Generator<string> {
  const end = localMs(to);
  for (let day = localMs(from); day <= end; day += dayMs) yield dateOf(day);
}

/** How many days a range has, both ends included; not positive when it ends before it starts. */
export function dayCount(from: string, to: string): number {
  return (localMs(to) - localMs(from)) / dayMs + 1;
}

/** ISO number of a date's weekday: Monday is 1. */
export function weekdayOf(date: string): number {
  return new Date(localMs(date)).getUTCDay() || 7;
}
