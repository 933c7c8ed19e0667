import { bookingFacts, guestCapabilities, ofGuest, required } from './facts.ts';
import { anyLine, openParameters, type Preset } from './preset.ts';

/** The version of its API that the calls are written for. */
const revision = '2024-10-15';

const body = `${ofGuest}
{%- if occasion and email -%}
{
  "data": {
    "type": "event",
    "attributes": {
      "unique_id": {{ delivery.id | json }},
      "time": {{ delivery.createdAt | json }},
      "metric": {
        "data": {
          "type": "metric",
          "attributes": { "name": {{ parameters.prefix | default: "Booking" | append: " " | append: occasion | json }} }
        }
      },
      "profile": {
        "data": {
          "type": "profile",
          "attributes": {
            {%- if booking.contact.firstName %}
            "first_name": {{ booking.contact.firstName | json }},
            {%- endif -%}
            {%- if booking.contact.lastName %}
            "last_name": {{ booking.contact.lastName | json }},
            {%- endif %}
            "email": {{ email | json }}
          }
        }
      },
      "properties": {
    ${bookingFacts}
      }
    }
  }
}
{%- endif -%}`;

/** Klaviyo: an event of the guest's profile, which flows can start from (POST /api/events). */
export const klaviyo: Preset = {
  id: 'klaviyo',
  name: 'Klaviyo',
  description: 'Tells Klaviyo of what happened to a guest’s booking, as an event that flows start from.',
  documentation: 'https://developers.klaviyo.com/en/reference/create_event',
  event: 'booking_update',
  parameters: [
    required('apiKey', 'A private API key with the scopes events:write and profiles:write.', true),
    {
      name: 'prefix',
      description: 'What the metrics’ names begin with: Booking, unless told (Booking confirmed).',
      secret: false,
      required: false,
      ...anyLine,
    },
  ],
  build: (given) => ({
    url: 'https://a.klaviyo.com/api/events',
    headers: { Authorization: `Klaviyo-API-Key ${given.apiKey}`, Accept: 'application/vnd.api+json', revision },
    capabilities: guestCapabilities,
    transformation: {
      body,
      headers: { 'content-type': 'application/vnd.api+json' },
      parameters: openParameters(klaviyo, given),
    },
  }),
};
