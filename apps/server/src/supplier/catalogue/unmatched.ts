import { daysBetween, localMs, weekdayOf } from '../slots/zone.ts';
import type { OptionDefinition, Schedule, Season } from './definition.ts';

const weekMs = 7 * 86_400_000;
const names = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

const timesOf = (schedule: Schedule) => (schedule.type === 'START_TIME' ? schedule.startTimes : []);
const weekdaysOf = (schedule: Schedule) =>
  schedule.type === 'START_TIME' ? schedule.weekdays : schedule.hours.flatMap((hours) => hours.weekdays);

/** The days that both seasons cover; it may have none. */
function overlap(one: Season, other: Season): Season {
  const from = one.from === null || (other.from !== null && one.from < other.from) ? other.from : one.from;
  const to = one.to === null || (other.to !== null && other.to < one.to) ? other.to : one.to;
  return { from, to };
}

/** Whether one of the weekdays falls on one of the days. */
function occurs({ from, to }: Season, weekdays: readonly number[]): boolean {
  if (weekdays.length === 0 || (from !== null && to !== null && to < from)) return false;
  // A week has every weekday.
  if (from === null || to === null || localMs(to) - localMs(from) >= weekMs) return true;
  return [...daysBetween(from, to)].some((day) => weekdays.includes(weekdayOf(day)));
}

/** Whether an option with these schedules takes place on one of the weekdays in a season. */
const takesPlace = (schedules: readonly Schedule[], season: Season, weekdays: readonly number[]): boolean =>
  schedules.some((schedule) =>
    occurs(
      overlap(schedule.season, season),
      weekdaysOf(schedule).filter((day) => weekdays.includes(day)),
    ),
  );

const anyWeekday = [1, 2, 3, 4, 5, 6, 7];
const named = (weekdays: readonly number[]) => weekdays.map((day) => names[day - 1]).join(', ');
const spelt = ({ from, to }: Season) =>
  [from === null ? [] : `from ${from}`, to === null ? [] : `to ${to}`].flat().join(' ') || 'at any time';

function seasonProblems({ id, seasons = [] }: OptionDefinition): string[] {
  return seasons.flatMap(({ season, ...schedule }, index) => {
    const weekdays = weekdaysOf({ season, ...schedule } as Schedule);
    if (!occurs(season, weekdays)) {
      return [`The option ${id} has a season ${spelt(season)}, in which no ${named(weekdays)} falls.`];
    }
    const hidden = seasons.slice(index + 1).some((later) => {
      const both = overlap(later.season, season);
      return both.from === season.from && both.to === season.to;
    });
    return hidden ? [`The option ${id} has a season ${spelt(season)}, all of which a later season covers.`] : [];
  });
}

/** The schedules that have each start time. */
function starting(schedules: readonly Schedule[]): ReadonlyMap<string, ReadonlySet<Schedule>> {
  const byTime = new Map<string, Set<Schedule>>();
  for (const schedule of schedules) {
    for (const time of timesOf(schedule)) {
      const known = byTime.get(time);
      if (known === undefined) byTime.set(time, new Set([schedule]));
      else known.add(schedule);
    }
  }
  return byTime;
}

function capacityProblems({ id, schedule, seasons = [], capacities = [] }: OptionDefinition): string[] {
  const schedules = [schedule, ...seasons];
  const byTime = starting(schedules);
  return capacities.flatMap(({ weekdays, startTimes, season }) => {
    const unknown = (startTimes ?? []).filter((time) => !byTime.has(time));
    if (unknown.length > 0) {
      return [`The option ${id} has a capacity for ${unknown.join(', ')}, at which none of its schedules starts.`];
    }
    const meant = startTimes?.flatMap((time) => [...(byTime.get(time) ?? [])]) ?? schedules;
    if (takesPlace([...new Set(meant)], season, weekdays)) return [];
    const at = startTimes === null ? '' : ` at ${startTimes.join(', ')}`;
    return [`The option ${id} has a capacity for ${named(weekdays)}${at} ${spelt(season)}, when it never takes place.`];
  });
}

function closureProblems({ id, schedule, seasons = [], closures = [] }: OptionDefinition): string[] {
  return closures
    .filter((closure) => !takesPlace([schedule, ...seasons], closure, anyWeekday))
    .map(({ from, to }) => `The option ${id} is closed from ${from} to ${to}, when it never takes place.`);
}

/** Start times that the rules of capacity of an option may name, all together: a calendar goes through them day by day. */
const mostTimesRuled = 5_000;

/** What makes the rules of an option too many to be worked with, as a sentence. */
function tooManyTimes({ id, capacities = [] }: OptionDefinition): string[] {
  const times = capacities.reduce((sum, { startTimes }) => sum + (startTimes?.length ?? 0), 0);
  if (times <= mostTimesRuled) return [];
  return [`The option ${id} has capacities for ${times} start times, all together; at most ${mostTimesRuled} can be.`];
}

/**
 * The seasons, rules of capacity and closures of an option that no slot can ever fall under, as sentences: what an operator writes
 * is meant to have an effect. Those that end before they begin have problems of their own, and where the rules are too many that is all.
 */
export function unmatched(option: OptionDefinition): string[] {
  const tooMany = tooManyTimes(option);
  if (tooMany.length > 0) return tooMany;
  return [...seasonProblems(option), ...capacityProblems(option), ...closureProblems(option)];
}
