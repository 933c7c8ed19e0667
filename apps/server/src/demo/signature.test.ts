import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { isSigned } from './signature.ts';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const now = 1_800_000_000_000;
const body = Buffer.from('{"event":"booking_update"}');
const signed = {
  id: 'a',
  timestamp: String(now / 1000),
  signatures: new Webhook(secret).sign('a', new Date(now), body.toString()),
  body,
};

test('takes what the Standard Webhooks library signs, also beside a signature of another key', () => {
  expect(isSigned(signed, secret, now)).toBe(true);
  expect(isSigned({ ...signed, signatures: `v1,AAAA ${signed.signatures}` }, secret, now)).toBe(true);
});

test.each([
  ['another body', { body: Buffer.from('{}') }],
  ['another id', { id: 'b' }],
  ['no signature', { signatures: '' }],
  ['another version', { signatures: signed.signatures.replace('v1,', 'v2,') }],
  ['a timestamp that is no number', { timestamp: 'now' }],
])('refuses %s', (_what, other) => {
  expect(isSigned({ ...signed, ...other }, secret, now)).toBe(false);
});

test('refuses what was signed more than five minutes ago, or with another secret', () => {
  expect(isSigned(signed, secret, now + 301_000)).toBe(false);
  expect(isSigned(signed, `whsec_${Buffer.alloc(32, 8).toString('base64')}`, now)).toBe(false);
});
