import type { Db } from '../../platform/db/index.ts';
import type { Found } from '../../platform/worker/index.ts';
import { promoteNext } from '../deliveries/lanes.ts';
import { webhookDeleted } from '../subscriptions/webhook.ts';
import { cancelOpened, hasOpened, keepReceiving, orderLanes, reopen } from './reopening-store.ts';
import { mostAtOnce, nextAt, portionOf, taken } from './replay.ts';
import {
  advance,
  candidatesAfter,
  type DueReplay,
  dueReplays,
  endFinished,
  endReplay,
  nextReplayAt,
  postpone,
  takeReplay,
  untried,
} from './work-store.ts';

/** Replays that one run looks after, and deliveries that it looks through for each. */
const atOnce = 20;
const lookedThrough = 1000;

/** So many that were not tried yet, and a replay opens no more: what is new shall not wait behind all of it. */
const mostUntried = 1000;
const untriedWaitMs = 1000;
/** How long a replay that is cancelled waits for what is in hand, ms: shorter than the first retry takes to come. */
const inHandWaitMs = 250;

const replayCancelled = 'the replay was cancelled';

/**
 * One run of the work that opens again what replays want sent again: a portion of each, in the order in which it became owed, at its
 * pace. What was opened and how far it is are written together, so that a crash repeats nothing; of several processes one has a
 * replay at a time. Any number of them may run it.
 */
export function replayWork({ db, now }: { readonly db: Db; readonly now: () => number }): () => Promise<Found> {
  /** Opens a portion; whether there may be more to do at once. */
  async function open(replay: DueReplay): Promise<boolean> {
    const { id, webhookId, perSecond, to, seen } = replay;
    const waiting = await untried(db.reader, id, mostUntried);
    const candidates =
      waiting < mostUntried ? await candidatesAfter(db.reader, { webhookId, seen, to, limit: lookedThrough }) : [];
    const found = taken(replay, candidates, portionOf(perSecond));
    const reached = found.seen ?? seen;
    const end = candidates.length < lookedThrough && reached.id === (candidates.at(-1)?.id ?? seen.id);
    return db.transaction(async (tx) => {
      if (!(await takeReplay(tx, replay))) return false;
      const webhook = await keepReceiving(tx, webhookId);
      if (webhook === undefined || webhook.state === 'deleted') {
        endReplay(tx, { id, reason: webhookDeleted, now: now() });
        return false;
      }
      if (webhook.state === 'disabled') return false;
      if (waiting >= mostUntried) {
        advance(tx, { id, seen, opened: 0, skipped: 0, allOpened: false, nextAt: now() + untriedWaitMs });
        return false;
      }
      const opened =
        found.ids.length === 0 ? [] : await reopen(tx, { webhook, ids: found.ids, replayId: id, now: now() });
      if (webhook.ordering === 'subject') {
        orderLanes(
          tx,
          webhookId,
          opened.map(({ lane }) => lane),
        );
      }
      advance(tx, {
        id,
        seen: reached,
        opened: opened.length,
        skipped: found.ids.length - opened.length,
        allOpened: end,
        nextAt: nextAt(opened.length, perSecond, now()),
      });
      if (opened.length > 0) tx.afterCommit(() => db.notify('deliveries'));
      return !end && opened.length === 0;
    });
  }

  /**
   * Puts back a portion of what a replay has opened, and ends it once nothing is left. What is in hand has its attempt; if that fails, it
   * is put back then.
   */
  async function close(replay: DueReplay): Promise<boolean> {
    return db.transaction(async (tx) => {
      if (!(await takeReplay(tx, replay))) return false;
      const { id } = replay;
      const cancelled = await cancelOpened(tx, {
        replayId: id,
        reason: replayCancelled,
        now: now(),
        limit: mostAtOnce,
      });
      await promoteNext(tx, cancelled.sort());
      if (cancelled.length > 0) tx.afterCommit(() => db.notify('deliveries'));
      if (cancelled.length === mostAtOnce) return true;
      if (await hasOpened(tx, id)) postpone(tx, { id, until: now() + inHandWaitMs });
      else endReplay(tx, { id, reason: null, now: now() });
      return false;
    });
  }

  return async () => {
    let more = false;
    for (const replay of await dueReplays(db, now(), atOnce)) {
      if (await (replay.state === 'running' ? open(replay) : close(replay))) more = true;
    }
    await endFinished(db, now());
    if (more) return 'more';
    const at = await nextReplayAt(db, now());
    return at === null ? 'idle' : new Date(at);
  };
}
