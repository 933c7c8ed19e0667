import { expect, test } from 'vitest';
import { gapsBetween } from './myers.ts';

function gaps(before: readonly string[], after: readonly string[], most = 256) {
  let comparisons = 0;
  const stretch = { before: 0, beforeEnd: before.length, after: 0, afterEnd: after.length };
  const same = (at: number, otherAt: number) => {
    comparisons += 1;
    return before[at] === after[otherAt];
  };
  const found = gapsBetween(stretch, same, most)?.map(
    (gap) => `${before.slice(gap.before, gap.beforeEnd).join('')}>${after.slice(gap.after, gap.afterEnd).join('')}`,
  );
  return { found, comparisons };
}

test('finds what is not common, in order', () => {
  expect(gaps([...'abcabba'], [...'cbabac']).found).toEqual(['ab>', '>b', 'b>', '>c']);
  expect(gaps([...'abc'], [...'abc']).found).toEqual([]);
  expect(gaps([...'abc'], []).found).toEqual(['abc>']);
  expect(gaps([...'axb'], [...'ayb']).found).toEqual(['x>y']);
});

test('does little work when little differs, and gives up in time when everything does', () => {
  const before = Array.from({ length: 10_000 }, (_, n) => `n${n}`);
  const shorter = before.filter((_, n) => n !== 5_000 && n !== 9_000);
  expect(gaps(before, shorter).found).toEqual(['n5000>', 'n9000>']);
  expect(gaps(before, shorter).comparisons).toBeLessThan(4 * before.length);
  const other = before.map((text) => `other ${text}`);
  expect(gaps(before, other).found).toBeUndefined();
  expect(gaps(before, other).comparisons).toBeLessThan(40_000);
});
