import type { CapacityRule, Closure, OptionDefinition, Season } from '../catalogue/definition.ts';

/** What an option's closures and rules of capacity make of the slots of a day. */
export interface Ruling {
  /** In one of the option's closures. */
  readonly closed: boolean;
  /** The places of a slot that starts at a time, HH:MM, of which the schedule has so many; null: no limit. */
  capacityAt(time: string, scheduled: number | null): number | null;
}

/** Days, YYYY-MM-DD, both included; null leaves an end open. */
export const covers = ({ from, to }: Season, date: string): boolean =>
  (from === null || from <= date) && (to === null || date <= to);

const meets = (season: Season, from: string, to: string): boolean =>
  (season.from === null || season.from <= to) && (season.to === null || from <= season.to);

/** The days of closures as stretches that do not overlap, in order of time. */
function joined(closures: readonly Closure[]): Closure[] {
  const stretches: { from: string; to: string }[] = [];
  for (const { from, to } of closures.toSorted((one, other) => (one.from < other.from ? -1 : 1))) {
    const last = stretches.at(-1);
    if (last === undefined || last.to < from) stretches.push({ from, to });
    else if (last.to < to) last.to = to;
  }
  return stretches;
}

/** The capacity of each start time that rules name, and of all other slots; of several rules the last counts. */
function capacitiesOf(rules: readonly CapacityRule[]): Ruling['capacityAt'] {
  const byTime = new Map<string, number | null>();
  for (const { startTimes, capacity } of rules.toReversed()) {
    // What is before a rule for all slots of the day counts for none.
    if (startTimes === null) return (time) => byTime.get(time) ?? (byTime.has(time) ? null : capacity);
    for (const time of startTimes) if (!byTime.has(time)) byTime.set(time, capacity);
  }
  return (time, scheduled) => byTime.get(time) ?? (byTime.has(time) ? null : scheduled);
}

/**
 * What is ruled on the days from one to another (YYYY-MM-DD, both included), to be asked for in order of time. The work of a day is
 * one look at each rule of these days; the times that they name are gone through once for as many days as the same rules hold.
 */
export function rulingsOf(
  { closures = [], capacities = [] }: Pick<OptionDefinition, 'closures' | 'capacities'>,
  from: string,
  to: string,
): (date: string, weekday: number) => Ruling {
  const closed = joined(closures.filter((closure) => meets(closure, from, to)));
  const rules = capacities.filter(({ season }) => meets(season, from, to));
  const known = new Map<string, Ruling['capacityAt']>();
  let passed = 0;

  function capacityOn(date: string, weekday: number): Ruling['capacityAt'] {
    const holding = rules.flatMap(({ season, weekdays }, index) =>
      weekdays.includes(weekday) && covers(season, date) ? [index] : [],
    );
    const key = holding.join();
    const capacityAt = known.get(key) ?? capacitiesOf(holding.flatMap((index) => rules[index] ?? []));
    known.set(key, capacityAt);
    return capacityAt;
  }

  return (date, weekday) => {
    for (let each = closed[passed]; each !== undefined && each.to < date; each = closed[passed]) passed++;
    const next = closed[passed];
    return { closed: next !== undefined && next.from <= date, capacityAt: capacityOn(date, weekday) };
  };
}
