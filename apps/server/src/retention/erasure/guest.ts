import { createHash } from 'node:crypto';
import type { Contact } from '@carillon/contract';

/** What is kept of an address: SHA-256 of it in lower case, in base64url. */
export function addressHash(address: string): string {
  return createHash('sha256').update(address.trim().toLowerCase()).digest('base64url');
}

/** Whether an address is the guest's. */
export type IsGuest = (address: string) => boolean;

/** The guest of a hash. */
export function guestOf(hash: string): IsGuest {
  return (address) => addressHash(address) === hash;
}

/** What of a stored booking or order tells of a person; the rest of it stays as it is. */
interface Told {
  readonly contact?: Contact | null;
  readonly notes?: string | null;
  readonly cancellation?: { readonly reason: string | null } | null;
  readonly rejection?: { readonly reason: string | null } | null;
  readonly unitItems?: readonly { readonly contact?: Contact | null }[];
  readonly bookings?: readonly Told[];
}

/** Whether a booking or an order, or one within it, tells of the guest. */
export function tellsOf(document: object, isGuest: IsGuest): boolean {
  const { contact, unitItems = [], bookings = [] } = document as Told;
  return (
    isTheirs(contact, isGuest) ||
    unitItems.some((item) => isTheirs(item.contact, isGuest)) ||
    bookings.some((booking) => tellsOf(booking, isGuest))
  );
}

function isTheirs(contact: Contact | null | undefined, isGuest: IsGuest): boolean {
  const address = contact?.emailAddress ?? null;
  return address !== null && isGuest(address);
}

/** What is left of a contact: the languages and the country, which tell of nobody. */
export function erasedContact({ locales, country }: Pick<Contact, 'locales' | 'country'>): Contact {
  return {
    fullName: null,
    firstName: null,
    lastName: null,
    emailAddress: null,
    phoneNumber: null,
    locales,
    postalCode: null,
    country,
    notes: null,
    allowMarketing: false,
  };
}

/**
 * A booking or an order without what it tells of the guest: their contact, the notes and reasons that were written for them, and those who
 * came with them. A contact without an address is theirs, too: it is of their order, from before they gave one. The contact of
 * somebody else, by another address, stays. Gives the very same document where there is nothing to erase.
 */
export function withoutGuest<T extends object>(document: T, isGuest: IsGuest): T {
  const told: Told = document;
  const erased: { -readonly [Key in keyof Told]: Told[Key] } = {};
  const contact = told.contact ?? null;
  const theirs = contact === null || contact.emailAddress === null || isGuest(contact.emailAddress);
  if (contact !== null && theirs && isTold(contact)) erased.contact = erasedContact(contact);
  if (theirs) {
    if ((told.notes ?? null) !== null) erased.notes = null;
    if ((told.cancellation?.reason ?? null) !== null) erased.cancellation = { ...told.cancellation, reason: null };
    if ((told.rejection?.reason ?? null) !== null) erased.rejection = { ...told.rejection, reason: null };
  }
  const items = each(told.unitItems, (item) => {
    const own = item.contact ?? null;
    if (own === null || !isTold(own)) return item;
    const mine = own.emailAddress === null ? theirs : isGuest(own.emailAddress);
    return mine ? { ...item, contact: erasedContact(own) } : item;
  });
  if (items !== told.unitItems) erased.unitItems = items ?? [];
  const bookings = each(told.bookings, (booking) => withoutGuest(booking, isGuest));
  if (bookings !== told.bookings) erased.bookings = bookings ?? [];
  return Object.keys(erased).length === 0 ? document : { ...document, ...erased };
}

/** Whether a contact says more than what may be left of it. */
function isTold(contact: Contact): boolean {
  return [
    contact.fullName,
    contact.firstName,
    contact.lastName,
    contact.emailAddress,
    contact.phoneNumber,
    contact.postalCode,
    contact.notes,
  ].some((text) => text !== null);
}

/** The list with each element changed; the very same list where none was. */
function each<T>(list: readonly T[] | undefined, change: (element: T) => T): readonly T[] | undefined {
  const changed = list?.map(change);
  return changed?.some((element, index) => element !== list?.[index]) ? changed : list;
}
