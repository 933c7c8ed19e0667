import { bookingFacts, guestCapabilities, ofGuest, required } from './facts.ts';
import { openParameters, type Preset } from './preset.ts';

const contact = `${ofGuest}
{%- if occasion and email -%}
{
  "inputs": [
    {
      "idProperty": "email",
      "id": {{ email | json }},
      "properties": {
        {%- if booking.contact.firstName %}
        "firstname": {{ booking.contact.firstName | json }},
        {%- endif -%}
        {%- if booking.contact.lastName %}
        "lastname": {{ booking.contact.lastName | json }},
        {%- endif -%}
        {%- if booking.contact.phoneNumber %}
        "phone": {{ booking.contact.phoneNumber | json }},
        {%- endif %}
        "email": {{ email | json }}
      }
    }
  ]
}
{%- endif -%}`;

const event = `${ofGuest}
{%- if occasion and email -%}
{
  "eventName": {{ parameters.eventName | json }},
  "email": {{ email | json }},
  "occurredAt": {{ delivery.createdAt | json }},
  "uuid": {{ delivery.id | json }},
  "properties": {
    ${bookingFacts}
  }
}
{%- endif -%}`;

const token = required('accessToken', 'The access token of a private app.', true);
const headersOf = (given: Readonly<Record<string, string>>) => ({ Authorization: `Bearer ${given.accessToken}` });

/** HubSpot: the guest as a contact, made or brought up to date (CRM, batch upsert by e-mail address). */
export const hubspotContact: Preset = {
  id: 'hubspot_contact',
  name: 'HubSpot contacts',
  description: 'Makes the guest a contact in HubSpot, or brings the contact up to date.',
  documentation:
    'https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/batch/post-crm-v3-objects-contacts-batch-upsert',
  event: 'booking_update',
  parameters: [token],
  build: (given) => ({
    url: 'https://api.hubapi.com/crm/v3/objects/contacts/batch/upsert',
    headers: headersOf(given),
    capabilities: guestCapabilities,
    transformation: { body: contact, headers: {}, parameters: openParameters(hubspotContact, given) },
  }),
};

/** HubSpot: what happened to a booking, as a custom event of its contact, which workflows can start from. */
export const hubspotEvent: Preset = {
  id: 'hubspot_event',
  name: 'HubSpot events',
  description:
    'Tells HubSpot of what happened to a guest’s booking, as a custom event. Its definition needs the properties occasion, firstName, ' +
    'lastName, reference, product, option, start, end, tickets, status and supplier.',
  documentation:
    'https://developers.hubspot.com/docs/api-reference/events-send-event-completions-v3/basic/post-events-v3-send',
  event: 'booking_update',
  parameters: [
    token,
    {
      name: 'eventName',
      description: 'The full name of the event definition: pe{HubID}_{name}.',
      secret: false,
      required: true,
      pattern: /^pe\d+_[a-z0-9_-]{1,200}$/,
      expected: 'a full name such as pe1234567_booking',
    },
  ],
  build: (given) => ({
    url: 'https://api.hubapi.com/events/v3/send',
    headers: headersOf(given),
    capabilities: guestCapabilities,
    transformation: { body: event, headers: {}, parameters: openParameters(hubspotEvent, given) },
  }),
};
