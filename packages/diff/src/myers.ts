import type { Gap } from './gap.ts';

/**
 * The gaps that a longest common subsequence leaves in a stretch of two sequences, in order (Myers, "An O(ND) difference
 * algorithm and its variations", 1986). Gives up with `undefined` past `most` insertions and deletions, so that the work
 * stays under `most` times the length and the memory under `most` squared.
 */
export function gapsBetween(
  stretch: Gap,
  same: (at: number, otherAt: number) => boolean,
  most: number,
): Gap[] | undefined {
  const length = stretch.beforeEnd - stretch.before;
  const otherLength = stretch.afterEnd - stretch.after;
  const limit = Math.min(length + otherLength, most);
  const centre = limit + 1;
  const furthest = new Int32Array(2 * limit + 3);
  const rounds: Int32Array[] = [];
  for (let edits = 0; edits <= limit; edits += 1) {
    rounds.push(furthest.slice(centre - edits - 1, centre + edits + 2));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let at = entry(furthest, centre, diagonal, edits);
      let otherAt = at - diagonal;
      while (at < length && otherAt < otherLength && same(stretch.before + at, stretch.after + otherAt)) {
        at += 1;
        otherAt += 1;
      }
      furthest[centre + diagonal] = at;
      if (at >= length && otherAt >= otherLength) return trace(rounds, stretch);
    }
  }
  return undefined;
}

/** Whether an insertion, from the diagonal above, enters a diagonal further on than a deletion; unreached ones are at 0. */
function byInsertion(furthest: Int32Array, centre: number, diagonal: number, edits: number): boolean {
  if (diagonal === -edits) return true;
  return (furthest[centre + diagonal - 1] as number) < (furthest[centre + diagonal + 1] as number);
}

/** Where a diagonal is entered with the last of `edits` edits. */
function entry(furthest: Int32Array, centre: number, diagonal: number, edits: number): number {
  if (edits === 0) return 0;
  if (byInsertion(furthest, centre, diagonal, edits)) return furthest[centre + diagonal + 1] as number;
  return (furthest[centre + diagonal - 1] as number) + 1;
}

/** Walks back from the end; `rounds[n]` holds how far the edits before the nth reached, with the main diagonal at `n + 1`. */
function trace(rounds: readonly Int32Array[], stretch: Gap): Gap[] {
  const gaps: Gap[] = [];
  let { beforeEnd, afterEnd } = stretch;
  let at = beforeEnd - stretch.before;
  let otherAt = afterEnd - stretch.after;
  for (let edits = rounds.length - 1; edits >= 0; edits -= 1) {
    const furthest = rounds[edits] as Int32Array;
    const diagonal = at - otherAt;
    const start = entry(furthest, edits + 1, diagonal, edits);
    if (start < at) {
      const gap = { before: stretch.before + at, beforeEnd, after: stretch.after + otherAt, afterEnd };
      if (gap.before < beforeEnd || gap.after < afterEnd) gaps.push(gap);
      beforeEnd = stretch.before + start;
      afterEnd = stretch.after + start - diagonal;
    }
    const inserted = byInsertion(furthest, edits + 1, diagonal, edits);
    at = inserted ? start : start - 1;
    otherAt = at - (inserted ? diagonal + 1 : diagonal - 1);
  }
  if (beforeEnd > stretch.before || afterEnd > stretch.after) gaps.push({ ...stretch, beforeEnd, afterEnd });
  return gaps.reverse();
}
