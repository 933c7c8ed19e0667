import { beforeEach, expect, it } from 'vitest';
import { Places } from './places.ts';

const limits = { leastPerWebhook: 2, inHandPerWebhook: 4, inHand: 6, inHandSize: 100 };
let now = 0;
let inLine: Record<string, number> = {};
let places: Places;

beforeEach(() => {
  now = 0;
  inLine = {};
  places = new Places({ limits, lengthOf: (webhookId) => inLine[webhookId] ?? 0, monotonicNow: () => now });
});

const taken = (webhookId: string, count: number) => {
  const reservation = places.reserve();
  return { reservation, took: Array.from({ length: count }, () => reservation.take(webhookId)).filter(Boolean).length };
};

it('keeps places for transactions that have not committed, and frees them when they have', () => {
  const { reservation, took } = taken('a', 3);
  expect([took, taken('a', 3).took]).toEqual([3, 1]);
  reservation.end();
  reservation.end();
  expect(taken('a', 9).took).toBe(3);
});

it('has room for every webhook, however many are slow', () => {
  places.inHand = 8;
  inLine = { slow: 4, dead: 4 };
  expect(places.roomFor('healthy', 9)).toBe(2);
  expect([taken('slow', 1).took, taken('healthy', 9).took, places.mostPerWebhook]).toEqual([0, 2, 2]);
});

it('has room for little of each webhook while large bodies wait', () => {
  places.size = 100;
  expect([taken('a', 9).took, places.mostPerWebhook]).toEqual([2, 2]);
  places.size = 99;
  expect([taken('b', 9).took, places.mostPerWebhook]).toEqual([4, 2]);
});

it('keeps nothing for ever for a transaction that never ends', () => {
  expect(taken('a', 9).took).toBe(4);
  now = 9999;
  expect(taken('a', 1).took).toBe(0);
  now = 10_000;
  expect(taken('a', 9).took).toBe(4);
});

it('is worth a claim for a webhook once half of what it had is sent', () => {
  inLine = { a: 3, b: 2, c: 0 };
  expect(['a', 'b', 'c'].map((webhookId) => places.roomFor(webhookId, 9))).toEqual([0, 2, 4]);
  expect(places.roomFor('c', 3)).toBe(3);
});
