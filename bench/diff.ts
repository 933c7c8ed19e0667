import { isDeepStrictEqual } from 'node:util';
import type { Json } from '@carillon/diff';
import { applyPatch, Pointer } from 'rfc6902';
import { booking, confirmed } from './fixtures/booking.ts';
import { type DiffLibrary, libraries, type PatchOperation } from './fixtures/libraries.ts';
import { order, withoutFirst, withoutFirstAndEdited } from './fixtures/order.ts';

/** What one library makes of one pair of documents. */
export interface DiffRow {
  readonly document: string;
  readonly library: string;
  /** Diffs a second: the median of several rounds in which the libraries take turns. */
  readonly perSecond: number;
  readonly operations: number;
  /** Bytes of the patch as JSON, without any old values. */
  readonly patchBytes: number;
  /** Bytes of the patch with the old value in each operation, which makes it reversible; `null` where `exact` is false. */
  readonly reversibleBytes: number | null;
  /** Whether applying the patch with the package `rfc6902` makes exactly the new document. */
  readonly exact: boolean;
}

interface Case {
  readonly document: string;
  readonly before: Json;
  readonly after: Json;
}

const rounds = 9;
const roundMs = 50;

/** Both documents as parsed from text, so that they share nothing: as they come out of a database. */
function cases(): Case[] {
  const whole = order();
  const pairs: [string, Json, Json][] = [
    ['booking, three changes', booking(), confirmed(booking())],
    ['order of 20 bookings, first removed', whole, withoutFirst(whole)],
    ['order of 20 bookings, first removed and two edits', whole, withoutFirstAndEdited(whole)],
  ];
  return pairs.map(([name, before, after]) => {
    const kilobytes = (bytesOf(before) / 1000).toFixed(0);
    return { document: `${name} (${kilobytes} KB)`, before: copyOf(before), after: copyOf(after) };
  });
}

/** Measures every library on every case; about half a minute. */
export async function diffTable(): Promise<DiffRow[]> {
  const rows: DiffRow[] = [];
  for (const each of cases()) {
    const rates = await measure(each);
    libraries.forEach((library, at) => {
      rows.push(rowOf(each, library, rates[at] as number));
    });
  }
  return rows;
}

async function measure({ before, after }: Case): Promise<number[]> {
  const samples = libraries.map((): number[] => []);
  const counts = libraries.map((library) => Math.max(1, Math.round(countIn(library, before, after, 4 * roundMs) / 4)));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < libraries.length; turn += 1) {
      const at = (turn + round) % libraries.length;
      const { run } = libraries[at] as DiffLibrary;
      const count = counts[at] as number;
      const start = performance.now();
      for (let n = 0; n < count; n += 1) run(before, after);
      samples[at]?.push((1000 * count) / (performance.now() - start));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return samples.map(medianOf);
}

/** How many diffs a library makes in a time; also warms it up. */
function countIn(library: DiffLibrary, before: Json, after: Json, milliseconds: number): number {
  const end = performance.now() + milliseconds;
  let count = 0;
  for (; performance.now() < end; count += 1) library.run(before, after);
  return count;
}

function medianOf(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;
}

function rowOf({ document, before, after }: Case, library: DiffLibrary, perSecond: number): DiffRow {
  const patch = library.patchOf(library.run(before, after)).map(({ was: _was, ...operation }) => operation);
  const reversible = withOldValues(before, after, patch);
  return {
    document,
    library: library.name,
    perSecond,
    operations: patch.length,
    patchBytes: bytesOf(patch),
    reversibleBytes: reversible && bytesOf(reversible),
    exact: reversible !== null,
  };
}

/** Applies a patch step by step and notes the old values; `null` when it does not lead to the new document. */
function withOldValues(before: Json, after: Json, patch: readonly PatchOperation[]): PatchOperation[] | null {
  const document = copyOf(before);
  const reversible = patch.map((operation) => {
    const was = copyOf(Pointer.fromJSON(operation.path).get(document) ?? null);
    const problems = applyPatch(document, [copyOf(operation)] as Parameters<typeof applyPatch>[1]);
    if (problems.some((problem) => problem !== null)) return null;
    return operation.op === 'remove' || operation.op === 'replace' ? { ...operation, was } : operation;
  });
  const exact = isDeepStrictEqual(document, after);
  return exact ? reversible.filter((operation) => operation !== null) : null;
}

function copyOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** The rows as text, a table for each pair of documents. */
export function formatDiffTable(rows: readonly DiffRow[]): string {
  const lines: string[] = [];
  for (const [document, group] of Map.groupBy(rows, (row) => row.document)) {
    lines.push(document, line('', 'diffs/s', 'operations', 'patch', 'with old values', 'exact'));
    for (const row of group) {
      const { library, perSecond, operations, patchBytes, reversibleBytes, exact } = row;
      const bytes = [patchBytes, reversibleBytes].map((n) => (n === null ? '-' : `${n.toLocaleString('en')} B`));
      const rate = Math.round(perSecond).toLocaleString('en');
      lines.push(line(library, rate, String(operations), ...bytes, exact ? 'yes' : 'no'));
    }
    lines.push('');
  }
  return lines.join('\n');
}

function line(first: string, ...rest: readonly string[]): string {
  const widths = [10, 11, 12, 16, 6];
  return `  ${first.padEnd(24)}${rest.map((cell, at) => cell.padStart(widths[at] ?? 0)).join('')}`;
}

if (import.meta.main) console.log(formatDiffTable(await diffTable()));
