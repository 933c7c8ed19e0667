import type { CapabilityId } from '@carillon/contract';
import { anyLine, type PresetParameter } from './preset.ts';

/** What presets of guests' e-mails ask a webhook for: texts in the guest's language. */
export const guestCapabilities: readonly CapabilityId[] = ['octo/content'];

/** What happened to a booking, if it means something to its guest, and whether the guest has an address: else nothing is sent. */
export const ofGuest = `{%- assign occasion = occasions | first -%}
{%- assign email = booking.contact.emailAddress -%}`;

/** As `ofGuest`, where the service has a template for what happened: the first such occasion counts, and `template` is its template. */
export const templateOfGuest = `{%- assign email = booking.contact.emailAddress -%}
{%- for one in occasions -%}
{%- if parameters[one] -%}{%- assign occasion = one -%}{%- assign template = parameters[one] -%}{%- break -%}{%- endif -%}
{%- endfor -%}`;

/** What an e-mail says of a booking, as members of a JSON object. */
export const bookingFacts = `"occasion": {{ occasion | json }},
    "firstName": {{ booking.contact.firstName | json }},
    "lastName": {{ booking.contact.lastName | json }},
    "reference": {{ booking.supplierReference | json }},
    "product": {{ booking.product.title | default: booking.product.internalName | json }},
    "option": {{ booking.option.title | default: booking.option.internalName | json }},
    "start": {{ booking.availability.localDateTimeStart | json }},
    "end": {{ booking.availability.localDateTimeEnd | json }},
    "tickets": {{ booking.unitItems | size }},
    "status": {{ booking.status | json }},
    "supplier": {{ supplier.name | json }}`;

/** Templates of the service by occasion; there is no e-mail for one that is not named. */
export function templateParameters(kind: Pick<PresetParameter, 'pattern' | 'expected'> & { readonly what: string }) {
  const { what, pattern, expected } = kind;
  const one = (name: string, when: string): PresetParameter => ({
    name,
    description: `${what} of the e-mail ${when}; left out: none is sent then.`,
    secret: false,
    required: false,
    pattern,
    expected,
  });
  return [
    one('confirmed', 'when a booking is confirmed'),
    one('cancelled', 'when it is cancelled'),
    one('rescheduled', 'when it is moved to another time'),
    one('updated', 'when something else of it changes that matters to the guest'),
    one('expired', 'when a hold ran out'),
  ];
}

/** A parameter that must be there. */
export function required(name: string, description: string, secret: boolean): PresetParameter {
  return { name, description, secret, required: true, ...anyLine };
}

/** The parameter of the address that e-mails come from. */
export const from: PresetParameter = {
  name: 'from',
  description: 'The address that the e-mails come from, as the service knows it.',
  secret: false,
  required: true,
  pattern: /^[^\s@<>]{1,64}@[^\s@<>]{1,190}$/,
  expected: 'an e-mail address',
};
