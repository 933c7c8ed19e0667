import type { Db } from '../../platform/db/index.ts';
import type { Job } from '../deliveries/delivery.ts';
import type { RateLimit } from '../subscriptions/webhook.ts';
import { tracesOf } from '../tracing/store.ts';
import { type ClaimedId, claimShares, loadClaimed, type Share } from './claim-store.ts';
import type { Health } from './health.ts';
import { giveProbeBack, takeProbe } from './health-store.ts';
import type { EngineLimits } from './limits.ts';
import { paceAt, waitForOne } from './pace.ts';
import { lockPace, writePace } from './pace-store.ts';
import { type Turn, turnsAfter } from './turn-store.ts';

/** Finds deliveries that are due, a turn for each webhook, and leases as many as there is room for. */
export interface Claimer {
  /** A webhook may have deliveries that are due and that nobody has in hand. */
  more(webhookId: string): void;
  /** Looks through all webhooks that have deliveries waiting. */
  look(): void;
  /** There is room again: goes on with the webhooks that have more. */
  goOn(): void;
  /** Resolves when no claim is under way. */
  idle(): Promise<void>;
}

/** What claims are made with. */
export interface ClaimerDeps {
  readonly db: Db;
  readonly limits: EngineLimits;
  readonly leaseToken: string;
  readonly now: () => number;
  readonly running: () => boolean;
  /** How many more of a webhook this process has room for. */
  readonly roomFor: (webhookId: string) => number;
  readonly startBefore: () => number;
  /** Whether the traces of deliveries are asked for. */
  readonly traced: boolean;
  readonly take: (jobs: readonly Job[]) => void;
  /** Told of each claim that found something. */
  readonly claimed: (count: number) => void;
  /** Now, in the order of what is stored. */
  readonly moment: () => number;
  /** How webhooks stand, as was found at a moment; those that are not active have deliveries that do not agree with it. */
  readonly found: (webhookId: string, health: Health, asOf: number) => void;
  readonly outOfLine: () => void;
  readonly failed: (error: unknown) => void;
}

/** Webhooks that one statement claims of: each is a part of it. */
const sharesAtOnce = 8;
/** The least that a webhook has of a claim. */
const leastShare = 8;

/** See `Claimer`. */
export function createClaimer(deps: ClaimerDeps): Claimer {
  const { db, limits, leaseToken, now } = deps;
  /** Webhooks that may have more due than is in hand, those whose turn comes first in front. */
  const waiting = new Set<string>();
  /** The rate of those that have one, as was found. */
  const rates = new Map<string, RateLimit>();
  let looking = false;
  let cursor = '';
  let working: Promise<void> | undefined;
  let again = false;
  /** Webhooks with a limited rate that may be sent nothing before their time comes. */
  const throttled = new Map<string, NodeJS.Timeout>();

  function goOn(): void {
    if (!deps.running()) return;
    if (working !== undefined) {
      again = true;
      return;
    }
    working = work()
      .catch(deps.failed)
      .finally(() => {
        working = undefined;
        if (!again) return;
        again = false;
        goOn();
      });
  }

  async function work(): Promise<void> {
    if (looking) {
      looking = false;
      await look();
    }
    for (let shares = nextShares(); shares.length > 0 && deps.running(); shares = nextShares()) {
      await Promise.all([claim(shares.filter(({ webhookId }) => !rates.has(webhookId))), ...shares.map(claimPaced)]);
    }
  }

  async function look(): Promise<void> {
    const asOf = deps.moment();
    const { turns, next } = await turnsAfter(db, { webhookId: cursor, now: now() });
    cursor = next;
    if (next !== '') looking = again = true;
    await Promise.all(turns.map((turn) => takeTurn(turn, asOf)));
  }

  async function takeTurn({ webhookId, state, rateLimit, health, isDue }: Turn, asOf: number): Promise<void> {
    if (rateLimit === null) rates.delete(webhookId);
    else rates.set(webhookId, rateLimit);
    if (state !== 'active') {
      if (isDue) deps.outOfLine();
      return;
    }
    deps.found(webhookId, health, asOf);
    if (health.restingUntil === null) {
      if (isDue && !throttled.has(webhookId)) waiting.add(webhookId);
    } else if (health.restingUntil <= now()) {
      await probe(webhookId);
    }
  }

  /** Tries a webhook that rests, unless another process does. */
  async function probe(webhookId: string): Promise<void> {
    const until = now() + limits.leaseMs;
    const claimed = await db.transaction(async (tx) => {
      if (!(await takeProbe(tx, { webhookId, now: now(), until }))) return [];
      const one = await claimShares(tx, { ...claiming(), shares: [{ webhookId, limit: 1 }], early: true });
      if (one.length === 0) giveProbeBack(tx, webhookId, now());
      return one;
    });
    await load(claimed, true);
  }

  /** The next webhooks in turn that there is room for, with their shares. */
  function nextShares(): Share[] {
    const even = Math.max(leastShare, Math.floor(limits.claimBatch / Math.max(1, waiting.size)));
    const shares: Share[] = [];
    for (const webhookId of waiting) {
      const room = Math.min(deps.roomFor(webhookId), even, limits.claimBatch);
      if (room <= 0) continue;
      waiting.delete(webhookId);
      shares.push({ webhookId, limit: room });
      if (shares.length === sharesAtOnce) break;
    }
    return shares;
  }

  function claiming() {
    return { now: now(), leaseMs: limits.leaseMs, token: leaseToken };
  }

  async function claim(shares: readonly Share[]): Promise<void> {
    if (shares.length === 0) return;
    const claimed = await claimShares(db, { ...claiming(), shares });
    const taken = Map.groupBy(claimed, ({ webhookId }) => webhookId);
    for (const { webhookId, limit } of shares) {
      if ((taken.get(webhookId)?.length ?? 0) >= limit) waiting.add(webhookId);
    }
    await load(claimed, false);
  }

  /** Claims as many for a webhook with a limited rate as it may have now. */
  async function claimPaced({ webhookId, limit }: Share): Promise<void> {
    const rate = rates.get(webhookId);
    if (rate === undefined) return;
    const { claimed, wait } = await db.transaction(async (tx) => {
      const stored = await lockPace(tx, webhookId, rate.burst);
      const pace = paceAt(stored.pace, rate, stored.now);
      const most = Math.min(limit, Math.floor(pace.tokens));
      const claimed = most < 1 ? [] : await claimShares(tx, { ...claiming(), shares: [{ webhookId, limit: most }] });
      const left = { ...pace, tokens: pace.tokens - claimed.length };
      writePace(tx, webhookId, left);
      return { claimed, wait: claimed.length < most ? null : waitForOne(left, rate) };
    });
    if (wait === 0) waiting.add(webhookId);
    else if (wait !== null) later(webhookId, wait);
    await load(claimed, false);
  }

  function later(webhookId: string, ms: number): void {
    clearTimeout(throttled.get(webhookId));
    const goes = () => {
      throttled.delete(webhookId);
      more(webhookId);
    };
    throttled.set(webhookId, setTimeout(goes, ms).unref());
  }

  async function load(claimed: readonly ClaimedId[], probe: boolean): Promise<void> {
    if (claimed.length === 0) return;
    deps.claimed(claimed.length);
    const startBefore = deps.startBefore();
    const ids = claimed.map(({ id }) => id);
    const [loaded, traces] = await Promise.all([loadClaimed(db, ids), deps.traced ? tracesOf(db, ids) : undefined]);
    const traceOf = (id: string): string | null => traces?.get(id) ?? null;
    deps.take(loaded.map((one) => ({ ...one, probe, leaseToken, startBefore, traceparent: traceOf(one.deliveryId) })));
  }

  function more(webhookId: string): void {
    if (throttled.has(webhookId)) return;
    waiting.add(webhookId);
    goOn();
  }

  return {
    more,
    look() {
      looking = true;
      goOn();
    },
    goOn,
    async idle() {
      await working;
      for (const timer of throttled.values()) clearTimeout(timer);
    },
  };
}
