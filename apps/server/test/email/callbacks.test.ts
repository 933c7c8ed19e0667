import { expect, test } from 'vitest';
import { eventsOfMessage } from '../../src/email/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { createDesk, type Desk, supplierId } from './desk.ts';
import { accepted, confirmedOrder, provider } from './provider.ts';

const settings = {
  postmark: { serverToken: 'token', streams: { transactional: 'outbound', broadcast: 'broadcast' } },
  mailjet: { apiKey: 'key', apiSecret: 'secret', sandbox: false },
};

/** A message that was sent, and where the reports about it come in. */
async function reported(desk: Desk, kind: keyof typeof settings) {
  await confirmedOrder(desk);
  const [message] = await desk.messages();
  const made = await desk.stack.directory.add(supplierId, { kind, name: kind, settings: settings[kind] });
  if ('problem' in made || made.callback === null) throw new Error('no callback');
  const { url, username, password } = made.callback;
  const path = new URL(url, 'https://carillon.example').pathname;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const post = (body: unknown, headers: Record<string, string> = { authorization }, at = path) =>
    desk.stack.http.request(at, {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const messageId = message?.id ?? '';
  return {
    path,
    messageId,
    post,
    events: async () => (await eventsOfMessage(desk.db, messageId)).map((event) => [event.kind, event.detail]),
    suppressed: async () =>
      (await desk.stack.suppressions.list({ supplierId, limit: 10 })).map(({ scope, reason, source }) => [
        scope,
        reason,
        source,
      ]),
  };
}

const postmark = (messageId: string, record: object) => ({
  MessageID: 'ref',
  Metadata: { messageid: messageId },
  MessageStream: 'outbound',
  ...record,
});

onEachEngine('reports of providers', (open) => {
  const desked = async () => createDesk(await open(), { provider: provider(accepted) });

  test('of Postmark are noted with their message, in the order in which things happened', async () => {
    const { post, events, messageId } = await reported(await desked(), 'postmark');
    const of = (record: object) => postmark(messageId, record);
    await post(
      of({ RecordType: 'Click', ReceivedAt: '2026-11-24T12:00:00Z', OriginalLink: 'https://h.example/t/1?key=x' }),
    );
    await post(of({ RecordType: 'Open', ReceivedAt: '2026-11-24T11:00:00Z', FirstOpen: true }));
    const delivery = of({ RecordType: 'Delivery', DeliveredAt: '2026-11-24T10:00:00Z', Recipient: 'ada@example.com' });
    expect(await (await post(delivery)).json()).toEqual({ noted: 1 });
    await post(delivery);
    // The same link once more is another click.
    await post(
      of({ RecordType: 'Click', ReceivedAt: '2026-11-24T13:00:00Z', OriginalLink: 'https://h.example/t/1?key=x' }),
    );
    await post(of({ RecordType: 'SomethingNew' }));
    expect(await events()).toEqual([
      ['delivered', null],
      ['opened', null],
      ['clicked', 'https://h.example/t/1'],
      ['clicked', 'https://h.example/t/1'],
    ]);
  });

  test('of Mailjet come many at once, and what cannot be read holds up nothing', async () => {
    const { post, events, suppressed, messageId } = await reported(await desked(), 'mailjet');
    const one = { CustomID: messageId, email: 'ada@example.com', time: 1_795_000_000, MessageID: 19421777835146490 };
    const batch = [
      { ...one, event: 'sent' },
      { event: 'sent', CustomID: 'of-somebody-else', time: 1_795_000_000 },
      17,
      { ...one, event: 'open', time: 1_795_000_100 },
      { ...one, event: 'bounce', hard_bounce: true, error: 'user unknown', time: 1_795_000_200 },
    ];
    expect(await (await post(batch)).json()).toEqual({ noted: 3 });
    await post(batch.toReversed());
    expect(await events()).toEqual([
      ['delivered', null],
      ['opened', null],
      ['bounced', 'hard: user unknown'],
    ]);
    expect(await suppressed()).toEqual([['all', 'bounce', 'mailjet']]);
  });

  test('are matched by the provider’s own id where ours is missing', async () => {
    const desk = await desked();
    const { post, events } = await reported(desk, 'postmark');
    await desk.db.run(`update message_attempts set provider_ref = 'their-id'`);
    await post({ RecordType: 'Delivery', MessageID: 'their-id', DeliveredAt: '2026-11-24T10:00:00Z' });
    expect(await events()).toEqual([['delivered', null]]);
  });

  test('prove that a message was sent of which nobody knew', async () => {
    const desk = await desked();
    const { post, messageId } = await reported(desk, 'postmark');
    await desk.db.run(`update messages set state = 'unknown', reason = 'nobody knows'`);
    await post(postmark(messageId, { RecordType: 'Open', ReceivedAt: '2026-11-24T11:00:00Z' }));
    expect(await desk.messages()).toMatchObject([{ state: 'sent', reason: null }]);
  });

  test('change nothing of another supplier’s messages', async () => {
    const desk = await desked();
    const { post, events, messageId } = await reported(desk, 'postmark');
    await desk.db.run(
      `insert into suppliers (id, document, language, languages, time_zone, hold_seconds, settling_ms, created_at)
       values ('other', '{}', 'en', '["en"]', 'Europe/Berlin', 1, 0, 0)`,
    );
    await desk.db.run(`update email_providers set supplier_id = 'other'`);
    expect(await (await post(postmark(messageId, { RecordType: 'Open' }))).json()).toEqual({ noted: 0 });
    expect(await events()).toEqual([]);
  });

  test.each([
    [{ RecordType: 'Bounce', Type: 'HardBounce', TypeCode: 1, Inactive: true }, [['all', 'bounce', 'postmark']]],
    [{ RecordType: 'Bounce', Type: 'Transient', TypeCode: 2 }, []],
    [{ RecordType: 'Bounce', Type: 'SpamComplaint' }, [['all', 'complaint', 'postmark']]],
    [{ RecordType: 'SpamComplaint', Type: 'SpamComplaint' }, [['all', 'complaint', 'postmark']]],
    [
      {
        RecordType: 'SubscriptionChange',
        SuppressSending: true,
        SuppressionReason: 'ManualSuppression',
        MessageStream: 'broadcast',
      },
      [['marketing', 'unsubscribe', 'postmark']],
    ],
  ])('suppress the address where it is over: %j', async (record, expected) => {
    const { post, suppressed, messageId } = await reported(await desked(), 'postmark');
    await post(postmark(messageId, { Email: 'Ada@example.com', Recipient: 'Ada@example.com', ...record }));
    expect(await suppressed()).toEqual(expected);
    await post({ RecordType: 'SubscriptionChange', SuppressSending: false, Recipient: 'ada@example.com' });
    expect(await suppressed()).toEqual([]);
  });

  test('come from nobody but the provider, and have an end', async () => {
    const { post, path, events, messageId } = await reported(await desked(), 'postmark');
    const report = postmark(messageId, { RecordType: 'Open' });
    const wrong = `Basic ${Buffer.from('carillon:wrong').toString('base64')}`;
    expect((await post(report, {})).status).toBe(401);
    expect((await post(report, { authorization: wrong })).status).toBe(401);
    expect((await post(report, undefined, `${path}x`)).status).toBe(404);
    expect((await post(report, undefined, path.replace('postmark', 'mailjet'))).status).toBe(404);
    expect((await post('{')).status).toBe(400);
    expect((await post(' '.repeat(4_194_305))).status).toBe(413);
    expect(await events()).toEqual([]);
  });
});
