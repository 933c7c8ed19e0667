import type { Lost } from '../messages/message.ts';
import type { FinishedMessage } from './finished.ts';
import { type LeavingDeps, leave } from './leave.ts';
import { settleLost } from './settle.ts';
import { claimDue, claimLost, nextDueAt, nextLeaseEndsIn } from './store.ts';

/** What the e-mail worker needs. */
export interface WorkDeps extends LeavingDeps {
  /** Messages that are in hand at once. */
  readonly atOnce: number;
  /** And of one supplier: its provider may be slow, which is nobody else's loss. A claim may go beyond it by as many again. */
  readonly ofOneSupplier: number;
  /** Told of each message that came to something. */
  readonly finished: (message: FinishedMessage) => void;
}

/** While a message is in hand, others are looked for this often, ms, and whenever one ends or is opened. */
const lookMs = 1000;

/**
 * One run of the e-mail worker: settles what a lost worker left behind and lets what is due leave, until nothing is due and nothing
 * is in hand. As soon as one message ends, another may begin: a provider that is slow with one does not hold up the rest. Answers
 * with the time at which the next message is due, or `idle`. Once the signal says so, it begins nothing more.
 */
export function messageWork(deps: WorkDeps): (signal?: AbortSignal) => Promise<'idle' | Date> {
  const { db, atOnce } = deps;
  /** Messages that are in hand, by supplier. */
  const inHandOf = new Map<string, number>();
  /** Whether there may be more to claim at once. */
  let full = false;
  const lease = () => ({ token: deps.newId(), ms: deps.leaseMs });

  async function report(messageId: string, turn: Promise<FinishedMessage | null>): Promise<void> {
    try {
      const finished = await turn;
      if (finished !== null) deps.finished(finished);
    } catch (error) {
      // Its lease ends by itself, and then it is tried again.
      deps.failed(messageId, error);
    }
  }

  async function settlingLost(limit: number): Promise<Promise<void>[]> {
    const lost = await claimLost(db, { limit, lease: lease() });
    return lost.map((message) => report(message.id, settleOne(message)));
  }

  async function settleOne(message: Lost): Promise<FinishedMessage | null> {
    return settleLost(message, await deps.routes.handedTo(db, message), deps);
  }

  async function leaving(limit: number): Promise<Promise<void>[]> {
    const busy = [...inHandOf].flatMap(([supplierId, count]) => (count < deps.ofOneSupplier ? [] : [supplierId]));
    const most = Math.min(limit, deps.ofOneSupplier);
    const due = await claimDue(db, { now: deps.now(), limit: most, lease: lease(), busy });
    full = due.length === most && most < limit;
    return due.map((message) => report(message.id, counted(message.supplierId, leave(message, deps))));
  }

  async function counted<T>(supplierId: string, turn: Promise<T>): Promise<T> {
    inHandOf.set(supplierId, (inHandOf.get(supplierId) ?? 0) + 1);
    try {
      return await turn;
    } finally {
      const left = (inHandOf.get(supplierId) ?? 1) - 1;
      if (left === 0) inHandOf.delete(supplierId);
      else inHandOf.set(supplierId, left);
    }
  }

  return async (signal) => {
    const inHand = new Set<Promise<void>>();
    const stopped = () => signal?.aborted === true;
    const free = () => (stopped() ? 0 : atOnce - inHand.size);
    let hint = Promise.withResolvers<void>();
    const look = () => hint.resolve();
    const take = (turns: readonly Promise<void>[]) => {
      for (const turn of turns) {
        inHand.add(turn);
        void turn.then(() => inHand.delete(turn)).then(look);
      }
    };
    let lostLookedFor = false;
    const timer = setInterval(() => {
      lostLookedFor = false;
      look();
    }, lookMs);
    const unlisten = db.listen('messages', look);
    signal?.addEventListener('abort', look);
    try {
      for (;;) {
        hint = Promise.withResolvers();
        if (!lostLookedFor && free() > 0) take(await settlingLost(free()));
        lostLookedFor = true;
        if (free() > 0) take(await leaving(free()));
        if (inHand.size === 0) return stopped() ? 'idle' : await nextTurn(deps);
        if (!full || free() === 0) await hint.promise;
      }
    } finally {
      signal?.removeEventListener('abort', look);
      unlisten();
      clearInterval(timer);
      await Promise.all(inHand);
    }
  };
}

async function nextTurn({ db, now }: WorkDeps): Promise<'idle' | Date> {
  const [dueAt, leaseEndsIn] = await Promise.all([nextDueAt(db), nextLeaseEndsIn(db)]);
  const times = [dueAt, leaseEndsIn === null ? null : now() + Math.max(0, leaseEndsIn)].filter((at) => at !== null);
  return times.length === 0 ? 'idle' : new Date(Math.min(...times));
}
