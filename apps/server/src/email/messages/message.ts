/**
 * A message is `settling` from its opening until it leaves, `sending` from the moment that its bytes are frozen until the provider's
 * answer is known, and then ends: `sent`, `skipped` or `failed` with a reason, or `unknown`, when nobody can say whether the provider
 * took it. One that a provider surely did not take is `settling` again.
 */
export type MessageState = 'settling' | 'sending' | 'sent' | 'skipped' | 'failed' | 'unknown';

/**
 * How a message came to be. `news` takes in what happens to its order until it leaves; the others are for one campaign: `visit` goes by
 * the time of a visit, `copy` to another recipient or of another campaign than the one it came with, `again` at the operator's wish.
 */
export type MessageKind = 'news' | 'visit' | 'copy' | 'again';

/** A message that a worker holds by its lease. Times are ms UTC. */
export interface Claimed {
  readonly id: string;
  readonly supplierId: string;
  readonly orderId: string;
  readonly campaignId: string;
  readonly kind: MessageKind;
  readonly createdAt: number;
  /** When it was to leave, of one that goes by a visit. */
  readonly momentAt: number | null;
  /** The local day of that visit, YYYY-MM-DD. */
  readonly visitDate: string | null;
  /** Null before the first attempt, apart from one that was opened for an address of its own. */
  readonly address: string | null;
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
  /** Which of the supplier's providers; null: the instance's. */
  readonly providerId: string | null;
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
  readonly campaignId: string;
  /** Its name. */
  readonly campaign: string;
  readonly kind: MessageKind;
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
  /** The message that it was made of: of a copy, and of one that is sent again. */
  readonly copyOf: string | null;
}
