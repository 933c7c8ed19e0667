import type { Db, Tx } from '../../platform/db/index.ts';
import { promoteNext } from '../deliveries/lanes.ts';
import { followState, holdOwed } from '../deliveries/standing-store.ts';
import type { News } from '../notices/notice.ts';
import { recordNews } from '../notices/recording.ts';
import { disableWebhook, lockStanding } from '../subscriptions/store.ts';
import type { Finished } from './finished.ts';
import { type Health, healthAfter, healthy } from './health.ts';
import { type KeptHealth, lockHealth, writeHealth } from './health-store.ts';
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
  readonly newId: () => string;
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
      if (disabled.size > 0) followState(deps.db, tx);
      await recordNews(tx, newsOf({ healths, kept, errors }, disabled, deps.now()), deps);
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

/** How the health of the webhooks of a batch went, with what was kept of it before, and what went wrong last. */
interface Healths {
  readonly healths: ReadonlyMap<string, Course>;
  readonly kept: ReadonlyMap<string, KeptHealth>;
  readonly errors: ReadonlyMap<string, string | null>;
}

const nothingNew: Healths = { healths: new Map(), kept: new Map(), errors: new Map() };

/** Stores how it goes with the webhooks of a batch, of those for which there is something new. */
async function storeHealth(
  tx: Tx,
  batch: readonly Finished[],
  isHealthy: (webhookId: string) => boolean,
): Promise<Healths> {
  const tried = batch.flatMap(({ webhookId, tried }) => (tried === null ? [] : [{ webhookId, ...tried }]));
  const news = new Set(
    tried.filter(({ webhookId, failed }) => failed || !isHealthy(webhookId)).map(({ webhookId }) => webhookId),
  );
  if (news.size === 0) return nothingNew;
  const kept = await lockHealth(tx, [...news].sort());
  const after = new Map([...kept].map(([id, { health }]) => [id, health]));
  for (const { webhookId, ...one } of tried) {
    const health = after.get(webhookId);
    if (health !== undefined) after.set(webhookId, healthAfter(health, one));
  }
  const errors = new Map(
    batch.flatMap(({ webhookId, tried, attempt }) => (tried?.failed ? [[webhookId, attempt?.detail ?? null]] : [])),
  );
  writeHealth(tx, after, errors);
  const healths = new Map(
    [...after].map(([id, health]) => [id, { before: kept.get(id)?.health ?? healthy, after: health }]),
  );
  return { healths, kept, errors };
}

/** What there is to tell operators: webhooks that a batch disabled, and those that answer again after a warning. */
function newsOf({ healths, kept, errors }: Healths, disabled: ReadonlyMap<string, string>, at: number): News[] {
  const news = [...disabled].map(([webhookId, reason]): News => {
    const health = healths.get(webhookId)?.after ?? healthy;
    const { failingSince: since, failures } = health;
    const lastError = errors.get(webhookId) ?? null;
    return { kind: 'webhook_disabled', webhookId, since, failures, lastError, reason, disablesAt: null, at };
  });
  for (const [webhookId, { before, after }] of healths) {
    const { warnedAt, lastError } = kept.get(webhookId) ?? { warnedAt: null, lastError: null };
    if (warnedAt === null || after.failingSince !== null) continue;
    const { failingSince: since, failures } = before;
    news.push({ kind: 'webhook_recovered', webhookId, since, failures, lastError, reason: null, disablesAt: null, at });
  }
  return news;
}
