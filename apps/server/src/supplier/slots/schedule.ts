import type { OpeningHours, OptionDefinition, Schedule, StartTimes } from '../catalogue/definition.ts';
import { covers, rulingsOf } from './rulings.ts';
import { daysBetween, isDate, localMs, weekdayOf, type Zone, zoneFrom } from './zone.ts';

/** A slot as the schedule has it, whatever is booked of it. Times are ms UTC. */
export interface ScheduledSlot {
  /** The local start with its offset; for opening hours the start of the day, so that new hours do not make it another slot. */
  readonly id: string;
  readonly localDate: string;
  readonly localDateTimeStart: string;
  readonly localDateTimeEnd: string;
  readonly cutoffAt: number;
  readonly allDay: boolean;
  readonly openingHours: readonly { readonly from: string; readonly to: string }[];
  /** Places; null: no limit. */
  readonly capacity: number | null;
  /** In one of the option's closures. */
  readonly closed: boolean;
}

/** A slot before the option's closures and rules of capacity. */
type Planned = Omit<ScheduledSlot, 'closed'>;

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** A day of the calendar: its date (YYYY-MM-DD), the ISO number of its weekday, and its midnight as local ms. */
interface Day {
  readonly date: string;
  readonly weekday: number;
  readonly midnight: number;
}

/** The start times of a schedule in order, ms after midnight. */
const startsOf = ({ startTimes }: StartTimes): number[] =>
  startTimes.toSorted().map((time) => (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * minuteMs);

function departures(
  schedule: StartTimes,
  starts: readonly number[],
  cutoffMs: number,
  day: Day,
  zone: Zone,
): Planned[] {
  if (!schedule.weekdays.includes(day.weekday)) return [];
  return starts.flatMap((ms) => {
    const start = zone.at(day.midnight + ms);
    // A departure at a time that the clocks skip does not take place: moved, it could meet the next one.
    if (start === undefined) return [];
    const id = zone.iso(start);
    return {
      id,
      localDate: day.date,
      localDateTimeStart: id,
      localDateTimeEnd: zone.iso(start + schedule.durationMinutes * minuteMs),
      cutoffAt: start - cutoffMs,
      allDay: false,
      openingHours: [],
      capacity: schedule.capacity,
    };
  });
}

function openDay(schedule: OpeningHours, cutoffMs: number, { date, weekday, midnight }: Day, zone: Zone): Planned[] {
  const hours = schedule.hours.filter((each) => each.weekdays.includes(weekday));
  if (hours.length === 0) return [];
  const opening = Math.min(...hours.map((each) => localMs(date, each.from)));
  const closing = Math.max(...hours.map((each) => localMs(date, each.to) + (each.to <= each.from ? dayMs : 0)));
  const end = zone.notBefore(closing);
  return [
    {
      id: zone.iso(zone.notBefore(midnight)),
      localDate: date,
      localDateTimeStart: zone.iso(zone.notBefore(opening)),
      localDateTimeEnd: zone.iso(end),
      cutoffAt: end - cutoffMs,
      allDay: true,
      openingHours: hours.map(({ from, to }) => ({ from, to })),
      capacity: schedule.capacity,
    },
  ];
}

/** The schedule that counts on a day: the last of the seasons that covers it, else the usual one. */
function scheduleOn({ schedule, seasons = [] }: OptionDefinition, date: string): Schedule | undefined {
  return (
    seasons.findLast(({ season }) => covers(season, date)) ?? (covers(schedule.season, date) ? schedule : undefined)
  );
}

/** The slots of an option on the days from one date to another (YYYY-MM-DD, both included), in order of time. */
export function scheduledSlots(timeZone: string, option: OptionDefinition, from: string, to: string): ScheduledSlot[] {
  const zone = zoneFrom(timeZone, from);
  const cutoffMs = option.bookingCutoffMinutes * minuteMs;
  const rulingOn = rulingsOf(option, from, to);
  const starts = new Map<StartTimes, readonly number[]>();
  const plan = (schedule: Schedule, day: Day): Planned[] => {
    if (schedule.type === 'OPENING_HOURS') return openDay(schedule, cutoffMs, day, zone);
    const known = starts.get(schedule) ?? startsOf(schedule);
    starts.set(schedule, known);
    return departures(schedule, known, cutoffMs, day, zone);
  };
  const slots: ScheduledSlot[] = [];
  for (const date of daysBetween(from, to)) {
    const schedule = scheduleOn(option, date);
    if (schedule === undefined) continue;
    const day = { date, weekday: weekdayOf(date), midnight: localMs(date) };
    const { closed, capacityAt } = rulingOn(date, day.weekday);
    for (const slot of plan(schedule, day)) {
      slots.push({ ...slot, capacity: capacityAt(slot.id.slice(11, 16), slot.capacity), closed });
    }
  }
  return slots;
}

/** An option with those of its departures alone that start at a time, HH:MM: to find one, the others need not be worked out. */
function startingAt(option: OptionDefinition, time: string): OptionDefinition {
  const narrowed = (schedule: Schedule): Schedule =>
    schedule.type === 'START_TIME'
      ? { ...schedule, startTimes: schedule.startTimes.filter((each) => each === time) }
      : schedule;
  return { ...option, schedule: narrowed(option.schedule), seasons: option.seasons?.map(narrowed) };
}

/** The slot of an option with this id, if the schedule has it. Any text may be asked for. */
export function scheduledSlot(timeZone: string, option: OptionDefinition, id: string): ScheduledSlot | undefined {
  const date = id.slice(0, 10);
  if (!isDate(date)) return undefined;
  return scheduledSlots(timeZone, startingAt(option, id.slice(11, 16)), date, date).find((slot) => slot.id === id);
}
