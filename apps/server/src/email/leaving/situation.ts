import type { BookingDocument, OrderDocument } from '@carillon/contract';
import type { Campaign } from '../campaigns/campaign.ts';
import type { Claimed } from '../messages/message.ts';
import type { SupplierProfile } from '../suppliers.ts';
import type { Suppression } from '../suppressions/suppression.ts';
import type { GuestSince } from './recovery.ts';

/** How an order was before the first event that a message is about; null: it was not there. */
export interface OrderChange {
  readonly before: OrderDocument | null;
  readonly current: OrderDocument;
}

/** A booking of a message that is about to leave. */
export interface Concerned {
  /** Before the first event that the message is about; null for a booking that was not there; the same as `current` where nothing happened to it. */
  readonly before: BookingDocument | null;
  /** As it is now. */
  readonly current: BookingDocument;
  /** Of its last event; 0 where that is not known. */
  readonly position: number;
  readonly connectionId: string | null;
  /** Whether its connection's guests get e-mails; otherwise `emailReceipt` decides. */
  readonly emails: boolean;
}

/** What is known of the guest's address beside this order. */
export interface KnownGuest {
  /** Nothing was held or booked with it before, in another order. */
  readonly firstTime: boolean;
  /** When it was sent marketing, ms UTC. */
  readonly marketingAt: readonly number[];
}

/** What a decision asks of the message itself. Times are ms UTC. */
export interface DecidedMessage
  extends Pick<Claimed, 'kind' | 'campaignId' | 'visitDate' | 'momentAt' | 'createdAt' | 'attempts'> {
  /** The one address that it goes to; null: as its campaign says. */
  readonly only: string | null;
  /** When the last thing happened that it is about. */
  readonly newestAt: number;
  /** When the first visit begins that it is about; null: it is not about visits. */
  readonly visitStartsAt: number | null;
}

/** All that a message is decided on, at `now` (ms UTC). */
export interface Situation {
  readonly message: DecidedMessage;
  readonly supplier: SupplierProfile;
  readonly campaigns: readonly Campaign[];
  /** Undefined where the order has no document of its own. Its `before` is as it is now where the message is about its bookings alone. */
  readonly order: OrderChange | undefined;
  readonly bookings: readonly Concerned[];
  readonly since: GuestSince;
  readonly guest: KnownGuest;
  /** What stands in the way of writing to the guest's address. */
  readonly suppressions: readonly Pick<Suppression, 'scope' | 'reason'>[];
  readonly now: number;
}
