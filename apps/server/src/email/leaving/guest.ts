import { type BookingDocument, type Contact, isEmailAddress, type OrderDocument } from '@carillon/contract';

/** Whom a message of an order is for. */
export interface Guest {
  readonly contact: Contact;
  /** Null when nobody of the order has one. */
  readonly address: string | null;
  /** BCP 47, best first. */
  readonly locales: readonly string[];
}

/**
 * The guest of an order: its own contact, else its primary booking's, else that of any of its bookings, the first that has an e-mail
 * address. Consent to marketing is taken from that contact alone.
 */
export function guestOf(order: OrderDocument | undefined, bookings: readonly BookingDocument[]): Guest {
  const all = [...(order?.bookings ?? []), ...bookings];
  const contacts = [
    ...(order === undefined ? [] : [order.contact]),
    ...all.filter(({ primary }) => primary).map(({ contact }) => contact),
    ...all.map(({ contact }) => contact),
  ];
  const contact =
    contacts.find(({ emailAddress }) => emailAddress !== null && emailAddress.trim() !== '') ?? contacts[0];
  if (contact === undefined) throw new TypeError('A message without a booking has no guest.');
  const locales = [contact, ...contacts].find((one) => one.locales.length > 0)?.locales ?? [];
  return { contact, address: contact.emailAddress?.trim() || null, locales };
}

/**
 * Why a text cannot be written to, for the operator; null for one plain e-mail address. What stands before the @ must be ASCII: with
 * other letters, every server on the way would have to know SMTPUTF8 (RFC 6531), and few do. A domain may have other letters: it has
 * a form in ASCII.
 */
export function addressProblem(text: string): string | null {
  if (!isEmailAddress(text)) return 'The e-mail address of the booking is not one that can be written to.';
  const [local = ''] = text.split('@');
  return /^[\x21-\x7e]+$/.test(local)
    ? null
    : 'The e-mail address of the booking has letters before the @ that most mail servers refuse.';
}
