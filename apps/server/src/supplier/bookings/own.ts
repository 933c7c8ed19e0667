import type { BookingDocument, Contact } from '@carillon/contract';

/** Fees by the uuid of the booking that they are kept of, minor units, each more than 0. */
export type Fees = Readonly<Record<string, number>>;

/** What an order has beside its bookings and its document: what was said of it itself, and whose its fees are. */
export interface OrderOwn {
  /** Null: its contact is its primary booking's. */
  readonly contact: Contact | null;
  /** For bookings that join it and do not say; null: nobody said. */
  readonly emailReceipt: boolean | null;
  /** ISO 4217; null: that of the first booking in it. */
  readonly currency: string | null;
  /** It was cancelled while it had no booking that could say so. */
  readonly cancelled: boolean;
  /** Its own time was past before it had a booking. */
  readonly expired: boolean;
  /** Until when it waits for its first booking, ms UTC; null: as long as need be. */
  readonly expiresAt: number | null;
  /** What is kept of its bookings that were cancelled or became smaller, minor units, by the booking's uuid. */
  readonly fees: Fees;
}

/** Nothing was said. */
export const nothingOwn: OrderOwn = {
  contact: null,
  emailReceipt: null,
  currency: null,
  cancelled: false,
  expired: false,
  expiresAt: null,
  fees: {},
};

/** A booking's contact, completed by the order's own: what the booking does not know, the order may. */
export function completed(contact: BookingDocument['contact'], own: Contact | null): Contact {
  if (own === null) return contact;
  const unnamed = contact.fullName === null && contact.firstName === null && contact.lastName === null;
  const { fullName, firstName, lastName } = unnamed ? own : contact;
  return {
    fullName,
    firstName,
    lastName,
    emailAddress: contact.emailAddress ?? own.emailAddress,
    phoneNumber: contact.phoneNumber ?? own.phoneNumber,
    locales: contact.locales.length > 0 ? contact.locales : own.locales,
    postalCode: contact.postalCode ?? own.postalCode,
    country: contact.country ?? own.country,
    notes: contact.notes ?? own.notes,
    allowMarketing: contact.allowMarketing,
  };
}
