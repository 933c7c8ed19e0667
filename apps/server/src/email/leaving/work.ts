import type { FinishedMessage } from './finished.ts';
import { type LeavingDeps, leave } from './leave.ts';
import { settleLost } from './settle.ts';
import { claimDue, claimLost, nextDueAt, nextLeaseEndsIn } from './store.ts';

/** What the e-mail worker needs. */
export interface WorkDeps extends LeavingDeps {
  /** Messages that are handed over at once. */
  readonly atOnce: number;
  /** Told of each message that came to something. */
  readonly finished: (message: FinishedMessage) => void;
  /** Told of what went wrong with one message; its lease ends by itself, and then it is tried again. */
  readonly failed: (messageId: string, error: unknown) => void;
}

/**
 * One turn of the e-mail worker: settles what a lost worker left behind and lets what is due leave. Answers `more` when there may be
 * more right away, else the time at which the next message is due, or `idle`.
 */
export function messageWork(deps: WorkDeps): () => Promise<'more' | 'idle' | Date> {
  const report = async (messageId: string, turn: Promise<FinishedMessage | null>) => {
    try {
      const finished = await turn;
      if (finished !== null) deps.finished(finished);
    } catch (error) {
      deps.failed(messageId, error);
    }
  };
  return async () => {
    const lease = { token: deps.newId(), ms: deps.leaseMs };
    const lost = await claimLost(deps.db, { limit: deps.atOnce, lease });
    await Promise.all(
      lost.map((message) => {
        const provider = deps.provider.name === message.provider ? deps.provider : undefined;
        return report(message.id, settleLost(message, provider, deps));
      }),
    );
    const due = await claimDue(deps.db, { now: deps.now(), limit: deps.atOnce, lease });
    await Promise.all(due.map((message) => report(message.id, leave(message, deps))));
    if (due.length > 0 || lost.length > 0) return 'more';
    return nextTurn(deps);
  };
}

async function nextTurn({ db, now }: WorkDeps): Promise<'idle' | Date> {
  const [dueAt, leaseEndsIn] = await Promise.all([nextDueAt(db), nextLeaseEndsIn(db)]);
  const times = [dueAt, leaseEndsIn === null ? null : now() + Math.max(0, leaseEndsIn)].filter((at) => at !== null);
  return times.length === 0 ? 'idle' : new Date(Math.min(...times));
}
