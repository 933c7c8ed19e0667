/**
 * A message is `settling` from its opening until it leaves, `sending` from the moment that its bytes are frozen until the provider's
 * answer is known, and then ends: `sent`, `skipped` or `failed` with a reason, or `unknown`, when nobody can say whether the provider
 * took it. One that a provider surely did not take is `settling` again.
 */
export type MessageState = 'settling' | 'sending' | 'sent' | 'skipped' | 'failed' | 'unknown';

/** A message that a worker holds by its lease. */
export interface Claimed {
  readonly id: string;
  readonly supplierId: string;
  readonly orderId: string;
  readonly campaignId: string;
  /** Attempts made so far. */
  readonly attempts: number;
  /** How often in a row it could not even be looked at or written. */
  readonly failures: number;
  /** Message-ID, with angle brackets; null before the first attempt. */
  readonly headerId: string | null;
  readonly leaseToken: string;
}

/** A message that was being handed over when its worker was lost. */
export interface Lost extends Claimed {
  readonly headerId: string;
  readonly provider: string;
}

/** A booking of a message and the events that the message is about. */
export interface MessageBooking {
  readonly uuid: string;
  readonly firstEventId: string;
  readonly lastEventId: string;
}

/** What the operator sees of a message. Times are ms UTC. */
export interface MessageRecord {
  readonly id: string;
  readonly orderId: string;
  readonly campaign: string;
  readonly state: MessageState;
  readonly reason: string | null;
  readonly address: string | null;
  readonly language: string | null;
  readonly subject: string | null;
  readonly provider: string | null;
  readonly attempts: number;
  readonly dueAt: number;
  readonly createdAt: number;
  readonly endedAt: number | null;
}
