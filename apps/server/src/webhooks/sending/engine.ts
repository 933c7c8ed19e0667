import type { Db } from '../../platform/db/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Outbound, Reply } from '../../platform/outbound/index.ts';
import type { Job } from '../deliveries/delivery.ts';
import { claimDue, loadClaimed, releaseLeases, sweepHeads } from '../deliveries/store.ts';
import type { Seal } from '../subscriptions/webhook.ts';
import { type Endpoint, endpointCache } from './endpoint.ts';
import { type Finished, finishedOf } from './finished.ts';
import { Lines } from './lines.ts';
import { requestOf } from './request.ts';
import { createSettlement } from './settlement.ts';

/** Limits of one process's sending; times in ms. */
export interface EngineLimits {
  /** Requests to one webhook at a time. */
  readonly perWebhook: number;
  /** Deliveries of one webhook in memory, waiting or under way. */
  readonly inHandPerWebhook: number;
  /** Deliveries in memory in all. */
  readonly inHand: number;
  /** Deliveries claimed by one statement. */
  readonly claimBatch: number;
  readonly leaseMs: number;
  readonly timeoutMs: number;
  readonly pollMs: number;
  readonly sweepMs: number;
  readonly settleBatch: number;
  readonly settleLingerMs: number;
}

/** The limits of design.md. */
export const engineLimits: EngineLimits = {
  perWebhook: 16,
  inHandPerWebhook: 256,
  inHand: 2048,
  claimBatch: 200,
  leaseMs: 60_000,
  timeoutMs: 15_000,
  pollMs: 1000,
  sweepMs: 60_000,
  settleBatch: 256,
  settleLingerMs: 5,
};

/** How much of an answer is kept, bytes. */
const maxResponseBytes = 16_384;

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
  /** What differs from `engineLimits`. */
  readonly limits?: Partial<EngineLimits>;
  readonly onAttempt?: (finished: Finished) => void;
}

/** Claims what is due, sends it, settles the outcome. Any number of engines may work on one database. */
export interface Engine {
  /** The token of this process's leases. */
  readonly leaseToken: string;
  readonly leaseMs: number;
  /** Whether a delivery that is being created may be leased to this engine and sent from memory. */
  accepts(webhookId: string): boolean;
  /** Until when something leased now may be started, in monotonic ms. */
  startBefore(): number;
  /** Takes deliveries that are leased to this engine. */
  offer(jobs: readonly Job[]): void;
  start(): void;
  /** Starts nothing more, finishes what is under way, gives the rest back. */
  stop(): Promise<void>;
}

/** See `Engine`. */
export function createEngine(deps: EngineDeps): Engine {
  const { db, outbound, log, now } = deps;
  const limits: EngineLimits = { ...engineLimits, ...deps.limits };
  const leaseToken = deps.newId();
  const endpoint = endpointCache(deps.seal, deps.userAgent);
  const lines = new Lines<Job>({ perLine: limits.perWebhook, run: (job) => void send(job) });
  /** Leased to this process and not settled yet. */
  let inHand = 0;
  /** Webhooks that had enough in hand when there was more for them: to be claimed once their lines are shorter. */
  const passedOver = new Set<string>();
  let running = false;
  let claiming: Promise<void> | undefined;
  let claimAgain = false;
  const endings: (() => void)[] = [];

  const settlement = createSettlement({
    db,
    now,
    batch: limits.settleBatch,
    lingerMs: limits.settleLingerMs,
    retryMs: 500,
    onStored(count, promoted) {
      inHand -= count;
      if (promoted > 0 || (backlog && inHand < limits.inHand / 2)) wake();
      for (const webhookId of passedOver) {
        if (lines.length(webhookId) >= limits.inHandPerWebhook / 2) continue;
        passedOver.delete(webhookId);
        wake();
      }
    },
    onError: (error) => log.error({ code: 'delivery.settle_failed', err: error }, 'outcomes could not be stored'),
  });
  /** The last claim was full: there is more than this process took. */
  let backlog = false;

  async function send(job: Job): Promise<void> {
    const target = endpoint(job.endpoint);
    const startedAt = now();
    if (performance.now() > job.startBefore) {
      // The lease may run out while it is under way: whoever claims it next sends it.
      finish(job, target, null, startedAt);
      return;
    }
    if (!job.endpoint.active) {
      finish(job, target, null, startedAt, 'the webhook is disabled');
      return;
    }
    const { headers, body } = requestOf(job, target, startedAt);
    const { timeoutMs } = limits;
    const reply = await outbound.post({
      pool: target.webhookId,
      url: target.url,
      headers,
      body,
      timeoutMs,
      maxResponseBytes,
    });
    finish(job, target, reply, startedAt);
  }

  function finish(job: Job, target: Endpoint, reply: Reply | null, startedAt: number, heldFor?: string): void {
    const finished = finishedOf(job, reply, {
      startedAt,
      now: now(),
      random: deps.random(),
      retryOnError: target.retryOnError,
      newId: deps.newId,
      heldFor: heldFor ?? null,
    });
    settlement.add(finished);
    lines.done(target.webhookId);
    if (finished.attempt !== null) {
      deps.onAttempt?.(finished);
      const { state, reason, step } = finished.settled;
      const { status, reason: failure, durationMs } = finished.attempt;
      const fields = {
        code: 'delivery.attempt',
        delivery: job.deliveryId,
        webhook: job.webhookId,
        state,
        step,
        status,
        failure,
        durationMs,
      };
      if (state === 'delivered') log.debug(fields, 'delivered');
      else if (state === 'pending') log.info({ ...fields, dueAt: finished.settled.dueAt }, 'to be sent again');
      else log.warn({ ...fields, reason }, 'gave up');
    }
    if (lines.running === 0) for (const ended of endings.splice(0)) ended();
  }

  function wake(): void {
    if (!running) return;
    if (claiming !== undefined) claimAgain = true;
    else
      claiming = claim()
        .catch((error) => log.error({ code: 'delivery.claim_failed', err: error }, 'deliveries could not be claimed'))
        .finally(() => {
          claiming = undefined;
          if (claimAgain) {
            claimAgain = false;
            wake();
          }
        });
  }

  async function claim(): Promise<void> {
    const limit = Math.min(limits.claimBatch, limits.inHand - inHand);
    if (limit <= 0) return;
    const startBefore = engine.startBefore();
    const exceptWebhooks = lines.fullerThan(limits.inHandPerWebhook);
    for (const webhookId of exceptWebhooks) passedOver.add(webhookId);
    const ids = await claimDue(db, { now: now(), limit, leaseMs: limits.leaseMs, token: leaseToken, exceptWebhooks });
    backlog = ids.length === limit;
    if (ids.length === 0) return;
    const rows = await loadClaimed(db, ids);
    if (!running) {
      await releaseLeases(db, ids, leaseToken);
      return;
    }
    engine.offer(
      rows.map((row) => ({
        deliveryId: row.id,
        webhookId: row.endpoint.webhookId,
        event: row.event,
        language: row.language,
        versionBody: row.version_body,
        viewBody: row.view_body,
        step: row.step,
        leaseToken,
        startBefore,
        endpoint: row.endpoint,
      })),
    );
    if (backlog) claimAgain = true;
  }

  let timers: NodeJS.Timeout[] = [];
  let unlisten: (() => void) | undefined;

  const engine: Engine = {
    leaseToken,
    leaseMs: limits.leaseMs,
    accepts(webhookId) {
      if (!running || inHand >= limits.inHand) return false;
      if (lines.length(webhookId) < limits.inHandPerWebhook) return true;
      passedOver.add(webhookId);
      return false;
    },
    startBefore: () => performance.now() + limits.leaseMs - limits.timeoutMs - 5000,
    offer(jobs) {
      inHand += jobs.length;
      for (const job of jobs) lines.add(job.webhookId, job);
    },
    start() {
      running = true;
      unlisten = db.listen('deliveries', wake);
      const sweep = (): void => {
        sweepHeads(db)
          .then((repaired) => {
            if (repaired === 0) return;
            log.warn({ code: 'delivery.heads_repaired', repaired }, 'lanes without a head were repaired');
            wake();
          })
          .catch((error) => log.error({ code: 'delivery.sweep_failed', err: error }, 'lanes could not be swept'));
      };
      timers = [setInterval(wake, limits.pollMs), setInterval(sweep, limits.sweepMs)];
      sweep();
      wake();
    },
    async stop() {
      running = false;
      unlisten?.();
      for (const timer of timers) clearInterval(timer);
      await claiming;
      const unsent = lines.clear();
      if (lines.running > 0) await new Promise<void>((resolve) => endings.push(resolve));
      await settlement.drain();
      await releaseLeases(
        db,
        unsent.map((job) => job.deliveryId),
        leaseToken,
      );
      inHand -= unsent.length;
    },
  };
  return engine;
}
