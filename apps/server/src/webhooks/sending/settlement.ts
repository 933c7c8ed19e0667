import type { Db, Tx } from '../../platform/db/index.ts';
import { promoteNext } from '../deliveries/lanes.ts';
import { followState, holdOwed } from '../deliveries/standing-store.ts';
import { recordNews } from '../notices/recording.ts';
import { disableWebhook, lockStanding } from '../subscriptions/store.ts';
import type { Finished } from './finished.ts';
import { type Course, newsOf, storeHealth } from './health-course.ts';
import { isOfRow, isPassing, OutcomeRefused, type Refused } from './refusal.ts';
import { insertAttempts, type Settled, settle } from './store.ts';
import { dependsOnWebhook, disabledBy, settledFor } from './verdict.ts';

/** Stores outcomes in batches, one batch at a time. */
export interface Settlement {
  /** Takes an outcome to be stored with the next batch. */
  add(finished: Finished): void;
  /** Resolves when everything added so far is stored, or abandoned. */
  drain(): Promise<void>;
  /** Stores nothing more; gives how many outcomes are lost, whose deliveries are sent again when their leases end. */
  abandon(): number;
}

/** What storing a batch came to. */
export interface Stored {
  readonly count: number;
  /** Webhooks whose lanes went on. */
  readonly promoted: readonly string[];
  /** The health of webhooks for which an attempt failed, or succeeded after that: as it was, and is. */
  readonly healths: ReadonlyMap<string, Course>;
  /** The webhook of each attempt of the batch that failed. */
  readonly failed: readonly string[];
  /** The webhooks that it disabled, with the reason. */
  readonly disabled: ReadonlyMap<string, string>;
}

/** So many that are refused one after the other, and none that is stored: it is not their fault. */
const mostRefused = 4;

/**
 * At most `batch` outcomes a transaction, none waiting longer than `lingerMs` for company. A batch that cannot be stored because of the
 * database is tried again after `retryMs`: if that takes longer than the leases, others send again (at least once). One that cannot be
 * because of something in it is halved, until what is wrong stands alone: if the database takes others, that is reported as
 * `OutcomeRefused` and abandoned.
 */
export function createSettlement(deps: {
  readonly db: Db;
  readonly now: () => number;
  readonly newId: () => string;
  readonly batch: number;
  readonly lingerMs: number;
  readonly retryMs: number;
  /** Whether nothing is known to have failed for a webhook since its last success: another success is nothing new. */
  readonly isHealthy: (webhookId: string) => boolean;
  /** Told also of an outcome that was abandoned, as one that changed nothing. */
  readonly onStored: (stored: Stored) => void;
  readonly onError: (error: unknown) => void;
}): Settlement {
  const waiting: Finished[] = [];
  let timer: NodeJS.Timeout | undefined;
  let storing: Promise<void> | undefined;
  let endRest: (() => void) | undefined;
  let abandoned = false;
  /** Of the batch in hand: those that could not be stored alone, and whether the database takes others of it. */
  const refused: Refused[] = [];
  let takes = false;

  async function store(batch: readonly Finished[]): Promise<Stored> {
    const { promoted, disabled, healths } = await deps.db.transaction(async (tx) => {
      const { settled, disabled } = await decide(tx, batch, deps.now());
      const { healths, kept, errors } = await storeHealth(tx, batch, deps.isHealthy);
      const ended = settled.filter((one) => one.endedAt !== null).map((one) => one.id);
      settle(tx, settled);
      insertAttempts(
        tx,
        batch.flatMap((one) => one.attempt ?? []),
      );
      const promoted = promoteNext(tx, ended);
      promoted.catch(() => {
        // The transaction fails with it.
      });
      for (const [id, reason] of disabled) {
        disableWebhook(tx, { id, reason, now: deps.now() });
        await holdOwed(tx, { webhookId: id, reason });
      }
      if (disabled.size > 0) followState(deps.db, tx, [...disabled.keys()]);
      await recordNews(tx, newsOf({ healths, kept, errors }, disabled, deps.now()), deps);
      // Not awaited before the commit, which follows at once.
      return { promoted, disabled, healths };
    });
    const failed = batch.flatMap(({ webhookId, tried }) => (tried?.failed ? [webhookId] : []));
    return { count: batch.length, promoted: await promoted, disabled, healths, failed };
  }

  /** Stores the first that wait, but for those that the database refuses by themselves. */
  async function storeFirst(batch: readonly Finished[]): Promise<void> {
    const [first] = batch;
    if (first === undefined || abandoned) return;
    let stored: Stored | undefined;
    try {
      stored = await store(batch);
    } catch (error) {
      if (isPassing(error)) throw error;
      if (batch.length > 1) {
        const half = Math.ceil(batch.length / 2);
        await storeFirst(batch.slice(0, half));
        return storeFirst(batch.slice(half));
      }
      refused.push({ finished: first, error });
    }
    waiting.splice(0, batch.length);
    if (stored !== undefined) {
      takes = true;
      deps.onStored(stored);
    } else if (!takes && refused.length >= mostRefused) throw refused[0]?.error;
  }

  /** Abandons those that are refused while others are stored, or that are wrong in themselves; the rest waits again, behind all others. */
  function sortRefused(): void {
    if (abandoned) refused.splice(0);
    for (const { finished, error } of refused.splice(0)) {
      if (!takes && !isOfRow(error)) {
        waiting.push(finished);
        continue;
      }
      const { id } = finished.settled;
      deps.onError(new OutcomeRefused(`the outcome of the delivery ${id} is refused`, { cause: error }));
      deps.onStored(nothingStored(finished));
    }
  }

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      takes = false;
      let failed = false;
      try {
        await storeFirst(waiting.slice(0, deps.batch));
        failed = !takes && refused.some(({ error }) => !isOfRow(error));
        if (failed) deps.onError(refused[0]?.error);
      } catch (error) {
        failed = true;
        deps.onError(error);
      }
      sortRefused();
      if (failed) await rest();
      // A batch that is not full waits for its own linger again.
      if (waiting.length < deps.batch) break;
    }
    storing = undefined;
    if (waiting.length > 0) arm();
  }

  function rest(): Promise<void> {
    if (abandoned) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, deps.retryMs);
      endRest = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  function start(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    storing ??= flush();
    return storing;
  }

  function arm(): void {
    if (storing !== undefined) return;
    if (waiting.length >= deps.batch) void start();
    else timer ??= setTimeout(start, deps.lingerMs);
  }

  return {
    add(finished) {
      if (abandoned) return;
      waiting.push(finished);
      arm();
    },
    async drain() {
      while (waiting.length > 0 || storing !== undefined) await start();
    },
    abandon() {
      abandoned = true;
      clearTimeout(timer);
      endRest?.();
      return waiting.splice(0).length + refused.splice(0).length;
    },
  };
}

/** What an outcome comes to that is not stored: nothing waits for it any more. */
function nothingStored({ webhookId, tried }: Finished): Stored {
  const failed = tried?.failed ? [webhookId] : [];
  return { count: 1, promoted: [], healths: new Map(), failed, disabled: new Map() };
}

/** Where the deliveries of a batch go, and the webhooks that it disables; those that matter for it are locked first. */
async function decide(
  tx: Tx,
  batch: readonly Finished[],
  now: number,
): Promise<{ settled: Settled[]; disabled: Map<string, string> }> {
  const dependent = batch.filter(dependsOnWebhook);
  // Most batches hold nothing but what was delivered: they wait for nobody.
  if (dependent.length === 0) return { settled: batch.map((one) => one.settled), disabled: new Map() };
  const ids = [...new Set(dependent.map((one) => one.webhookId))];
  const toChange = dependent.some((one) => one.disable !== null);
  const standing = new Map((await lockStanding(tx, ids, toChange)).map((webhook) => [webhook.id, webhook]));
  const disabled = disabledBy(batch, standing);
  for (const [id, reason] of disabled) {
    const webhook = standing.get(id);
    if (webhook !== undefined) standing.set(id, { ...webhook, state: 'disabled', reason });
  }
  const settled = batch.map((one) => {
    const webhook = standing.get(one.webhookId);
    return webhook === undefined ? one.settled : settledFor(one, webhook, now);
  });
  return { settled, disabled };
}
