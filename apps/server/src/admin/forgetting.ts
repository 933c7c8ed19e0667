import type { Db } from '../platform/db/index.ts';
import type { Found } from '../platform/worker/index.ts';
import { forgetAnswers } from './answer-store.ts';

/** How long the answer to a call with an Idempotency-Key is kept, ms. */
const keptMs = 48 * 3_600_000;
/** Answers that one transaction forgets: some ms of work. */
const atOnce = 200;

/**
 * One run of the work that forgets answers to calls with an Idempotency-Key, which show guests' data, once their time is over, whether or
 * not such calls still come. Safe on several nodes at once: what one forgets the others pass over. `now` gives ms UTC.
 */
export function forgettingWork({ db, now }: { readonly db: Db; readonly now: () => number }): () => Promise<Found> {
  return async () => {
    const forgotten = await db.transaction((tx) => forgetAnswers(tx, now() - keptMs, atOnce));
    return forgotten === atOnce ? 'more' : 'idle';
  };
}
