import { expect, it, vi } from 'vitest';
import { presets } from '../../src/webhooks/index.ts';
import { accepted } from '../supplier/stage.ts';
import { onSqlite } from '../support/databases.ts';
import { openings, type Received, waiting } from './stage.ts';

/** What a double answers, having checked a request as its vendor documents it. */
// biome-ignore lint/suspicious/noExplicitAny: each vendor's body has a shape of its own
type Check = (received: Received, body: any) => void;

const facts = {
  firstName: 'Ada',
  lastName: 'Byron',
  reference: expect.any(String),
  product: expect.any(String),
  option: expect.any(String),
  start: '2026-06-10T14:00:00+02:00',
  end: expect.any(String),
  tickets: 2,
  supplier: 'Elbe & Lantern',
};
const iso = expect.stringMatching(/^2026-06-01T\d\d:\d\d:\d\d\.\d{3}Z$/);

/** For each preset: what it is made with, and what its vendor must get of a confirmation and a cancellation. */
const cases: Readonly<Record<string, { given: Record<string, string>; path: string; check: Check }>> = {
  // https://postmarkapp.com/developer/api/templates-api: POST /email/withTemplate
  postmark: {
    given: { serverToken: 'pm-token', from: 'hello@elbe.example', confirmed: 'booked', cancelled: 'gone' },
    path: '/email/withTemplate',
    check({ headers }, body) {
      expect(headers).toMatchObject({
        accept: 'application/json',
        'content-type': 'application/json',
        'x-postmark-server-token': 'pm-token',
      });
      const occasion: 'confirmed' | 'cancelled' = body.Tag;
      expect(body).toEqual({
        From: 'hello@elbe.example',
        To: 'ada@example.com',
        TemplateAlias: { confirmed: 'booked', cancelled: 'gone' }[occasion],
        TemplateModel: { ...facts, occasion, status: occasion.toUpperCase() },
        Tag: occasion,
        Metadata: { delivery: headers['webhook-id'] },
        MessageStream: 'outbound',
      });
    },
  },
  // https://dev.mailjet.com/email/guides/send-api-v31/: POST /v3.1/send, basic auth, TemplateID a number
  mailjet: {
    given: {
      apiKey: 'mj-key',
      secretKey: 'mj-secret',
      from: 'hello@elbe.example',
      confirmed: '4711',
      cancelled: '4712',
    },
    path: '/v3.1/send',
    check({ headers }, body) {
      expect(headers.authorization).toBe(`Basic ${btoa('mj-key:mj-secret')}`);
      const occasion: 'confirmed' | 'cancelled' = body.Messages[0].Variables.occasion;
      expect(body).toEqual({
        Messages: [
          {
            From: { Email: 'hello@elbe.example', Name: 'Elbe & Lantern' },
            To: [{ Email: 'ada@example.com', Name: expect.any(String) }],
            TemplateID: { confirmed: 4711, cancelled: 4712 }[occasion],
            TemplateLanguage: true,
            CustomID: headers['webhook-id'],
            Variables: { ...facts, occasion, status: occasion.toUpperCase() },
          },
        ],
      });
    },
  },
  // https://developers.klaviyo.com/en/reference/create_event: POST /api/events, JSON:API
  klaviyo: {
    given: { apiKey: 'pk_123', prefix: 'Tour' },
    path: '/api/events',
    check({ headers }, body) {
      expect(headers).toMatchObject({
        authorization: 'Klaviyo-API-Key pk_123',
        accept: 'application/vnd.api+json',
        'content-type': 'application/vnd.api+json',
        revision: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
      });
      const { occasion } = body.data.attributes.properties;
      expect(body).toEqual({
        data: {
          type: 'event',
          attributes: {
            unique_id: headers['webhook-id'],
            time: iso,
            metric: { data: { type: 'metric', attributes: { name: `Tour ${occasion}` } } },
            profile: {
              data: {
                type: 'profile',
                attributes: { email: 'ada@example.com', first_name: 'Ada', last_name: 'Byron' },
              },
            },
            properties: { ...facts, occasion, status: occasion.toUpperCase() },
          },
        },
      });
    },
  },
  // https://developers.hubspot.com/docs/api-reference: POST /crm/v3/objects/contacts/batch/upsert
  hubspot_contact: {
    given: { accessToken: 'pat-1' },
    path: '/crm/v3/objects/contacts/batch/upsert',
    check({ headers }, body) {
      expect(headers.authorization).toBe('Bearer pat-1');
      const properties = { email: 'ada@example.com', firstname: 'Ada', lastname: 'Byron' };
      expect(body).toEqual({ inputs: [{ idProperty: 'email', id: 'ada@example.com', properties }] });
    },
  },
  // https://developers.hubspot.com/docs/api-reference: POST /events/v3/send
  hubspot_event: {
    given: { accessToken: 'pat-1', eventName: 'pe12345_booking' },
    path: '/events/v3/send',
    check({ headers }, body) {
      expect(headers.authorization).toBe('Bearer pat-1');
      const { occasion } = body.properties;
      expect(body).toEqual({
        eventName: 'pe12345_booking',
        email: 'ada@example.com',
        occurredAt: iso,
        uuid: headers['webhook-id'],
        properties: { ...facts, occasion, status: occasion.toUpperCase() },
      });
    },
  },
  // https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks: `text`, with & < > escaped
  slack: {
    given: { webhookUrl: 'https://hooks.slack.com/services/T0/B0/x' },
    path: '/services/T0/B0/x',
    check(_, body) {
      expect(Object.keys(body)).toEqual(['text']);
      expect(body.text).toMatch(/^\*Booking (confirmed|cancelled)\*: .+, 2026-06-10 14:00, Ada Byron \(.+\)$/);
      expect(body.text).not.toMatch(/&(?!amp;|lt;|gt;)|[<>\n]/);
    },
  },
};

onSqlite('a preset', (open) => {
  const { stage: stageOn, receiver: receiverOn } = openings();

  it('has a case for every service', () => {
    expect(Object.keys(cases)).toEqual(presets.map(({ id }) => id));
  });

  it.each(presets.map((preset) => [preset.name, preset] as const))(
    'makes what happens to a guest a call of %s, and nothing of what does not concern one',
    async (_, preset) => {
      const stage = await stageOn(await open());
      const receiver = await receiverOn(() => 200);
      const { given, path, check } = cases[preset.id]!;
      const { url, headers, capabilities, transformation } = preset.build(given);
      expect(new URL(url)).toMatchObject({ protocol: 'https:', pathname: path });
      stage.engine.start();
      const { pathname } = new URL(url);
      const local = `http://${receiver.host}${pathname}`;
      const request = {
        event: preset.event,
        url: local,
        headers,
        capabilities,
        useContactLanguage: true,
        retryOnError: true,
      };
      accepted(await stage.subscriptions.create(stage.website, request, { transformation }));

      const { uuid } = await stage.hold();
      await stage.confirm(uuid);
      await stage.note(uuid, 'of no concern to a guest');
      accepted(await stage.supplier.cancel(stage.website, uuid, {}));
      // A guest without an address is told nothing by e-mail.
      await vi.waitFor(async () => {
        const states = (await stage.deliveries()).map(({ state, reason }) => [state, reason]);
        expect(states).toEqual([
          ['delivered', null],
          ['delivered', null],
        ]);
      }, waiting);
      expect(receiver.received.map((one) => one.path)).toEqual([path, path]);
      for (const received of receiver.received) check(received, JSON.parse(received.body));
      expect(JSON.stringify(transformation)).not.toMatch(/pm-token|mj-secret|pk_123|pat-1/);
    },
  );
});
