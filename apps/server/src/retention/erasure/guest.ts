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
  /** Of a booking or a ticket; an order has an `id` alone. */
  readonly uuid?: string;
  readonly id?: string;
  /** Of a booking. */
  readonly orderId?: string;
  readonly contact?: Contact | null;
  readonly notes?: string | null;
  readonly cancellation?: { readonly reason: string | null } | null;
  readonly rejection?: { readonly reason: string | null } | null;
  readonly unitItems?: readonly { readonly uuid?: string; readonly contact?: Contact | null }[];
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

/** Whose a guest's data is: by the address, and by the ids of the orders, bookings and tickets that had it at some time. */
export interface Whose {
  readonly isGuest: IsGuest;
  readonly theirs: ReadonlySet<string>;
}

/** Adds to `theirs` the ids of what a document gives the guest's address: itself, and the bookings and tickets in it. */
export function noteTheirs(document: object, isGuest: IsGuest, theirs: Set<string>): void {
  const told: Told = document;
  const { contact, unitItems = [], bookings = [] } = told;
  const id = idOf(told);
  const isWhole = bookings.length > 0 && bookings.every((booking) => isTheirs(booking.contact, isGuest));
  if (id !== undefined && (isTheirs(contact, isGuest) || isWhole)) theirs.add(id);
  for (const item of unitItems) if (item.uuid !== undefined && isTheirs(item.contact, isGuest)) theirs.add(item.uuid);
  for (const booking of bookings) noteTheirs(booking, isGuest, theirs);
}

const idOf = ({ uuid, id }: Told): string | undefined => uuid ?? id;

/** Whether a booking or an order is the guest's although its contact has no address: it, or its order, had theirs at some time. */
function isKnown(told: Told, theirs: ReadonlySet<string>): boolean {
  return [idOf(told), told.orderId].some((id) => id !== undefined && theirs.has(id));
}

/**
 * A booking or an order without what it tells of the guest: their contact, the notes and reasons that were written for them, and those who
 * came with them. A contact without an address is theirs where it had the address at some time, or its order did. The contact of
 * somebody else stays, by another address or none. Gives the very same document where there is nothing to erase.
 */
export function withoutGuest<T extends object>(document: T, whose: Whose): T {
  const { isGuest, theirs } = whose;
  const told: Told = document;
  const erased: { -readonly [Key in keyof Told]: Told[Key] } = {};
  const contact = told.contact ?? null;
  const address = contact?.emailAddress ?? null;
  const isGuests = address === null ? isKnown(told, theirs) : isGuest(address);
  if (contact !== null && isGuests && isTold(contact)) erased.contact = erasedContact(contact);
  if (isGuests) {
    if ((told.notes ?? null) !== null) erased.notes = null;
    if ((told.cancellation?.reason ?? null) !== null) erased.cancellation = { ...told.cancellation, reason: null };
    if ((told.rejection?.reason ?? null) !== null) erased.rejection = { ...told.rejection, reason: null };
  }
  const items = each(told.unitItems, (item) => {
    const own = item.contact ?? null;
    if (own === null || !isTold(own)) return item;
    const isKnownItem = isGuests || (item.uuid !== undefined && theirs.has(item.uuid));
    const mine = own.emailAddress === null ? isKnownItem : isGuest(own.emailAddress);
    return mine ? { ...item, contact: erasedContact(own) } : item;
  });
  if (items !== told.unitItems) erased.unitItems = items ?? [];
  const bookings = each(told.bookings, (booking) => withoutGuest(booking, whose));
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
