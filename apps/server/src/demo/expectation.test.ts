import { expect, test } from 'vitest';
import type { Delivery } from './delivery.ts';
import { problemsOf } from './expectation.ts';

const status = (id: string, uuid: string, value: string): Delivery => ({
  id,
  signed: true,
  event: 'booking_update',
  language: 'de',
  uuid,
  diff: [{ op: 'replace', path: '/status', value }],
});
const confirmed = status('1', 'A', 'CONFIRMED');
const cancelled = status('2', 'A', 'CANCELLED');
const other = status('3', 'B', 'CONFIRMED');
const expected = {
  deliveries: [confirmed, other, cancelled].map(({ uuid, diff }) => ({
    uuid,
    booking: uuid,
    changes: { '/status': diff[0]?.value },
  })),
  mails: [
    { to: 'k@example.com', subject: 'Bestätigt' },
    { to: 'k@example.com', subject: 'Storniert' },
  ],
};
const mails = expected.mails.map((mail, index) => ({ ...mail, subject: `${mail.subject}: Fahrt`, id: String(index) }));
const judge = (deliveries: readonly Delivery[], arrived = mails) =>
  problemsOf(expected, { deliveries, mails: arrived });

test('webhooks of different bookings may pass each other; those of one booking may not', () => {
  expect(judge([other, confirmed, cancelled])).toEqual([]);
  expect(judge([cancelled, confirmed, other])).toHaveLength(2);
});

test.each([
  ['that is missing', [confirmed, other], ['Missing: webhook for A with /status = CANCELLED.']],
  [
    'that arrives twice',
    [confirmed, cancelled, other, other],
    ['Delivery 3 arrived more than once.', 'Unexpected: webhook for B with /status.'],
  ],
  [
    'of a booking that nobody made',
    [confirmed, cancelled, other, status('4', 'C', 'EXPIRED')],
    ['Unexpected: webhook for an unknown booking (C) with /status.'],
  ],
  [
    'whose signature is not valid',
    [confirmed, cancelled, { ...other, signed: false }],
    ['The signature of delivery 3 is not valid.'],
  ],
  [
    'that tells more than what happened',
    [confirmed, cancelled, { ...other, diff: [...other.diff, { op: 'replace', path: '/notes', value: 'x' }] }],
    ['Expected webhook for B with /status = CONFIRMED; there came webhook for B with /status, /notes.'],
  ],
  [
    'that tells less than what happened',
    [confirmed, cancelled, { ...other, diff: [{ op: 'replace', path: '/utcUpdatedAt', value: 'now' }] }],
    ['Expected webhook for B with /status = CONFIRMED; there came webhook for B with .'],
  ],
  ['in another language', [confirmed, cancelled, { ...other, language: 'en' }], ['Delivery 3 is in en, not de.']],
])('a webhook %s is a problem', (_what, deliveries, problems) => {
  expect(judge(deliveries)).toEqual(problems);
});

test('e-mails that are missing, unexpected or out of order are problems', () => {
  const all = [confirmed, cancelled, other];
  expect(judge(all, mails.slice(0, 1))).toEqual(['Missing: e-mail to k@example.com: “Storniert…”.']);
  expect(judge(all, [...mails, ...mails.slice(1)])).toEqual([
    'Unexpected: e-mail to k@example.com: “Storniert: Fahrt”.',
  ]);
  expect(judge(all, mails.toReversed())).toHaveLength(2);
});
