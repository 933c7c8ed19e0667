import { afterAll, afterEach, expect, test } from 'vitest';
import { postmarkDouble } from '../../../test/email/postmark-double.ts';
import { createOutbound } from '../../platform/outbound/index.ts';
import { aMail } from './mail.fixture.ts';
import { postmarkProvider } from './postmark.ts';
import type { Mail, MailProvider } from './provider.ts';
import { vendorLimits } from './vendor.ts';

const outbound = createOutbound({ allow: ['127.0.0.0/8'], timeoutMs: 2_000 });
afterAll(outbound.close);
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const now = Date.parse('2026-11-23T10:00:00Z');

async function started(token = 'server-token', limits = { ...vendorLimits, sendMs: 300 }) {
  const double = await postmarkDouble();
  ends.push(double.close);
  const provider: MailProvider = postmarkProvider(
    { serverToken: token, streams: { transactional: 'outbound', broadcast: 'broadcast' } },
    { outbound, pool: 'test', vendors: { postmark: double.url, mailjet: '' }, limits, now: () => now },
  );
  return { double, provider };
}

test('an e-mail arrives at Postmark whole, under the id that it is found by', async () => {
  const { double, provider } = await started();
  const mail = await aMail('m1');
  expect(await provider.send(mail)).toEqual({ kind: 'accepted', ref: double.taken[0]?.MessageID });
  expect(double.taken).toMatchObject([
    {
      From: '"Harbour \\"Tours\\"" <tickets@carillon.example>',
      To: '"Ada Lovelace" <ada@example.com>',
      ReplyTo: '"Harbour" <hello@harbour.example>',
      Subject: 'Ihre Buchung – Ä',
      HtmlBody: expect.stringContaining('<img src="cid:code-1@carillon">'),
      TextBody: 'Guten Tag\n',
      Metadata: { messageid: 'm1' },
      MessageStream: 'outbound',
      Headers: expect.arrayContaining([
        { Name: 'Auto-Submitted', Value: 'auto-generated' },
        { Name: 'Message-ID', Value: '<m1@carillon.example>' },
      ]),
      Attachments: [
        { Name: 'code-1.png', ContentType: 'image/png', ContentID: 'cid:code-1@carillon', Content: 'cG5n' },
        {
          Name: 'booking.ics',
          ContentType: 'text/calendar; charset=utf-8; method=CANCEL',
          ContentID: null,
          Content: Buffer.from('BEGIN:VCALENDAR').toString('base64'),
        },
      ],
    },
  ]);
  expect(double.asked.map(({ path }) => path)).toEqual(['/email']);
});

test('marketing goes by the broadcast stream', async () => {
  const { double, provider } = await started();
  await provider.send({ ...(await aMail('m1')), marketing: true });
  expect(double.taken).toMatchObject([{ MessageStream: 'broadcast' }]);
});

test('a template of Postmark’s own gets its model, by alias or by id', async () => {
  const { double, provider } = await started();
  const variables = { booking_date: '24 November' };
  const one = { ...(await aMail('m1')), hosted: { template: 'booking-confirmed', variables } };
  expect(await provider.send(one)).toMatchObject({ kind: 'accepted' });
  expect(await provider.send({ ...one, hosted: { template: '17', variables } })).toMatchObject({ kind: 'accepted' });
  expect(await provider.send({ ...one, hosted: { template: 'gone', variables } })).toMatchObject({
    kind: 'deferred',
    code: 'postmark-1101',
  });
  expect(double.taken).toMatchObject([
    { TemplateAlias: 'booking-confirmed', TemplateModel: variables },
    { TemplateId: 17, TemplateModel: variables },
  ]);
});

test('what leaves at once goes in one call, and each is told its own outcome', async () => {
  const { double, provider } = await started();
  double.suppressed.get('outbound')?.set('bounced@example.com', 'HardBounce');
  const mails: Mail[] = [
    await aMail('m1'),
    { ...(await aMail('m2')), to: 'bounced@example.com' },
    { ...(await aMail('m3')), to: 'nobody' },
    await aMail('m4'),
  ];
  const outcomes = await Promise.all(mails.map((mail) => provider.send(mail)));
  expect(outcomes).toMatchObject([
    { kind: 'accepted', ref: double.taken[0]?.MessageID },
    { kind: 'refused', code: 'postmark-406' },
    { kind: 'refused', code: 'postmark-300' },
    { kind: 'accepted', ref: double.taken[1]?.MessageID },
  ]);
  expect(double.asked.map(({ path }) => path)).toEqual(['/email/batch']);
});

test('no call has more than 500 messages', async () => {
  const { double, provider } = await started('server-token', { ...vendorLimits, lingerMs: 500 });
  const mail = await aMail('m');
  const outcomes = await Promise.all(Array.from({ length: 501 }, () => provider.send(mail)));
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['accepted']));
  expect(double.asked.map(({ body }) => (Array.isArray(body) ? body.length : 1)).toSorted()).toEqual([1, 500]);
});

test.each([
  [
    { status: 429, body: '', headers: { 'retry-after': '7' } },
    { kind: 'deferred', code: '429', retryAfterMs: 7000 },
  ],
  [
    { status: 429, body: {} },
    { kind: 'deferred', code: '429' },
  ],
  [
    { status: 503, body: { ErrorCode: 100, Message: 'Maintenance' } },
    { kind: 'deferred', code: '503' },
  ],
  // A gateway on the way does not know what became of it behind it.
  [
    { status: 503, body: '<html>' },
    { kind: 'unknown', code: '503' },
  ],
  [
    { status: 502, body: '<html>' },
    { kind: 'unknown', code: '502' },
  ],
  [
    { status: 500, body: { ErrorCode: 0, Message: 'Server error' } },
    { kind: 'unknown', code: '500' },
  ],
  [
    { status: 422, body: { ErrorCode: 402, Message: 'Invalid JSON' } },
    { kind: 'refused', code: 'postmark-402' },
  ],
  [
    { status: 422, body: { ErrorCode: 405, Message: 'Credits' } },
    { kind: 'deferred', code: 'postmark-405' },
  ],
  [
    { status: 413, body: '' },
    { kind: 'refused', code: '413' },
  ],
  [
    { status: 200, body: 'OK' },
    { kind: 'unknown', code: 'unreadable' },
  ],
  [
    { status: 200, body: '[]' },
    { kind: 'unknown', code: 'unreadable' },
  ],
  ['drop_before' as const, { kind: 'unknown', code: 'reset' }],
  ['drop_after' as const, { kind: 'unknown', code: 'reset' }],
  ['hang_before' as const, { kind: 'unknown', code: 'timeout' }],
  ['hang_after' as const, { kind: 'unknown', code: 'timeout' }],
])('%j means %j, for one and for each of several', async (trouble, expected) => {
  const { double, provider } = await started();
  double.trouble(trouble);
  expect(await provider.send(await aMail('m1'))).toMatchObject(expected);
  double.trouble(trouble);
  const mails = [await aMail('m2'), await aMail('m3')];
  const both = await Promise.all(mails.map((mail) => provider.send(mail)));
  expect(both).toMatchObject([expected, expected]);
  expect(double.asked).toHaveLength(2);
});

test('a wrong token and a server that is not there only hold it up', async () => {
  const { provider } = await started('another');
  expect(await provider.send(await aMail('m1'))).toMatchObject({ kind: 'deferred', code: '401' });
  const gone = await started();
  await gone.double.close();
  expect(await gone.provider.send(await aMail('m1'))).toMatchObject({ kind: 'deferred', code: 'refused' });
});

test('its records tell whether it took an e-mail whose answer was lost', async () => {
  const { double, provider } = await started();
  for (const trouble of ['drop_before', 'drop_after'] as const) {
    double.trouble(trouble);
    await provider.send(await aMail(trouble));
  }
  expect(await provider.find?.('<drop_before@carillon.example>')).toBe(false);
  expect(await provider.find?.('<drop_after@carillon.example>')).toBe(true);
  double.trouble({ status: 500, body: {} }, ({ method }) => method === 'GET');
  await expect(provider.find?.('<drop_after@carillon.example>')).rejects.toThrow('Postmark');
});
