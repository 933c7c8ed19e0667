import type { Db } from '../../platform/db/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Found } from '../../platform/worker/index.ts';
import { claimTellings, nextTellingAt, settleTelling, type Telling } from './store.ts';
import { type TellingDeps, tell } from './telling.ts';
import { createWatch } from './watch.ts';

/** What the work of notices takes. */
export interface NoticeDeps extends TellingDeps {
  readonly db: Db;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
  readonly newId: () => string;
  /** The longest that sending an e-mail takes, ms. */
  readonly longestMailMs: number;
}

/** Notices that are told at once. */
const atOnce = 8;
/** From the end of an attempt until it is settled, ms, at the most. */
const graceMs = 60_000;

/** How often is looked for webhooks that fail, ms: nothing about it is urgent. */
const watchEveryMs = 30_000;

/** One run of the work of notices: looks after webhooks that fail, and tells what is due. */
export function noticeWork(deps: NoticeDeps): (signal?: AbortSignal) => Promise<Found> {
  const { db, log, now, newId } = deps;
  const watch = createWatch(deps);
  let watchedAt = Number.NEGATIVE_INFINITY;

  async function tellOne(telling: Telling, token: string): Promise<void> {
    try {
      const told = await tell(telling, deps);
      await settleTelling(db, told, token);
      const fields = { code: 'notice.told', notice: telling.id, state: told.state, step: told.step };
      if (told.state === 'told' || told.state === 'cancelled') log.info(fields, 'an operator was told');
      else log.warn({ ...fields, reason: told.reason }, 'an operator could not be told');
    } catch (err) {
      // Its lease ends by itself, and then it is tried again.
      log.error({ code: 'notice.failed', notice: telling.id, err }, 'an operator could not be told');
    }
  }

  return async (signal) => {
    let acted = 0;
    if (performance.now() - watchedAt >= watchEveryMs) {
      acted = await watch();
      // What is left of a full portion follows at once.
      if (acted === 0) watchedAt = performance.now();
    }
    if (signal?.aborted) return 'idle';
    const token = newId();
    const due = await claimTellings(db, {
      now: now(),
      limit: atOnce,
      token,
      mailLeaseMs: deps.longestMailMs + graceMs,
      requestLeaseMs: graceMs,
    });
    await Promise.all(due.map((telling) => tellOne(telling, token)));
    if (acted > 0 || due.length > 0) return 'more';
    const at = await nextTellingAt(db, now());
    return at === null ? 'idle' : new Date(at);
  };
}
