import { expect, test } from 'vitest';
import { nextAttemptAt } from './schedule.ts';

test('attempts come at longer and longer intervals, for about a day', () => {
  const waits: number[] = [];
  for (let number = 1; ; number += 1) {
    const at = nextAttemptAt(number, 1000, 0.5);
    if (at === null) break;
    waits.push(at - 1000);
  }
  expect(waits).toEqual([...waits].sort((a, b) => a - b));
  expect(waits[0]).toBe(30_000);
  expect(waits.reduce((sum, wait) => sum + wait, 0) / 3_600_000).toBeCloseTo(23.7, 1);
});

test('they are spread by a tenth to each side', () => {
  expect(nextAttemptAt(1, 0, 0)).toBe(27_000);
  expect(nextAttemptAt(1, 0, 0.999_999)).toBe(33_000);
});
