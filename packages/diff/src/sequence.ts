import { type Alignment, emptyAlignment } from './alignment.ts';
import type { Gap } from './gap.ts';
import { gapsBetween } from './myers.ts';
import { mostPairs, pairGap, type Sequences } from './pairing.ts';

/** Insertions and deletions past which two long sequences are not matched: 33,000 comparisons when nothing is the same. */
const mostEdits = 256;

/** How two arrays without identities correspond; `complete` is false when they were too far apart to be matched. */
export interface SequenceAlignment {
  readonly alignment: Alignment;
  readonly complete: boolean;
}

/**
 * Matches the elements of two arrays by their longest common subsequence, and weighs what lies between the matches.
 * A short middle is weighed at once. The first `head` elements are known to be the same. The same are in no list.
 */
export function alignBySequence(sequences: Sequences, head: number): SequenceAlignment {
  const { before, after, same } = sequences;
  const most = Math.min(before.length, after.length) - head;
  let tail = 0;
  while (tail < most && same(before.length - 1 - tail, after.length - 1 - tail)) tail += 1;

  const middle: Gap = { before: head, beforeEnd: before.length - tail, after: head, afterEnd: after.length - tail };
  const alignment = emptyAlignment();
  const gaps = isShort(middle) ? [middle] : gapsBetween(middle, same, mostEdits);
  for (const gap of gaps ?? [middle]) pairGap(sequences, gap, alignment);
  return { alignment, complete: gaps !== undefined };
}

function isShort(gap: Gap): boolean {
  return (gap.beforeEnd - gap.before) * (gap.afterEnd - gap.after) <= mostPairs;
}
