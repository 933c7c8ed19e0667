import type { Job } from '../deliveries/delivery.ts';
import type { Webhook } from '../subscriptions/webhook.ts';
import { createAttempting } from './attempting.ts';
import { createCatchingUp } from './catching-up.ts';
import { endForeignLeases, releaseLeases } from './claim-store.ts';
import { createClaimer } from './claimer.ts';
import type { EngineDeps } from './engine-deps.ts';
import { type Finished, putBack } from './finished.ts';
import type { Health } from './health.ts';
import { type EngineLimits, engineLimits } from './limits.ts';
import { Lines } from './lines.ts';
import { createNotes } from './notes.ts';
import { Places } from './places.ts';
import { createSettlement, type Stored } from './settlement.ts';
import { createSweeping } from './sweeping.ts';
import { Wellness } from './wellness.ts';

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
  const { db, log, now } = deps;
  const limits: EngineLimits = { ...engineLimits, ...deps.limits };
  const leaseToken = deps.newId();
  const notes = createNotes(log);
  const attempt = createAttempting(deps, limits, notes);
  const monotonicNow = () => performance.now();
  const lines = new Lines<Job>({ run: (job) => void send(job), monotonicNow });
  const places = new Places({
    limits,
    lengthOf: (webhookId) => lines.length(webhookId),
    monotonicNow,
  });
  /** Webhooks whose receiver said that it is gone, by the revision that it said so of: nothing more is sent to that one. */
  const gone = new Map<string, number>();
  const wellness = new Wellness();
  let running = false;
  const endings: (() => void)[] = [];

  const settlement = createSettlement({
    db,
    now,
    newId: deps.newId,
    batch: limits.settleBatch,
    lingerMs: limits.settleLingerMs,
    retryMs: 500,
    isHealthy: (webhookId) => wellness.isHealthy(webhookId),
    onStored,
    onError: notes.notStored,
  });

  const claimer = createClaimer({
    db,
    limits,
    leaseToken,
    now,
    running: () => running,
    roomFor: (webhookId) => places.roomFor(webhookId, lines.worthHaving(webhookId, limits.leastPerWebhook)),
    startBefore: () => engine.startBefore(),
    traced: deps.tracing !== undefined,
    take,
    claimed: (count) => deps.onBatch?.('claim', count),
    moment: () => wellness.moment,
    found: learn,
    outOfLine: () => db.notify('standing'),
    failed: notes.notClaimed,
  });

  function onStored({ count, promoted, disabled, healths, failed }: Stored): void {
    places.inHand -= count;
    deps.onBatch?.('settle', count);
    for (const webhookId of failed) wellness.stored(webhookId);
    for (const [webhook, reason] of disabled) notes.disabled(webhook, reason);
    for (const [webhookId, { before, after }] of healths) {
      learn(webhookId, after, wellness.moment);
      notes.health(webhookId, before, after);
      if (after.rests === 0 && before.rests > 0) catchingUp.recover(webhookId, before.rests).catch(notes.notClaimed);
    }
    for (const webhookId of promoted) claimer.more(webhookId);
    claimer.goOn();
  }

  function learn(webhookId: string, health: Health, asOf: number): void {
    wellness.learn(webhookId, health, asOf);
    leaveAlone(webhookId);
  }

  /** Gives back what waits for a webhook that rests; a probe goes on waiting. */
  function leaveAlone(webhookId: string): void {
    if (!wellness.rests(webhookId)) return;
    giveUnsentBack(lines.empty(webhookId, (job) => !job.probe)).catch(notes.notGivenBack);
  }

  function giveUnsentBack(unsent: readonly Job[]): Promise<number> {
    places.inHand -= unsent.length;
    for (const job of unsent) places.size -= job.viewBody.length;
    return giveBack(unsent.map((job) => job.deliveryId));
  }

  async function send(job: Job): Promise<void> {
    const { webhookId, endpoint } = job;
    places.size -= job.viewBody.length;
    const resting = wellness.rests(webhookId) && !job.probe;
    // Not started: its lease may run out while it is under way, or its webhook is disabled, which settling looks at.
    const tooLate = performance.now() > job.startBefore;
    const startable = endpoint.active && !resting && !tooLate && gone.get(webhookId) !== endpoint.revision;
    finish(startable ? await attempt(job) : putBack(job, now()));
  }

  function finish(finished: Finished): void {
    const { webhookId, tried } = finished;
    if (tried?.failed) {
      wellness.failed(webhookId, tried);
      leaveAlone(webhookId);
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

  const sweeping = createSweeping({
    db,
    now,
    running: () => running,
    more: claimer.more,
    look: claimer.look,
    notes,
  });

  const catchingUp = createCatchingUp({ db, now, running: () => running, lines, giveUnsentBack, more: claimer.more });

  async function begin(): Promise<void> {
    if (deps.alone) await endForeignLeases(db, leaseToken);
    claimer.look();
    await sweeping.heads();
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
          if (!running || wellness.rests(id) || sending.rateLimit !== null) return false;
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
      const reviewing = () => void catchingUp.review().catch(notes.notGivenBack);
      const unlistens = [db.listen('deliveries', claimer.look), db.listen('standing', reviewing)];
      unlisten = () => {
        for (const end of unlistens) end();
      };
      timers = [
        setInterval(claimer.look, limits.pollMs),
        // Also without a hint: what was being claimed when it came was not in a line yet.
        setInterval(reviewing, limits.pollMs),
        setInterval(() => void sweeping.heads().catch(notes.notSwept), limits.sweepMs),
        setInterval(() => void sweeping.aside().catch(notes.notSwept), limits.asideMs),
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
