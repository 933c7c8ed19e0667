import type { Db } from '../../platform/db/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Outbound, Reply } from '../../platform/outbound/index.ts';
import type { Job } from '../deliveries/delivery.ts';
import { type LaneCursor, setAside, sweepHeads } from '../deliveries/lanes.ts';
import type { Seal, Webhook } from '../subscriptions/webhook.ts';
import { BusyEnds } from './busy-ends.ts';
import { endForeignLeases, makeDue, releaseLeases } from './claim-store.ts';
import { createClaimer } from './claimer.ts';
import { endpointCache } from './endpoint.ts';
import { type Finished, finishedOf, isBusy, putBack } from './finished.ts';
import { type Health, healthAfter, healthy } from './health.ts';
import { type EngineLimits, engineLimits } from './limits.ts';
import { Lines } from './lines.ts';
import { createNotes } from './notes.ts';
import { Places } from './places.ts';
import { requestOf } from './request.ts';
import { createSettlement, type Stored } from './settlement.ts';

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
  take(webhook: Pick<Webhook, 'id' | 'sending'>): boolean;
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
  const lines = new Lines<Job>((job) => void send(job));
  const places = new Places({
    limits,
    lengthOf: (webhookId) => lines.length(webhookId),
    monotonicNow: () => performance.now(),
  });
  const busyEnds = new BusyEnds();
  /** Webhooks whose receiver said that it is gone, by the revision that it said so of: nothing more is sent to that one. */
  const gone = new Map<string, number>();
  /** How it goes with webhooks that are not healthy, as far as this process knows. */
  const unwell = new Map<string, Health>();
  /** How many failures of a webhook are not stored yet: until they are, what is stored of its health is old. */
  const unstored = new Map<string, number>();
  let running = false;
  const endings: (() => void)[] = [];

  const settlement = createSettlement({
    db,
    now,
    batch: limits.settleBatch,
    lingerMs: limits.settleLingerMs,
    retryMs: 500,
    isHealthy: (webhookId) => !unwell.has(webhookId),
    onStored,
    onError: notes.notStored,
  });

  const claimer = createClaimer({
    db,
    limits,
    leaseToken,
    now,
    running: () => running,
    roomFor: (webhookId) => places.roomFor(webhookId),
    startBefore: () => engine.startBefore(),
    take,
    found: learnStored,
    outOfLine: () => db.notify('standing'),
    failed: notes.notClaimed,
  });

  function onStored({ count, promoted, disabled, healths, failed }: Stored): void {
    places.inHand -= count;
    for (const webhookId of failed) {
      const left = (unstored.get(webhookId) ?? 0) - 1;
      if (left > 0) unstored.set(webhookId, left);
      else unstored.delete(webhookId);
    }
    for (const [webhook, reason] of disabled) notes.disabled(webhook, reason);
    for (const [webhookId, { before, after }] of healths) {
      learnStored(webhookId, after);
      notes.health(webhookId, before, after);
      if (before.rests > 0 && after.rests === 0) recover(webhookId).catch(notes.notClaimed);
    }
    for (const webhookId of promoted) claimer.more(webhookId);
    claimer.goOn();
  }

  /** Takes note of how a webhook is; where it rests, what waits to be sent goes back. */
  function learn(webhookId: string, health: Health): void {
    if (health.failingSince === null) unwell.delete(webhookId);
    else unwell.set(webhookId, health);
    if (health.restingUntil === null) return;
    const unsent = lines.empty(webhookId).filter((job) => !job.probe);
    places.inHand -= unsent.length;
    for (const job of unsent) places.size -= job.viewBody.length;
    giveBack(unsent.map((job) => job.deliveryId)).catch(notes.notGivenBack);
  }

  function learnStored(webhookId: string, health: Health): void {
    if (!unstored.has(webhookId)) learn(webhookId, health);
  }

  const rests = (webhookId: string): boolean => (unwell.get(webhookId)?.restingUntil ?? null) !== null;

  /** A webhook that rested answers again: what it is owed goes now, in order, and not when the schedule would have tried it. */
  async function recover(webhookId: string): Promise<void> {
    while (running && (await makeDue(db, webhookId, now())) > 0) claimer.more(webhookId);
    claimer.more(webhookId);
  }

  async function send(job: Job): Promise<void> {
    const startedAt = now();
    places.size -= job.viewBody.length;
    const { active, revision } = job.endpoint;
    // Not started: its lease may run out while it is under way, or its webhook is disabled, which settling looks at.
    const resting = rests(job.webhookId) && !job.probe;
    if (performance.now() > job.startBefore || !active || resting || gone.get(job.webhookId) === revision) {
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
    const { webhookId, tried } = finished;
    // At once, not when it is stored: a receiver that refuses quickly would get hundreds meanwhile.
    if (tried?.failed) {
      unstored.set(webhookId, (unstored.get(webhookId) ?? 0) + 1);
      learn(webhookId, healthAfter(unwell.get(webhookId) ?? healthy, tried));
    }
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
      lines.add(job.webhookId, job, Math.min(job.endpoint.sending.concurrency, limits.perWebhook));
    }
  }

  function giveBack(ids: readonly string[]): Promise<number> {
    return releaseLeases(db, ids, leaseToken);
  }

  async function sweep(): Promise<void> {
    let at: LaneCursor | null = null;
    do {
      const swept: Awaited<ReturnType<typeof sweepHeads>> = await sweepHeads(db, at);
      at = swept.next;
      if (swept.repaired === 0) continue;
      notes.repaired(swept.repaired);
      claimer.look();
    } while (at !== null && running);
  }

  async function sweepAside(): Promise<void> {
    for (let more = true; more && running; ) {
      const aside = await setAside(db, now());
      for (const webhookId of aside.webhooks) claimer.more(webhookId);
      more = aside.more;
    }
  }

  async function begin(): Promise<void> {
    if (deps.alone) await endForeignLeases(db, leaseToken);
    claimer.look();
    await sweep();
  }

  /** Resolves when nothing is under way and every outcome is stored. */
  async function finishAll(): Promise<void> {
    const unsent = lines.clear();
    places.inHand -= unsent.length;
    places.size = 0;
    await claimer.idle();
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
      /** There was no room for what is created for these. */
      const passedOver = new Set<string>();
      return {
        take({ id, sending }) {
          // What is sent at a limited rate is claimed at that rate.
          if (!running || rests(id) || sending.rateLimit !== null) return false;
          if (reservation.take(id)) return true;
          passedOver.add(id);
          return false;
        },
        offer(jobs) {
          reservation.end();
          if (jobs.length > 0) take(jobs);
          for (const webhookId of passedOver) claimer.more(webhookId);
        },
      };
    },
    startBefore: () => performance.now() + limits.leaseMs - limits.timeoutMs - 5000,
    start() {
      running = true;
      unlisten = db.listen('deliveries', claimer.look);
      const sweeping = () => void sweep().catch(notes.notSwept);
      const settingAside = () => void sweepAside().catch(notes.notSwept);
      timers = [
        setInterval(claimer.look, limits.pollMs),
        setInterval(sweeping, limits.sweepMs),
        setInterval(settingAside, limits.asideMs),
      ];
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
