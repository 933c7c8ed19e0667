import { expect, it } from 'vitest';
import type { OptionDefinition, StartTimes } from './definition.ts';
import { unmatched } from './unmatched.ts';

const always = { from: null, to: null };
const weekends: StartTimes = {
  type: 'START_TIME',
  startTimes: ['10:00', '14:00'],
  durationMinutes: 60,
  weekdays: [6, 7],
  capacity: 10,
  season: { from: '2026-05-01', to: '2026-09-30' },
};
const winter = { ...weekends, startTimes: ['12:00'], season: { from: '2026-12-01', to: '2026-12-31' } };
const rule = { weekdays: [1, 2, 3, 4, 5, 6, 7], startTimes: null, season: always, capacity: 5 };

const problemsOf = (change: Partial<OptionDefinition>) =>
  unmatched({ id: 'day', schedule: weekends, seasons: [winter], ...change } as OptionDefinition);

it.each<[string, Partial<OptionDefinition>]>([
  ['a rule for every day', { capacities: [rule] }],
  ['a rule for a start time of a season', { capacities: [{ ...rule, startTimes: ['12:00'] }] }],
  ['a rule for one of its weekdays', { capacities: [{ ...rule, weekdays: [1, 6] }] }],
  ['a closure of a Saturday', { closures: [{ from: '2026-06-06', to: '2026-06-06' }] }],
  ['a closure of a week', { closures: [{ from: '2026-06-01', to: '2026-06-08' }] }],
  ['a season of one Sunday', { seasons: [{ ...weekends, season: { from: '2026-06-07', to: '2026-06-07' } }] }],
  ['a season that a later one covers in part', { seasons: [weekends, winter] }],
])('%s is for some slots', (_, change) => {
  expect(problemsOf(change)).toEqual([]);
});

it.each<[string, Partial<OptionDefinition>, string]>([
  ['a start time that no schedule has', { capacities: [{ ...rule, startTimes: ['10:00', '11:00'] }] }, '11:00'],
  ['weekdays on which it never takes place', { capacities: [{ ...rule, weekdays: [1, 5] }] }, 'Monday, Friday'],
  [
    'a start time outside of its season',
    { capacities: [{ ...rule, startTimes: ['12:00'], season: { from: '2026-06-01', to: '2026-06-30' } }] },
    'at 12:00 from 2026-06-01 to 2026-06-30',
  ],
  [
    'a capacity before it begins',
    { capacities: [{ ...rule, season: { from: null, to: '2026-04-30' } }] },
    'to 2026-04-30',
  ],
  [
    'a closure of weekdays on which it is not open',
    { closures: [{ from: '2026-06-01', to: '2026-06-05' }] },
    '2026-06-05',
  ],
  ['a closure between its seasons', { closures: [{ from: '2026-10-01', to: '2026-11-30' }] }, '2026-10-01'],
  [
    'a season without any of its weekdays',
    { seasons: [{ ...weekends, season: { from: '2026-06-01', to: '2026-06-03' } }] },
    'no Saturday, Sunday falls',
  ],
  ['a season that a later one covers', { seasons: [winter, { ...weekends, season: always }] }, '2026-12-31'],
])('%s is named', (_, change, sentence) => {
  expect(problemsOf(change)).toEqual([expect.stringContaining(sentence)]);
});

it('opening hours have no start times', () => {
  const hours = { type: 'OPENING_HOURS' as const, hours: [{ weekdays: [1], from: '09:00', to: '17:00' }] };
  const schedule = { ...hours, capacity: null, season: always };
  expect(problemsOf({ schedule, seasons: [], capacities: [{ ...rule, startTimes: ['09:00'] }] })).toHaveLength(1);
  expect(problemsOf({ schedule, seasons: [], capacities: [rule] })).toEqual([]);
});

const minutes = Array.from({ length: 500 }, (_, minute) => new Date(minute * 60_000).toISOString().slice(11, 16));

it('more start times than a calendar can go through day by day are named, and nothing else', () => {
  const many = { ...rule, startTimes: minutes };
  const schedule = { ...weekends, startTimes: minutes };
  expect(problemsOf({ schedule, capacities: Array(10).fill(many) })).toEqual([]);
  expect(problemsOf({ schedule, capacities: [...Array(10).fill(many), { ...rule, startTimes: ['23:59'] }] })).toEqual([
    expect.stringContaining('capacities for 5001 start times'),
  ]);
});

it('the start times of a schedule are gone through once, however many rules there are', () => {
  let reads = 0;
  const counted: StartTimes = {
    ...weekends,
    get startTimes() {
      reads++;
      return minutes;
    },
  };
  const one = { ...rule, startTimes: minutes.slice(0, 100) };
  const readsWith = (rules: number) => {
    reads = 0;
    expect(problemsOf({ schedule: counted, capacities: Array(rules).fill(one) })).toEqual([]);
    return reads;
  };
  expect(readsWith(50)).toBe(readsWith(1));
});
