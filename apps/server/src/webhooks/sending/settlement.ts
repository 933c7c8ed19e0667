import type { Db, Tx } from '../../platform/db/index.ts';
import { promoteNext } from '../deliveries/lanes.ts';
import { followState, holdOwed } from '../deliveries/standing-store.ts';
import { disableWebhook, lockStanding } from '../subscriptions/store.ts';
import type { Finished } from './finished.ts';
import { type Health, healthAfter, healthy } from './health.ts';
import { lockHealth, writeHealth } from './health-store.ts';
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

/** How the health of a webhook went. */
export interface Course {
  readonly before: Health;
  readonly after: Health;
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
  /** Whether nothing is known to have failed for a webhook since its last success: another success is nothing new. */
  readonly isHealthy: (webhookId: string) => boolean;
  readonly onStored: (stored: Stored) => void;
  readonly onError: (error: unknown) => void;
}): Settlement {
  const waiting: Finished[] = [];
  let timer: NodeJS.Timeout | undefined;
  let storing: Promise<void> | undefined;
  let endRest: (() => void) | undefined;
  let abandoned = false;

  async function store(batch: readonly Finished[]): Promise<Stored> {
    const { promoted, disabled, healths } = await deps.db.transaction(async (tx) => {
      const { settled, disabled } = await decide(tx, batch, deps.now());
      const healths = await storeHealth(tx, batch, deps.isHealthy);
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
      if (disabled.size > 0) followState(deps.db, tx);
      // Not awaited before the commit, which follows at once.
      return { promoted, disabled, healths };
    });
    const failed = batch.flatMap(({ webhookId, tried }) => (tried?.failed ? [webhookId] : []));
    return { count: batch.length, promoted: await promoted, disabled, healths, failed };
  }

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, deps.batch);
      try {
        const stored = await store(batch);
        waiting.splice(0, batch.length);
        deps.onStored(stored);
      } catch (error) {
        deps.onError(error);
        await rest();
      }
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
      return waiting.splice(0).length;
    },
  };
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

/** Stores how it goes with the webhooks of a batch, of those for which there is something new. */
async function storeHealth(
  tx: Tx,
  batch: readonly Finished[],
  isHealthy: (webhookId: string) => boolean,
): Promise<Map<string, Course>> {
  const tried = batch.flatMap(({ webhookId, tried }) => (tried === null ? [] : [{ webhookId, ...tried }]));
  const news = new Set(
    tried.filter(({ webhookId, failed }) => failed || !isHealthy(webhookId)).map(({ webhookId }) => webhookId),
  );
  if (news.size === 0) return new Map();
  const before = await lockHealth(tx, [...news].sort());
  const after = new Map(before);
  for (const { webhookId, ...one } of tried) {
    const health = after.get(webhookId);
    if (health !== undefined) after.set(webhookId, healthAfter(health, one));
  }
  writeHealth(tx, after);
  return new Map([...after].map(([id, health]) => [id, { before: before.get(id) ?? healthy, after: health }]));
}
