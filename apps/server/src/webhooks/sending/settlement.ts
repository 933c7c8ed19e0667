import type { Db } from '../../platform/db/index.ts';
import { insertAttempts, promoteNext, settle } from '../deliveries/store.ts';
import { disableWebhook, holdOwed } from '../subscriptions/store.ts';
import type { Finished } from './finished.ts';

/** Stores outcomes in batches, one batch at a time. */
export interface Settlement {
  /** Takes an outcome to be stored with the next batch. */
  add(finished: Finished): void;
  /** Resolves when everything added so far is stored. */
  drain(): Promise<void>;
}

/**
 * At most `batch` outcomes a transaction, none waiting longer than `lingerMs` for company. A batch that cannot be stored is
 * tried again after `retryMs`: if that takes longer than the leases, others send again (at least once).
 */
export function createSettlement(deps: {
  readonly db: Db;
  readonly now: () => number;
  readonly batch: number;
  readonly lingerMs: number;
  readonly retryMs: number;
  readonly onStored: (count: number, promoted: number) => void;
  readonly onError: (error: unknown) => void;
}): Settlement {
  const waiting: Finished[] = [];
  let timer: NodeJS.Timeout | undefined;
  let storing: Promise<void> | undefined;

  async function store(batch: readonly Finished[]): Promise<number> {
    const { promoted } = await deps.db.transaction(async (tx) => {
      const attempts = batch.flatMap((one) => one.attempt ?? []);
      const ended = batch.filter((one) => one.settled.endedAt !== null).map((one) => one.settled.id);
      const disabled = new Map(batch.flatMap((one) => (one.disable ? [[one.disable.webhookId, one.disable]] : [])));
      settle(
        tx,
        batch.map((one) => one.settled),
      );
      insertAttempts(tx, attempts);
      const promoted = promoteNext(tx, ended);
      promoted.catch(() => {
        // The transaction fails with it.
      });
      for (const { webhookId, reason } of disabled.values()) {
        await disableWebhook(tx, webhookId, reason, deps.now());
        await holdOwed(tx, webhookId, reason);
      }
      // Not awaited before the commit, which follows at once.
      return { promoted };
    });
    return promoted;
  }

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, deps.batch);
      try {
        const promoted = await store(batch);
        waiting.splice(0, batch.length);
        deps.onStored(batch.length, promoted);
      } catch (error) {
        deps.onError(error);
        await new Promise((resolve) => setTimeout(resolve, deps.retryMs));
      }
      // A batch that is not full waits for its own linger again.
      if (waiting.length < deps.batch) break;
    }
    storing = undefined;
    if (waiting.length > 0) arm();
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
      waiting.push(finished);
      arm();
    },
    async drain() {
      while (waiting.length > 0 || storing !== undefined) await start();
    },
  };
}
