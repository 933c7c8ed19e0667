import { guestCapabilities } from './facts.ts';
import type { Preset } from './preset.ts';

/** Slack wants these three escaped, and no others. */
const escaped = `replace: "&", "&amp;" | replace: "<", "&lt;" | replace: ">", "&gt;"`;

const body = `{%- assign occasion = occasions | first -%}
{%- if occasion -%}
{%- assign product = booking.product.title | default: booking.product.internalName | ${escaped} -%}
{%- assign guest = booking.contact.fullName | default: "" | ${escaped} -%}
{%- capture text -%}
*Booking {{ occasion | replace: "_", " " }}*: {{ product }}
{%- if booking.availability %}, {{ booking.availability.localDateTimeStart | slice: 0, 16 | replace: "T", " " }}{% endif -%}
{%- if guest != "" %}, {{ guest }}{% endif %} ({{ booking.supplierReference | default: booking.uuid | ${escaped} }})
{%- endcapture -%}
{ "text": {{ text | json }} }
{%- endif -%}`;

/** Slack: a line in a channel (incoming webhook). */
export const slack: Preset = {
  id: 'slack',
  name: 'Slack',
  description: 'Writes a line into a Slack channel when something happens to a booking.',
  documentation: 'https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks',
  event: 'booking_update',
  parameters: [
    {
      name: 'webhookUrl',
      description: 'The URL of the incoming webhook. Whoever knows it can write into the channel.',
      secret: true,
      required: true,
      pattern: /^https:\/\/hooks\.slack(-gov)?\.com\/[\x21-\x7e]{1,500}$/,
      expected: 'a URL that begins with https://hooks.slack.com/',
    },
  ],
  build: (given) => ({
    url: given.webhookUrl ?? '',
    headers: {},
    capabilities: guestCapabilities,
    transformation: { body, headers: {}, parameters: {} },
  }),
};
