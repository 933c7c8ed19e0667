import { daysBetween, localMs, weekdayOf } from '../slots/zone.ts';
import type { OptionDefinition, Schedule, Season } from './definition.ts';

const weekMs = 7 * 86_400_000;
const names = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

const timesOf = (schedule: Schedule) => (schedule.type === 'START_TIME' ? schedule.startTimes : []);
const weekdaysOf = (schedule: Schedule) =>
  schedule.type === 'START_TIME' ? schedule.weekdays : schedule.hours.flatMap((hours) => hours.weekdays);

/** The days that both seasons cover; it may have none. */
function overlap(one: Season, other: Season): Season {
  const froms = [one.from, other.from].filter((day) => day !== null).sort();
  const tos = [one.to, other.to].filter((day) => day !== null).sort();
  return { from: froms.at(-1) ?? null, to: tos.at(0) ?? null };
}

/** Whether one of the weekdays falls on one of the days. */
function occurs({ from, to }: Season, weekdays: readonly number[]): boolean {
  if (weekdays.length === 0) return false;
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

function capacityProblems({ id, schedule, seasons = [], capacities = [] }: OptionDefinition): string[] {
  const schedules = [schedule, ...seasons];
  return capacities.flatMap(({ weekdays, startTimes, season }) => {
    const unknown = (startTimes ?? []).filter((time) => !schedules.some((each) => timesOf(each).includes(time)));
    if (unknown.length > 0) {
      return [`The option ${id} has a capacity for ${unknown.join(', ')}, at which none of its schedules starts.`];
    }
    const starting =
      startTimes === null
        ? schedules
        : schedules.filter((each) => timesOf(each).some((time) => startTimes.includes(time)));
    if (takesPlace(starting, season, weekdays)) return [];
    const at = startTimes === null ? '' : ` at ${startTimes.join(', ')}`;
    return [`The option ${id} has a capacity for ${named(weekdays)}${at} ${spelt(season)}, when it never takes place.`];
  });
}

function closureProblems({ id, schedule, seasons = [], closures = [] }: OptionDefinition): string[] {
  return closures
    .filter((closure) => !takesPlace([schedule, ...seasons], closure, anyWeekday))
    .map(({ from, to }) => `The option ${id} is closed from ${from} to ${to}, when it never takes place.`);
}

/**
 * The seasons, rules of capacity and closures of an option that no slot can ever fall under, as sentences: what an operator writes
 * is meant to have an effect. Those that end before they begin have problems of their own.
 */
export function unmatched(option: OptionDefinition): string[] {
  return [...seasonProblems(option), ...capacityProblems(option), ...closureProblems(option)];
}
