import { bookingFacts, from, guestCapabilities, required, templateOfGuest, templateParameters } from './facts.ts';
import { openParameters, type Preset } from './preset.ts';

const body = `${templateOfGuest}
{%- if template and email -%}
{
  "Messages": [
    {
      "From": { "Email": {{ parameters.from | json }}, "Name": {{ supplier.name | json }} },
      "To": [{ "Email": {{ email | json }}, "Name": {{ booking.contact.fullName | default: "" | json }} }],
      "TemplateID": {{ template }},
      "TemplateLanguage": true,
      "CustomID": {{ delivery.id | json }},
      "Variables": {
    ${bookingFacts}
      }
    }
  ]
}
{%- endif -%}`;

/** Mailjet: an e-mail from one of its templates (Send API v3.1, basic auth). */
export const mailjet: Preset = {
  id: 'mailjet',
  name: 'Mailjet',
  description: 'Sends the guest an e-mail from a Mailjet template.',
  documentation: 'https://dev.mailjet.com/email/guides/send-api-v31/',
  event: 'booking_update',
  parameters: [
    required('apiKey', 'The API key.', true),
    required('secretKey', 'The secret key.', true),
    from,
    ...templateParameters({ what: 'The number of the template', pattern: /^[1-9]\d{0,14}$/, expected: 'a number' }),
  ],
  build: (given) => ({
    url: 'https://api.mailjet.com/v3.1/send',
    headers: { Authorization: `Basic ${Buffer.from(`${given.apiKey}:${given.secretKey}`).toString('base64')}` },
    capabilities: guestCapabilities,
    transformation: { body, headers: {}, parameters: openParameters(mailjet, given) },
  }),
};
