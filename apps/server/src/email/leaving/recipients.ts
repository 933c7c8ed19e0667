import { type Contact, isEmailAddress } from '@carillon/contract';
import type { Campaign } from '../campaigns/campaign.ts';
import type { ShownBooking } from '../facts.ts';
import { addressProblem, type Guest } from './guest.ts';

/** To whom an e-mail goes, and who else gets a copy; or why it goes to nobody. */
export type Recipients =
  | { readonly kind: 'to'; readonly address: string; readonly contact: Contact; readonly others: readonly string[] }
  | { readonly kind: 'nobody'; readonly reason: string };

/**
 * The recipients of an e-mail of a campaign about these bookings: its guest first, where the campaign says so and the guest can be
 * written to, each address once. In test mode all of it goes to one address. With `only` (a copy) it goes to that address alone.
 */
export function recipientsOf(
  campaign: Pick<Campaign, 'recipients' | 'testAddress'>,
  guest: Guest,
  bookings: readonly ShownBooking[],
  only: string | null,
): Recipients {
  const { recipients, testAddress } = campaign;
  const { contact } = guest;
  const units = bookings.flatMap(({ unitItems }) => unitItems.map((item) => item.contact));
  if (testAddress !== null) return { kind: 'to', address: testAddress, contact, others: [] };
  if (only !== null) {
    const own = units.find(({ emailAddress }) => emailAddress?.trim() === only);
    return { kind: 'to', address: only, contact: own ?? contact, others: [] };
  }
  const problem = guest.address === null ? 'The booking has no e-mail address.' : addressProblem(guest.address);
  const guests = [
    ...(recipients.guest && guest.address !== null && problem === null ? [guest.address] : []),
    ...(recipients.unitContacts ? units.flatMap(({ emailAddress }) => writable(emailAddress)) : []),
  ];
  const [address, ...others] = once([...guests, ...recipients.addresses, ...(guests.length > 0 ? recipients.bcc : [])]);
  if (address === undefined) return { kind: 'nobody', reason: problem ?? 'The campaign is for nobody.' };
  return { kind: 'to', address, contact, others };
}

const writable = (address: string | null): string[] => {
  const text = address?.trim() ?? '';
  return isEmailAddress(text) && addressProblem(text) === null ? [text] : [];
};

/** Addresses differ by more than their case. */
function once(addresses: readonly string[]): string[] {
  const seen = new Map(addresses.toReversed().map((address) => [address.toLowerCase(), address]));
  return [...new Set(addresses.map((address) => address.toLowerCase()))].flatMap((key) => seen.get(key) ?? []);
}
