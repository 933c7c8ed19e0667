import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DocumentOf } from '@carillon/contract';
import { z } from '@hono/zod-openapi';
import type { Changes } from '../changes/index.ts';
import type { Queryable } from '../platform/db/index.ts';
import type { ListedSubject } from './list-store.ts';
import { limit } from './schema.ts';
import { shownToOperator } from './shown.ts';

/** Documents that are read at once, so that a long list holds up no other call, and has few of them in memory. */
const readAtOnce = 10;
/** A page ends when it is larger than this, bytes of JSON: one document beyond it at most. */
const largestPage = 2_097_152;

/** The query of a list: where it goes on, and how much of it. */
export const page = {
  before: z.string().max(255).optional().openapi({ description: 'The `next` of the page before.' }),
  limit,
};

/** Where a list goes on. */
export const next = z.string().nullable().openapi({
  description: 'Where the list goes on; null: this is its end. A page of large ones has fewer than asked for.',
});

/** Refuses days or times that end before they begin. */
export function endsAfterItBegins(
  { from, to }: { readonly from?: string | number | undefined; readonly to?: string | number | undefined },
  context: z.RefinementCtx,
): void {
  if (from === undefined || to === undefined || from <= to) return;
  context.addIssue({ code: 'custom', path: ['to'], message: 'must not be before from', input: to });
}

/** A page of a list, and where it goes on. */
export interface Page {
  readonly shown: readonly object[];
  readonly next: string | null;
}

/**
 * A page of a supplier's bookings or orders, as its operator sees them: of those found, as many as were asked for, and as many as
 * go into one page. `found` has one more than `limit` where there are more.
 */
export async function pageOf<T extends 'booking_update' | 'order_update'>(
  db: Queryable,
  changes: Pick<Changes, 'currentById'>,
  found: readonly ListedSubject[],
  wanted: {
    readonly type: T;
    readonly supplierId: string;
    readonly language: string;
    readonly limit: number;
    readonly now: number;
  },
): Promise<Page> {
  const { type, supplierId, language, now } = wanted;
  const asked = found.slice(0, wanted.limit);
  const shown: object[] = [];
  let last: ListedSubject | undefined;
  let bytes = 0;
  for (let start = 0; start < asked.length && bytes <= largestPage; start += readAtOnce) {
    const portion = asked.slice(start, start + readAtOnce);
    const subjects = portion.map(({ id }) => ({ supplierId, type, id }));
    const documents: ReadonlyMap<string, DocumentOf[T]> = await changes.currentById<T>(db, subjects);
    for (const each of portion) {
      const document = documents.get(each.id);
      last = each;
      if (document === undefined) continue;
      const seen = shownToOperator(type, document, { connectionId: each.connectionId, language }, now);
      shown.push(seen);
      bytes += Buffer.byteLength(JSON.stringify(seen));
      if (bytes > largestPage) break;
    }
    await nextTurn();
  }
  return { shown, next: last === undefined || last === found.at(-1) ? null : last.id };
}
