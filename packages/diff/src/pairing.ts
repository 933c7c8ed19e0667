import type { Alignment } from './alignment.ts';
import { costOf, costToEdit, costToReplace } from './cost.ts';
import type { Gap } from './gap.ts';
import type { Json } from './json.ts';

/** Two arrays, and how their elements are compared, by index. */
export interface Sequences {
  readonly before: readonly Json[];
  readonly after: readonly Json[];
  readonly same: (at: number, otherAt: number) => boolean;
}

/** Gaps with more pairs of elements than this are not weighed, so that the work stays bounded. */
export const mostPairs = 1024;

/** The ways on from a place in the table; where two cost the same, the first is taken. */
const [keep, remove, add] = [0, 1, 2] as const;

/**
 * Decides what became of the elements in a gap. A small gap is weighed: of all the ways to keep, edit, replace, remove
 * and add in order, the one with the least JSON (an edit distance with costs). In a large one, elements at the same
 * place go together and what is left over was removed or added.
 */
export function pairGap(sequences: Sequences, gap: Gap, alignment: Alignment): void {
  let row = gap.before;
  let column = gap.after;
  for (const [at, otherAt] of cheapestPairs(sequences, gap)) {
    for (; row < at; row += 1) alignment.removed.push(row);
    for (; column < otherAt; column += 1) alignment.added.push(column);
    pair(sequences, row, column, alignment);
    row += 1;
    column += 1;
  }
  for (; row < gap.beforeEnd; row += 1) alignment.removed.push(row);
  for (; column < gap.afterEnd; column += 1) alignment.added.push(column);
}

function pair({ before, after, same }: Sequences, at: number, otherAt: number, alignment: Alignment): void {
  if (same(at, otherAt)) return;
  const alike = costToEdit(before[at] as Json, after[otherAt] as Json) !== undefined;
  (alike ? alignment.kept : alignment.replaced).push(at, otherAt);
}

function cheapestPairs(sequences: Sequences, gap: Gap): [number, number][] {
  const rows = gap.beforeEnd - gap.before;
  const columns = gap.afterEnd - gap.after;
  const weighed = rows * columns > 1 && rows * columns <= mostPairs;
  if (weighed) return weigh(sequences, gap, rows, columns);
  return Array.from({ length: Math.min(rows, columns) }, (_, at) => [gap.before + at, gap.after + at]);
}

/** Fills a table from the end with what the rest of the gap costs at the least, then follows it from the start. */
function weigh(sequences: Sequences, gap: Gap, rows: number, columns: number): [number, number][] {
  const { before, after } = sequences;
  const removal = Array.from({ length: rows }, (_, row) => costOf(before[gap.before + row] as Json));
  const addition = Array.from({ length: columns }, (_, column) => costOf(after[gap.after + column] as Json));
  const width = columns + 1;
  const rest = new Float64Array((rows + 1) * width);
  const steps = new Uint8Array((rows + 1) * width);
  for (let row = rows; row >= 0; row -= 1) {
    for (let column = columns; column >= 0; column -= 1) {
      if (row === rows && column === columns) continue;
      const here = row * width + column;
      const costs = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
      if (row < rows) costs[remove] = (removal[row] as number) + (rest[here + width] as number);
      if (column < columns) costs[add] = (addition[column] as number) + (rest[here + 1] as number);
      if (row < rows && column < columns) {
        const cost = costOfPair(sequences, gap.before + row, gap.after + column);
        costs[keep] = cost + (rest[here + width + 1] as number);
      }
      rest[here] = Math.min(...costs);
      steps[here] = costs.indexOf(rest[here] as number);
    }
  }
  const pairs: [number, number][] = [];
  let row = 0;
  let column = 0;
  while (row < rows || column < columns) {
    const step = steps[row * width + column];
    if (step === keep) pairs.push([gap.before + row, gap.after + column]);
    if (step !== add) row += 1;
    if (step !== remove) column += 1;
  }
  return pairs;
}

function costOfPair({ before, after, same }: Sequences, at: number, otherAt: number): number {
  if (same(at, otherAt)) return 0;
  const was = before[at] as Json;
  const value = after[otherAt] as Json;
  return costToEdit(was, value) ?? costToReplace(was, value);
}
