import * as z from 'zod';
import { localDate } from '../requests/text.ts';

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, HH:MM');
const weekdays = z.array(z.int().min(1).max(7)).min(1).max(7).describe('ISO numbers: Monday is 1, Sunday 7.');
const capacity = z.int().min(0).max(10_000_000).nullable().describe('Places; null: no limit.');

/** The days that something is for, both included; null leaves an end open. */
const season = z.strictObject({ from: localDate.nullable(), to: localDate.nullable() });

/** When an option takes place: departures, or opening hours with one slot a day. Times are those of the product's zone. */
export const schedule = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('START_TIME'),
    startTimes: z.array(time).min(1).max(500),
    durationMinutes: z.int().min(1).max(527_040),
    weekdays,
    capacity,
    season,
  }),
  z.strictObject({
    type: z.literal('OPENING_HOURS'),
    hours: z
      .array(z.strictObject({ weekdays, from: time, to: time.describe('At or before `from`: on the next day.') }))
      .min(1)
      .max(50),
    capacity,
    season,
  }),
]);

/** Days on which an option is closed, both included. */
export const closure = z.strictObject({ from: localDate, to: localDate });

/** Places of some slots in place of the schedule's. */
export const capacityRule = z.strictObject({
  weekdays,
  startTimes: z.array(time).min(1).max(500).nullable().describe('null: all slots of the day.'),
  season,
  capacity,
});

/** An edit of one slot: an absent key stays as it is. */
export const slotEdit = z.strictObject({
  capacity: capacity.optional().describe('Places, not fewer than are booked; null: as scheduled.'),
  closed: z.boolean().optional(),
});
