import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CapacityRule, Closure, Season } from '../catalogue/definition.ts';
import { type Ruling, rulingsOf } from './rulings.ts';
import { dateOf, daysBetween, localMs, weekdayOf } from './zone.ts';

const first = '2026-05-28';
const day = fc.integer({ min: -3, max: 20 }).map((days) => dateOf(localMs(first) + days * 86_400_000));
const end = fc.option(day);
const times = ['08:00', '10:00', '20:00'];
const rule: fc.Arbitrary<CapacityRule> = fc.record({
  weekdays: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
  startTimes: fc.option(fc.subarray(times, { minLength: 1 })),
  season: fc.record({ from: end, to: end }),
  capacity: fc.option(fc.integer({ min: 0, max: 9 })),
});
const closure: fc.Arbitrary<Closure> = fc
  .tuple(day, day)
  .map(([one, other]) => (one < other ? { from: one, to: other } : { from: other, to: one }));

const within = ({ from, to }: Season, date: string) => (from ?? '') <= date && date <= (to ?? '9');

it('on any day the last rule counts that holds for a start time, and any closure', () => {
  const rules = fc.array(rule, { maxLength: 8 });
  fc.assert(
    fc.property(rules, fc.array(closure, { maxLength: 6 }), day, (capacities, closures, to) => {
      const rulingOn = rulingsOf({ capacities, closures }, first, to);
      for (const date of daysBetween(first, to)) {
        const weekday = weekdayOf(date);
        const { closed, capacityAt } = rulingOn(date, weekday);
        expect(closed).toBe(closures.some((each) => within(each, date)));
        for (const time of times) {
          const last = capacities.findLast(
            ({ weekdays, startTimes, season }) =>
              weekdays.includes(weekday) && (startTimes === null || startTimes.includes(time)) && within(season, date),
          );
          expect(capacityAt(time, 99)).toBe(last === undefined ? 99 : last.capacity);
        }
      }
    }),
  );
});

it('looks at each rule once a day however many start times there are, and at closures a few times in all', () => {
  const looks = { rules: 0, times: 0, closures: 0 };
  const everyDay = [1, 2, 3, 4, 5, 6, 7];
  const rules = Array.from({ length: 50 }, () => ({
    get weekdays() {
      looks.rules++;
      return everyDay;
    },
    get startTimes() {
      looks.times++;
      return times;
    },
    season: { from: null, to: null },
    capacity: 5,
  }));
  const closures = Array.from({ length: 50 }, () => ({
    get from() {
      looks.closures++;
      return '2026-12-24';
    },
    to: '2026-12-26',
  }));
  const rulingOn = rulingsOf({ capacities: rules, closures }, '2026-01-01', '2026-12-31');
  const all: Ruling[] = [...daysBetween('2026-01-01', '2026-12-31')].map((date) => rulingOn(date, weekdayOf(date)));
  for (const { capacityAt } of all) for (let slot = 0; slot < 20; slot++) capacityAt('10:00', null);
  expect(looks.rules).toBe(365 * 50);
  expect(looks.times).toBe(50);
  expect(looks.closures).toBeLessThan(50 * 20);
});
