/** Limits of one process's sending; times in ms. */
export interface EngineLimits {
  /** Requests to one webhook at a time, at most: each has its own number. */
  readonly perWebhook: number;
  /** Deliveries of one webhook in memory, waiting or under way. */
  readonly inHandPerWebhook: number;
  /** Deliveries in memory in all, beyond which a webhook has no more than `leastPerWebhook`. */
  readonly inHand: number;
  /** Characters of bodies that wait in memory, beyond which it is the same. */
  readonly inHandSize: number;
  /** What a webhook may have in memory however much the others have. */
  readonly leastPerWebhook: number;
  /** Deliveries claimed in one turn. */
  readonly claimBatch: number;
  readonly leaseMs: number;
  readonly timeoutMs: number;
  /** How much of an answer is kept, bytes. */
  readonly maxResponseBytes: number;
  readonly pollMs: number;
  readonly sweepMs: number;
  /** How often is looked for deliveries that have held back their lanes for too long. */
  readonly asideMs: number;
  readonly settleBatch: number;
  readonly settleLingerMs: number;
}

/** The limits of design.md. */
export const engineLimits: EngineLimits = {
  perWebhook: 64,
  inHandPerWebhook: 1024,
  inHand: 4096,
  inHandSize: 64 * 1024 * 1024,
  leastPerWebhook: 16,
  claimBatch: 200,
  leaseMs: 60_000,
  timeoutMs: 15_000,
  maxResponseBytes: 16_384,
  pollMs: 1000,
  sweepMs: 60_000,
  asideMs: 5_000,
  settleBatch: 256,
  settleLingerMs: 5,
};
