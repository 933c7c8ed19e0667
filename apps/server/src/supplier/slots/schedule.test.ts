import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OptionDefinition, Schedule } from '../catalogue/definition.ts';
import { cruise } from '../sample/cruise.ts';
import { scheduledSlot, scheduledSlots } from './schedule.ts';

const [sampleOption] = cruise.options;
const everyDay = [1, 2, 3, 4, 5, 6, 7];

function option(schedule: Schedule, bookingCutoffMinutes = 0): OptionDefinition {
  if (sampleOption === undefined) throw new Error('The sample has no option');
  return { ...sampleOption, schedule, bookingCutoffMinutes };
}

const startTimes = (times: string[], more: object = {}) =>
  option({
    type: 'START_TIME',
    startTimes: times,
    durationMinutes: 90,
    weekdays: everyDay,
    capacity: 10,
    season: { from: null, to: null },
    ...more,
  });

const openingHours = (hours: { weekdays: number[]; from: string; to: string }[], cutoff = 0) =>
  option({ type: 'OPENING_HOURS', hours, capacity: 10, season: { from: null, to: null } }, cutoff);

const ids = (zone: string, from: OptionDefinition, first: string, last: string) =>
  scheduledSlots(zone, from, first, last).map((slot) => slot.id);

describe('start times', () => {
  it('are local times with the offset of their day', () => {
    expect(ids('Europe/Berlin', startTimes(['14:00', '10:00']), '2026-03-28', '2026-03-29')).toEqual([
      '2026-03-28T10:00:00+01:00',
      '2026-03-28T14:00:00+01:00',
      '2026-03-29T10:00:00+02:00',
      '2026-03-29T14:00:00+02:00',
    ]);
    expect(ids('America/St_Johns', startTimes(['09:00']), '2026-01-05', '2026-01-05')).toEqual([
      '2026-01-05T09:00:00-03:30',
    ]);
    expect(ids('UTC', startTimes(['09:00']), '2026-01-05', '2026-01-05')).toEqual(['2026-01-05T09:00:00+00:00']);
  });

  it('that the clocks skip do not take place', () => {
    expect(ids('Europe/Berlin', startTimes(['02:30', '03:30']), '2026-03-29', '2026-03-29')).toEqual([
      '2026-03-29T03:30:00+02:00',
    ]);
  });

  it('that come twice are the earlier ones', () => {
    expect(ids('Europe/Berlin', startTimes(['02:30']), '2026-10-25', '2026-10-25')).toEqual([
      '2026-10-25T02:30:00+02:00',
    ]);
  });

  it('end after their duration in real time, also over a change of the clocks', () => {
    const [slot] = scheduledSlots('Europe/Berlin', startTimes(['01:30']), '2026-10-25', '2026-10-25');
    expect(slot).toMatchObject({
      localDateTimeStart: '2026-10-25T01:30:00+02:00',
      localDateTimeEnd: '2026-10-25T02:00:00+01:00',
    });
  });

  it('are on their weekdays and in their season only', () => {
    const weekend = startTimes(['10:00'], { weekdays: [6, 7], season: { from: '2026-06-07', to: '2026-06-13' } });
    expect(ids('UTC', weekend, '2026-06-01', '2026-06-30')).toEqual([
      '2026-06-07T10:00:00+00:00',
      '2026-06-13T10:00:00+00:00',
    ]);
    expect(ids('UTC', weekend, '2026-07-01', '2026-07-30')).toEqual([]);
  });

  it('can be booked until the cut-off before them', () => {
    const [slot] = scheduledSlots(
      'Europe/Berlin',
      { ...startTimes(['10:00']), bookingCutoffMinutes: 90 },
      '2026-06-01',
      '2026-06-01',
    );
    expect(new Date(slot?.cutoffAt ?? 0).toISOString()).toBe('2026-06-01T06:30:00.000Z');
  });
});

describe('opening hours', () => {
  it('are one slot a day, from the first opening to the last closing', () => {
    const hours = [
      { weekdays: everyDay, from: '09:00', to: '12:00' },
      { weekdays: [1], from: '14:00', to: '18:00' },
    ];
    const [monday, tuesday] = scheduledSlots('Europe/Berlin', openingHours(hours, 30), '2026-06-01', '2026-06-02');
    expect(monday).toMatchObject({
      id: '2026-06-01T00:00:00+02:00',
      localDateTimeStart: '2026-06-01T09:00:00+02:00',
      localDateTimeEnd: '2026-06-01T18:00:00+02:00',
      allDay: true,
      openingHours: [
        { from: '09:00', to: '12:00' },
        { from: '14:00', to: '18:00' },
      ],
      cutoffAt: Date.parse('2026-06-01T17:30:00+02:00'),
    });
    expect(tuesday).toMatchObject({ localDateTimeEnd: '2026-06-02T12:00:00+02:00' });
  });

  it('that close after midnight close on the next day', () => {
    const [night] = scheduledSlots(
      'UTC',
      openingHours([{ weekdays: everyDay, from: '18:00', to: '02:00' }]),
      '2026-06-01',
      '2026-06-01',
    );
    expect(night?.localDateTimeEnd).toBe('2026-06-02T02:00:00+00:00');
  });

  it('have a slot on a day whose midnight the clocks skip', () => {
    const days = openingHours([{ weekdays: everyDay, from: '09:00', to: '18:00' }]);
    // Cairo, 24 April 2026: 00:00 becomes 01:00.
    expect(ids('Africa/Cairo', days, '2026-04-24', '2026-04-24')).toEqual(['2026-04-24T01:00:00+03:00']);
  });
});

describe('a slot', () => {
  it('is found by the id that the list gives it, and by no other, in any zone and on any day', () => {
    const zone = fc.constantFrom(
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kolkata',
      'Pacific/Apia',
    );
    const day = fc
      .date({ min: new Date('2020-01-01'), max: new Date('2035-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    const product = startTimes(['00:30', '01:45', '02:15', '03:00', '23:30']);
    fc.assert(
      fc.property(zone, day, (timeZone, date) => {
        const slots = scheduledSlots(timeZone, product, date, date);
        expect(new Set(slots.map((slot) => slot.id)).size).toBe(slots.length);
        for (const slot of slots) {
          expect(scheduledSlot(timeZone, product, slot.id)).toEqual(slot);
          expect(slot.id.slice(0, 10)).toBe(date);
          expect(Date.parse(slot.id)).toBe(slot.cutoffAt);
        }
      }),
    );
  });

  it('is not found by whatever else', () => {
    const product = startTimes(['10:00']);
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom('2026-02-30T10:00:00+01:00', '2026-06-01', '+02026-06')),
        (id) => {
          expect(scheduledSlot('Europe/Berlin', product, id)).toBeUndefined();
        },
      ),
    );
  });
});

describe('what an operator rules beyond the schedule', () => {
  const year = { from: null, to: null };
  const of = (more: Partial<OptionDefinition>) => ({ ...startTimes(['10:00', '20:00']), ...more });
  const seen = (from: OptionDefinition, first: string, last: string) =>
    scheduledSlots('UTC', from, first, last).map(({ id, capacity, closed }) => [id.slice(5, 16), capacity, closed]);

  it('another schedule in its season, of two the later one', () => {
    const base = startTimes(['10:00']).schedule as Extract<Schedule, { type: 'START_TIME' }>;
    const seasons: Schedule[] = [
      { ...base, startTimes: ['08:00'], season: { from: '2026-06-02', to: '2026-06-04' } },
      { ...base, startTimes: ['09:00'], season: { from: '2026-06-04', to: null }, weekdays: [4, 5] },
    ];
    expect(ids('UTC', { ...startTimes(['10:00']), seasons }, '2026-06-01', '2026-06-07')).toEqual([
      '2026-06-01T10:00:00+00:00',
      '2026-06-02T08:00:00+00:00',
      '2026-06-03T08:00:00+00:00',
      '2026-06-04T09:00:00+00:00',
      '2026-06-05T09:00:00+00:00',
    ]);
  });

  it('other capacities by weekday, time and season, of several the last', () => {
    const capacities = [
      { weekdays: everyDay, startTimes: null, season: { from: '2026-06-02', to: null }, capacity: null },
      { weekdays: [3], startTimes: ['20:00'], season: year, capacity: 0 },
    ];
    expect(seen(of({ capacities }), '2026-06-01', '2026-06-03')).toEqual([
      ['06-01T10:00', 10, false],
      ['06-01T20:00', 10, false],
      ['06-02T10:00', null, false],
      ['06-02T20:00', null, false],
      ['06-03T10:00', null, false],
      ['06-03T20:00', 0, false],
    ]);
  });

  it('days on which it is closed, whose slots are there', () => {
    const closures = [{ from: '2026-06-02', to: '2026-06-03' }];
    const closed = seen(of({ closures }), '2026-06-01', '2026-06-04').filter(([, , each]) => each);
    expect(closed.map(([id]) => id)).toEqual(['06-02T10:00', '06-02T20:00', '06-03T10:00', '06-03T20:00']);
  });

  it('holds for a slot that is found by its id, too', () => {
    const seasons = [{ ...startTimes(['07:15']).schedule, season: { from: '2026-06-02', to: '2026-06-02' } }];
    const ruled = of({ seasons, closures: [{ from: '2026-06-02', to: '2026-06-02' }] });
    expect(scheduledSlot('UTC', ruled, '2026-06-02T07:15:00+00:00')).toMatchObject({ closed: true });
    expect(scheduledSlot('UTC', ruled, '2026-06-02T10:00:00+00:00')).toBeUndefined();
    expect(scheduledSlot('UTC', ruled, '2026-06-03T10:00:00+00:00')).toMatchObject({ closed: false });
  });
});
