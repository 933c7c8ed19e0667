import { bookingFacts, from, guestCapabilities, required, templateOfGuest, templateParameters } from './facts.ts';
import { anyLine, openParameters, type Preset } from './preset.ts';

const body = `${templateOfGuest}
{%- if template and email -%}
{
  "From": {{ parameters.from | json }},
  "To": {{ email | json }},
  "TemplateAlias": {{ template | json }},
  "TemplateModel": {
    ${bookingFacts}
  },
  "Tag": {{ occasion | json }},
  "Metadata": { "delivery": {{ delivery.id | json }} },
  "MessageStream": {{ parameters.messageStream | default: "outbound" | json }}
}
{%- endif -%}`;

/** Postmark: an e-mail from one of its templates (POST /email/withTemplate). */
export const postmark: Preset = {
  id: 'postmark',
  name: 'Postmark',
  description: 'Sends the guest an e-mail from a Postmark template.',
  documentation: 'https://postmarkapp.com/developer/api/templates-api',
  event: 'booking_update',
  parameters: [
    required('serverToken', 'The API token of the Postmark server.', true),
    from,
    { name: 'messageStream', description: 'outbound, unless told.', secret: false, required: false, ...anyLine },
    ...templateParameters({ what: 'The alias of the template', ...anyLine }),
  ],
  build: (given) => ({
    url: 'https://api.postmarkapp.com/email/withTemplate',
    headers: { Accept: 'application/json', 'X-Postmark-Server-Token': given.serverToken ?? '' },
    capabilities: guestCapabilities,
    transformation: { body, headers: {}, parameters: openParameters(postmark, given) },
  }),
};
