import type { Db } from '../../platform/db/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Outbound, Reply } from '../../platform/outbound/index.ts';
import type { Job } from '../deliveries/delivery.ts';
import type { Seal } from '../subscriptions/webhook.ts';
import { BusyEnds } from './busy-ends.ts';
import { endpointCache } from './endpoint.ts';
import { type Finished, finishedOf, isBusy, putBack } from './finished.ts';
import { type EngineLimits, engineLimits } from './limits.ts';
import { Lines } from './lines.ts';
import { createNotes } from './notes.ts';
import { Places } from './places.ts';
import { requestOf } from './request.ts';
import { createSettlement, type Stored } from './settlement.ts';
import { claimDue, endForeignLeases, loadClaimed, releaseLeases, sweepHeads } from './store.ts';

/** How long a delivery waits that could not be sent by a fault of ours, ms. */
const faultWaitMs = 60_000;

/** What the engine needs. `random` is in [0, 1); `onAttempt` is told of each attempt, for metrics. */
export interface EngineDeps {
  readonly db: Db;
  readonly outbound: Outbound;
  readonly seal: Seal;
  readonly log: Log;
  readonly now: () => number;
  readonly newId: () => string;
  readonly random: () => number;
  readonly userAgent: string;
  /** No other process works on the database: leases that are there at the start were held by one that is gone. */
  readonly alone: boolean;
  /** What differs from `engineLimits`. */
  readonly limits?: Partial<EngineLimits>;
  readonly onAttempt?: (finished: Finished) => void;
}

/** Deliveries of one transaction that may be leased as they are created, and sent from memory. */
export interface Leasing {
  /** Whether a delivery to this webhook may be; keeps a place for it. */
  take(webhookId: string): boolean;
  /** Takes those that are leased to this engine, once they are committed. */
  offer(jobs: readonly Job[]): void;
}

/** Claims what is due, sends it, settles the outcome. Any number of engines may work on one database. */
export interface Engine {
  /** The token of this process's leases. */
  readonly leaseToken: string;
  readonly leaseMs: number;
  /** Begins the leasing of what a transaction creates. */
  leasing(): Leasing;
  /** Until when something leased now may be started, in monotonic ms. */
  startBefore(): number;
  start(): void;
  /**
   * Starts nothing more, gives back what waits, and finishes what is under way. What is not stored within the limit, ms, is
   * abandoned to its lease: it is sent again.
   */
  stop(limitMs: number): Promise<void>;
}

/** See `Engine`. */
export function createEngine(deps: EngineDeps): Engine {
  const { db, outbound, log, now } = deps;
  const limits: EngineLimits = { ...engineLimits, ...deps.limits };
  const leaseToken = deps.newId();
  const endpoint = endpointCache(deps.seal, deps.userAgent);
  const notes = createNotes(log);
  const lines = new Lines<Job>({ perLine: limits.perWebhook, run: (job) => void send(job) });
  const places = new Places({
    limits,
    lengthOf: (webhookId) => lines.length(webhookId),
    monotonicNow: () => performance.now(),
  });
  const busyEnds = new BusyEnds();
  /** Webhooks whose receiver said that it is gone, by the revision that it said so of: nothing more is sent to that one. */
  const gone = new Map<string, number>();
  /** Webhooks that had enough in hand when there was more for them: to be claimed once their lines are shorter. */
  const passedOver = new Set<string>();
  let running = false;
  let claiming: Promise<void> | undefined;
  let claimAgain = false;
  /** The last claim was full: there is more than this process took. */
  let backlog = false;
  const endings: (() => void)[] = [];

  const settlement = createSettlement({
    db,
    now,
    batch: limits.settleBatch,
    lingerMs: limits.settleLingerMs,
    retryMs: 500,
    onStored,
    onError: notes.notStored,
  });

  function onStored({ count, promoted, disabled }: Stored): void {
    places.inHand -= count;
    for (const [webhook, reason] of disabled) notes.disabled(webhook, reason);
    if (promoted > 0 || (backlog && places.inHand < limits.inHand / 2)) wake();
    for (const webhookId of passedOver) {
      if (lines.length(webhookId) >= places.mostPerWebhook / 2) continue;
      passedOver.delete(webhookId);
      wake();
    }
  }

  async function send(job: Job): Promise<void> {
    const startedAt = now();
    places.size -= job.viewBody.length;
    const { active, revision } = job.endpoint;
    // Not started: its lease may run out while it is under way, or its webhook is disabled, which settling looks at.
    if (performance.now() > job.startBefore || !active || gone.get(job.webhookId) === revision) {
      finish(putBack(job, startedAt));
      return;
    }
    let reply: Reply;
    try {
      const target = endpoint(job.endpoint);
      const { headers, body } = requestOf(job, target, startedAt);
      const { timeoutMs, maxResponseBytes } = limits;
      reply = await outbound.post({ pool: job.webhookId, url: target.url, headers, body, timeoutMs, maxResponseBytes });
    } catch (error) {
      const reason = notes.fault(job, error);
      finish(putBack(job, now() + faultWaitMs, reason));
      return;
    }
    const busyBefore = busyEnds.count(job.deliveryId, isBusy(reply));
    finish(finishedOf(job, reply, { startedAt, now: now(), random: deps.random(), busyBefore, newId: deps.newId }));
  }

  function finish(finished: Finished): void {
    const { webhookId } = finished;
    settlement.add(finished);
    if (finished.disable !== null) gone.set(webhookId, finished.disable.revision);
    lines.done(webhookId);
    if (finished.attempt !== null) {
      deps.onAttempt?.(finished);
      notes.attempt(finished, finished.attempt);
    }
    if (lines.running === 0) for (const ended of endings.splice(0)) ended();
  }

  function take(jobs: readonly Job[]): void {
    if (!running) {
      // Committed after the stop: whoever is there may have them at once.
      giveBack(jobs.map((job) => job.deliveryId)).catch(notes.notGivenBack);
      return;
    }
    places.inHand += jobs.length;
    for (const job of jobs) {
      places.size += job.viewBody.length;
      lines.add(job.webhookId, job);
    }
  }

  function giveBack(ids: readonly string[]): Promise<number> {
    return releaseLeases(db, ids, leaseToken);
  }

  function wake(): void {
    if (!running) return;
    if (claiming !== undefined) {
      claimAgain = true;
      return;
    }
    claiming = claim()
      .catch(notes.notClaimed)
      .finally(() => {
        claiming = undefined;
        if (!claimAgain) return;
        claimAgain = false;
        wake();
      });
  }

  async function claim(): Promise<void> {
    const limit = Math.min(limits.claimBatch, places.claimable);
    if (limit <= 0) return;
    const startBefore = engine.startBefore();
    const exceptWebhooks = lines.fullerThan(places.mostPerWebhook);
    for (const webhookId of exceptWebhooks) passedOver.add(webhookId);
    const ids = await claimDue(db, { now: now(), limit, leaseMs: limits.leaseMs, token: leaseToken, exceptWebhooks });
    backlog = ids.length === limit;
    if (ids.length === 0) return;
    const claimed = await loadClaimed(db, ids);
    take(claimed.map((one) => ({ ...one, leaseToken, startBefore })));
    if (backlog) claimAgain = true;
  }

  async function sweep(): Promise<void> {
    const repaired = await sweepHeads(db);
    if (repaired === 0) return;
    notes.repaired(repaired);
    wake();
  }

  async function begin(): Promise<void> {
    if (deps.alone) await endForeignLeases(db, leaseToken);
    wake();
    await sweep();
  }

  /** Resolves when nothing is under way and every outcome is stored. */
  async function finishAll(): Promise<void> {
    const unsent = lines.clear();
    places.inHand -= unsent.length;
    places.size = 0;
    await claiming;
    await giveBack(unsent.map((job) => job.deliveryId)).catch(notes.notGivenBack);
    if (lines.running > 0) await new Promise<void>((resolve) => endings.push(resolve));
    await settlement.drain();
  }

  let timers: NodeJS.Timeout[] = [];
  let unlisten: (() => void) | undefined;

  const engine: Engine = {
    leaseToken,
    leaseMs: limits.leaseMs,
    leasing() {
      const reservation = places.reserve();
      return {
        take(webhookId) {
          if (!running) return false;
          if (reservation.take(webhookId)) return true;
          passedOver.add(webhookId);
          return false;
        },
        offer(jobs) {
          reservation.end();
          if (jobs.length > 0) take(jobs);
        },
      };
    },
    startBefore: () => performance.now() + limits.leaseMs - limits.timeoutMs - 5000,
    start() {
      running = true;
      unlisten = db.listen('deliveries', wake);
      const sweeping = () => void sweep().catch(notes.notSwept);
      timers = [setInterval(wake, limits.pollMs), setInterval(sweeping, limits.sweepMs)];
      begin().catch(notes.notSwept);
    },
    async stop(limitMs) {
      running = false;
      unlisten?.();
      for (const timer of timers) clearInterval(timer);
      const { promise: late, resolve } = Promise.withResolvers<'late'>();
      const timer = setTimeout(resolve, limitMs, 'late');
      if ((await Promise.race([finishAll(), late])) === 'late') notes.abandoned(lines.running, settlement.abandon());
      clearTimeout(timer);
    },
  };
  return engine;
}
