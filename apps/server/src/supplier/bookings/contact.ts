import type { BookingDocument, Contact, ContactField } from '@carillon/contract';
import type { ContactRequest } from '../request.ts';

/** A contact of whom nothing is known. */
export const nobody: Contact = {
  fullName: null,
  firstName: null,
  lastName: null,
  emailAddress: null,
  phoneNumber: null,
  locales: [],
  postalCode: null,
  country: null,
  notes: null,
  allowMarketing: false,
};

/** True for a contact that neither names nor reaches anybody. */
export function isBlank({ fullName, firstName, lastName, emailAddress, phoneNumber }: Contact): boolean {
  return [fullName, firstName, lastName, emailAddress, phoneNumber].every((text) => text === null);
}

type Names = Pick<Contact, 'fullName' | 'firstName' | 'lastName'>;
type Parts = { -readonly [Part in 'firstName' | 'lastName']: Names[Part] };

/** The last word of a full name is the last name; a single word is the first name. */
function partsOf(fullName: string): Parts {
  const words = fullName.trim().split(/\s+/);
  if (words.length < 2) return { firstName: words[0] || null, lastName: null };
  return { firstName: words.slice(0, -1).join(' '), lastName: words.at(-1) ?? null };
}

function joined({ firstName, lastName }: Readonly<Parts>): string | null {
  const words = [firstName, lastName].filter((word) => word !== null && word !== '');
  return words.length === 0 ? null : words.join(' ');
}

/** The part of a full name that is not given, by the one that is; what does not go together is split by words. */
function otherParts(fullName: string, given: ContactRequest): Parts {
  const whole = fullName.trim();
  const { firstName, lastName } = given;
  const rest = partsOf(whole);
  if (firstName && whole.startsWith(`${firstName} `)) rest.lastName = whole.slice(firstName.length).trim();
  if (lastName && whole.endsWith(` ${lastName}`)) rest.firstName = whole.slice(0, -lastName.length).trim();
  return {
    firstName: firstName === undefined ? rest.firstName : firstName,
    lastName: lastName === undefined ? rest.lastName : lastName,
  };
}

/** Names that are given stay as they are given; the others follow from them. */
function names(before: Contact, given: ContactRequest): Names {
  if (given.fullName) return { fullName: given.fullName, ...otherParts(given.fullName, given) };
  const pick = (key: keyof Names) => (given[key] === undefined ? before[key] : given[key]);
  const names = { fullName: pick('fullName'), firstName: pick('firstName'), lastName: pick('lastName') };
  const byParts = given.firstName !== undefined || given.lastName !== undefined;
  return byParts || names.fullName === null ? { ...names, fullName: joined(names) } : names;
}

/** A contact with what a request says of it: absent keys stay, null clears. */
export function mergeContact(before: Contact, given: ContactRequest | undefined): Contact {
  if (given === undefined) return before;
  const pick = <Key extends keyof Contact>(key: Key, cleared: Contact[Key]): Contact[Key] => {
    const value = given[key];
    return value === undefined ? before[key] : ((value ?? cleared) as Contact[Key]);
  };
  return {
    ...names(before, given),
    emailAddress: pick('emailAddress', null),
    phoneNumber: pick('phoneNumber', null),
    locales: pick('locales', []),
    postalCode: pick('postalCode', null),
    country: pick('country', null),
    notes: pick('notes', null),
    allowMarketing: pick('allowMarketing', false),
  };
}

/** Blanks are no answer. */
function lacks(contact: Contact, field: ContactField): boolean {
  const value = contact[field];
  if (typeof value === 'string') return value.trim() === '';
  return value === null || (Array.isArray(value) && value.length === 0);
}

/**
 * The contact fields that a booking lacks to be confirmed, as paths: what its option requires of its contact, and what each
 * unit requires of the contact of its unit items (OCTO requiredContactFields).
 */
export function missingContactFields(booking: Pick<BookingDocument, 'contact' | 'option' | 'unitItems'>): string[] {
  const own = booking.option.requiredContactFields
    .filter((field) => lacks(booking.contact, field))
    .map((field) => `contact.${field}`);
  const items = booking.unitItems.flatMap((item, index) =>
    item.unit.requiredContactFields
      .filter((field) => lacks(item.contact, field))
      .map((field) => `unitItems[${index}].contact.${field}`),
  );
  return [...own, ...items];
}
