import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DocumentOf, EventType } from '@carillon/contract';
import type { Deps } from '../deps.ts';
import { done, type Result, unprocessable } from '../refusal.ts';

/** One of those that a list is of: its id, and how long its document is as it is stored, characters. */
export interface Listed {
  readonly id: string;
  readonly size: number;
}

/** The most that one list gives, because OCTO has no pages, and the most characters of stored documents. */
const longestList = 1_000;
const largestList = 16 * 1024 * 1024;
/** Documents that are read and parsed at once, so that a long list holds up no other call. */
const readAtOnce = 100;
const sizeAtOnce = 1024 * 1024;

/** How many to look for, so that it shows when there are too many. */
export const mostListed = longestList + 1;

/** The next of a list that are read at once: one at least. */
function portionFrom(listed: readonly Listed[], start: number): readonly Listed[] {
  let end = start;
  for (let size = 0; end < listed.length && end - start < readAtOnce && size < sizeAtOnce; end++) {
    size += listed[end]?.size ?? 0;
  }
  return listed.slice(start, end);
}

/**
 * The documents of a list, in its order, read in portions. Refused where they are more, or larger together, than one answer can
 * hold: `what` they are (bookings, orders), and the `advice` how to ask for fewer.
 */
export async function readList<T extends EventType>(
  { db, changes }: Pick<Deps, 'db' | 'changes'>,
  { supplierId, type }: { readonly supplierId: string; readonly type: T },
  listed: readonly Listed[],
  { what, advice }: { readonly what: string; readonly advice: string },
): Promise<Result<readonly DocumentOf[T][]>> {
  if (listed.length > longestList) return unprocessable(`More than ${longestList} ${what} match: ${advice}`);
  if (listed.reduce((sum, { size }) => sum + size, 0) > largestList) {
    return unprocessable(`The ${what} that match are too large for one answer: ${advice}`);
  }
  const found: DocumentOf[T][] = [];
  for (let start = 0; start < listed.length; ) {
    const portion = portionFrom(listed, start);
    const documents = await changes.currentById<T>(
      db.reader,
      portion.map(({ id }) => ({ supplierId, type, id })),
    );
    found.push(...portion.flatMap(({ id }) => documents.get(id) ?? []));
    start += portion.length;
    await nextTurn();
  }
  return done(found);
}
