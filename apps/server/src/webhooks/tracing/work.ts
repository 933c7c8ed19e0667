import type { Db } from '../../platform/db/index.ts';
import { forgetTraces } from './store.ts';

/** How long attempts go on with the trace of their event, ms: longer than a delivery is retried. */
const keptMs = 7 * 86_400_000;

/** One run of the work that forgets old traces, also those from when traces were on. */
export function traceWork(deps: { readonly db: Db; readonly now: () => number }): () => Promise<'more' | 'idle'> {
  return async () => ((await forgetTraces(deps.db, deps.now() - keptMs)) ? 'more' : 'idle');
}
