import type { BookingDocument, Contact, MovedMoney, Text } from '@carillon/contract';
import type { Campaign, GuestOccasion } from './campaigns/campaign.ts';
import type { SupplierProfile } from './suppliers.ts';

/** A document as one audience sees it: each text in one language. */
export type Shown<T> = T extends Text
  ? string
  : T extends readonly (infer Element)[]
    ? readonly Shown<Element>[]
    : T extends object
      ? { readonly [Key in keyof T]: Shown<T[Key]> }
      : T;

/** A booking in the guest's language. */
export type ShownBooking = Shown<BookingDocument>;

/** What a message has to say of one booking: what happened to it, and how it was before that and is now. */
export interface BookingFacts {
  readonly occasions: readonly GuestOccasion[];
  /** Null for a booking that did not exist before. */
  readonly before: ShownBooking | null;
  readonly after: ShownBooking;
  /** Position of the booking's last event: rises with each change. */
  readonly position: number;
}

/** What a message has to say, decided at the moment it leaves. */
export interface MessageFacts {
  readonly campaign: Campaign;
  /** The strongest occasion. */
  readonly lead: GuestOccasion;
  readonly address: string;
  readonly contact: Contact;
  /** BCP 47: the language of the bookings' texts. */
  readonly language: string;
  /** BCP 47 tags that the guest asked for, best first. */
  readonly locales: readonly string[];
  readonly supplier: SupplierProfile;
  readonly bookings: readonly BookingFacts[];
  /** Whether the guest booked with the supplier and pays it, and not a reseller. */
  readonly direct: boolean;
  /** Money that was given back and that was paid, since the first of its events. */
  readonly refunded: MovedMoney | null;
  readonly paid: MovedMoney | null;
  /** Codes of the order that are not valid any more. */
  readonly goneTickets: readonly string[];
  /** Whether it goes to whoever tries the campaign out, and not to a guest. */
  readonly test: boolean;
  /** What the link of a recovery carries, by which a booking that it leads to is known; null: it carries nothing. */
  readonly recoveryToken: string | null;
}
