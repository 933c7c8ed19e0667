import type { MessageState } from '../messages/message.ts';

/** What came of one turn of a message, for the log: ids and codes, never an address or a text of the guest's or of a provider. */
export interface FinishedMessage {
  readonly messageId: string;
  readonly supplierId: string;
  readonly orderId: string;
  /** `settling`: it waits for another attempt. */
  readonly state: Exclude<MessageState, 'sending'>;
  /** The code of the provider's answer where it did not take the message, such as `550` or `ECONNREFUSED`. */
  readonly code: string | null;
  /** Attempts made so far. */
  readonly attempts: number;
}
