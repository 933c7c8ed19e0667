import { afterAll, afterEach, expect, test } from 'vitest';
import { mailjetDouble } from '../../../test/email/mailjet-double.ts';
import { createOutbound } from '../../platform/outbound/index.ts';
import { aMail } from './mail.fixture.ts';
import { mailjetProvider } from './mailjet.ts';
import { vendorLimits } from './vendor.ts';

const outbound = createOutbound({ allow: ['127.0.0.0/8'], timeoutMs: 2_000 });
afterAll(outbound.close);
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const now = Date.parse('2026-11-23T10:00:00Z');
const account = { apiKey: 'key', apiSecret: 'secret', sandbox: false };

async function started(changed: Partial<typeof account> = {}, limits = { ...vendorLimits, sendMs: 300 }) {
  const double = await mailjetDouble();
  ends.push(double.close);
  const vendors = { postmark: '', mailjet: double.url };
  const deps = { outbound, pool: 'test', vendors, limits, now: () => now };
  return { double, provider: mailjetProvider({ ...account, ...changed }, deps) };
}

test('an e-mail arrives at Mailjet whole, under the id that it is found by', async () => {
  const { double, provider } = await started();
  expect(await provider.send(await aMail('m1'))).toEqual({ kind: 'accepted', ref: double.taken[0]?.MessageUUID });
  expect(double.taken).toMatchObject([
    {
      From: { Email: 'tickets@carillon.example', Name: 'Harbour "Tours"' },
      To: [{ Email: 'ada@example.com', Name: 'Ada Lovelace' }],
      ReplyTo: { Email: 'hello@harbour.example', Name: 'Harbour' },
      Subject: 'Ihre Buchung – Ä',
      TextPart: 'Guten Tag\n',
      HTMLPart: expect.stringContaining('<img src="cid:code-1@carillon">'),
      CustomID: 'm1',
      Headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': 'de' },
      InlinedAttachments: [
        { Filename: 'code-1.png', ContentType: 'image/png', ContentID: 'code-1@carillon', Base64Content: 'cG5n' },
      ],
      Attachments: [{ Filename: 'booking.ics', ContentType: 'text/calendar; charset=utf-8; method=CANCEL' }],
    },
  ]);
});

test('what leaves at once goes in one call, of which Mailjet may take a part', async () => {
  const { double, provider } = await started();
  const mails = [await aMail('m1'), { ...(await aMail('m2')), to: 'nobody' }, await aMail('m3')];
  expect(await Promise.all(mails.map((mail) => provider.send(mail)))).toMatchObject([
    { kind: 'accepted', ref: double.taken[0]?.MessageUUID },
    { kind: 'refused', code: 'mj-0013' },
    { kind: 'accepted', ref: double.taken[1]?.MessageUUID },
  ]);
  expect(double.asked).toHaveLength(1);
});

test('no call has more than 50 messages', async () => {
  const { double, provider } = await started({}, { ...vendorLimits, lingerMs: 500 });
  const mail = await aMail('m');
  const outcomes = await Promise.all(Array.from({ length: 51 }, () => provider.send(mail)));
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['accepted']));
  expect(double.asked.map(({ body }) => (body as { Messages: unknown[] }).Messages.length).toSorted()).toEqual([1, 50]);
});

test('a template of Mailjet’s own gets its variables; it has a number', async () => {
  const { double, provider } = await started();
  const variables = { BOOKING_DATE: '24 November' };
  const one = { ...(await aMail('m1')), hosted: { template: '17', variables } };
  expect(await provider.send(one)).toMatchObject({ kind: 'accepted' });
  expect(await provider.send({ ...one, hosted: { template: '18', variables } })).toMatchObject({ code: 'send-0010' });
  expect(await provider.send({ ...one, hosted: { template: 'x', variables } })).toMatchObject({ kind: 'refused' });
  expect(double.taken).toMatchObject([{ TemplateID: 17, TemplateLanguage: true, Variables: variables }]);
});

test('in its sandbox it looks at everything and sends nothing', async () => {
  const { double, provider } = await started({ sandbox: true });
  expect(await provider.send(await aMail('m1'))).toMatchObject({ kind: 'accepted' });
  expect(double.taken).toEqual([]);
});

const fault = (ErrorCode: string) => ({ ErrorCode, ErrorMessage: 'No.', StatusCode: 400 });

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
    { status: 401, body: fault('mj-0015') },
    { kind: 'deferred', code: 'mj-0015' },
  ],
  [
    { status: 403, body: fault('mj-0001') },
    { kind: 'deferred', code: 'mj-0001' },
  ],
  [
    { status: 400, body: fault('mj-0002') },
    { kind: 'refused', code: '400' },
  ],
  [
    { status: 500, body: fault('mj-0001') },
    { kind: 'unknown', code: '500' },
  ],
  [
    { status: 503, body: '<html>' },
    { kind: 'unknown', code: '503' },
  ],
  [
    { status: 200, body: 'OK' },
    { kind: 'unknown', code: 'unreadable' },
  ],
  [
    { status: 200, body: { Messages: [] } },
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

test('its records tell whether it took an e-mail whose answer was lost', async () => {
  const { double, provider } = await started();
  for (const trouble of ['drop_before', 'drop_after'] as const) {
    double.trouble(trouble);
    await provider.send(await aMail(trouble));
  }
  expect(await provider.find?.('<drop_before@carillon.example>')).toBe(false);
  expect(await provider.find?.('<drop_after@carillon.example>')).toBe(true);
  double.trouble({ status: 200, body: 'nothing' }, ({ method }) => method === 'GET');
  await expect(provider.find?.('<drop_after@carillon.example>')).rejects.toThrow('Mailjet');
});
