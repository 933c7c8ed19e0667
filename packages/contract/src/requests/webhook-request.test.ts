import { describe, expect, test } from 'vitest';
import { problemsOf, webhookCreation, webhookDeletion, webhookPatch } from './index.ts';

const creation = { event: 'booking_update', url: 'https://example.com/hook' };

function wrong(input: Record<string, unknown>): string[] {
  const result = webhookCreation.safeParse({ ...creation, ...input });
  return result.success ? [] : problemsOf(result.error, { ...creation, ...input }, 'the body').map((p) => p.message);
}

test('a webhook retries and speaks the language of the contact unless told otherwise', () => {
  expect(webhookCreation.parse(creation)).toEqual({
    ...creation,
    headers: {},
    retryOnError: true,
    useContactLanguage: true,
  });
});

test('capabilities of a body are taken in both forms, and those that are not ours ignored', () => {
  const request = webhookCreation.parse({ ...creation, capabilities: ['pricing', 'octo/content', 'octo/questions'] });
  expect(request.capabilities).toEqual(['octo/pricing', 'octo/content']);
});

test('a change may name one field', () => {
  expect(webhookPatch.parse({ retryOnError: false })).toEqual({ retryOnError: false });
});

test('a deletion by URL may name an event', () => {
  expect(webhookDeletion.parse({ url: creation.url })).toEqual({ url: creation.url });
});

test.each([
  'http://localhost:4000/',
  'https://user:p%40ss@example.com/a?b=c',
  'https://[2001:db8::1]/hook',
  'https://bücher.example/hook',
])('takes the URL %s', (url) => {
  expect(wrong({ url })).toEqual([]);
});

test.each([
  ['ftp://example.com/', 'url must begin with http:// or https://'],
  ['javascript:alert(1)', 'url must begin with http:// or https://'],
  ['/hook', 'url must be an absolute URL'],
  ['', 'url must be an absolute URL'],
  ['https://', 'url must be an absolute URL'],
  [' https://example.com/', 'url must not hold white space or control characters'],
  ['https://exam\nple.com/', 'url must not hold white space or control characters'],
  ['https://a:%ff@example.com/', 'url has a user name or password that is not percent-encoded UTF-8'],
  ['https://a%3Ab:c@example.com/', 'url must not have a colon in its user name (RFC 7617)'],
  [`https://example.com/${'x'.repeat(2_048)}`, 'url must have at most 2048 characters'],
])('refuses the URL %j', (url, message) => {
  expect(wrong({ url })).toEqual([message]);
});

describe('custom headers', () => {
  test('may name who is calling, and carry any line of Latin-1', () => {
    expect(wrong({ headers: { Authorization: 'Bearer x', 'X-Greeting': 'é ü' } })).toEqual([]);
  });

  test('may not say who is calling when the URL does', () => {
    expect(wrong({ url: 'https://u:p@example.com/', headers: { AUTHORIZATION: 'Bearer x' } })).toEqual([
      'headers must not have authorization when the URL carries a user name and password',
    ]);
  });

  test.each([
    'Host',
    'Content-Length',
    'content-type',
    'Connection',
    'Transfer-Encoding',
    'TE',
    'Upgrade',
    'Keep-Alive',
    'Webhook-Id',
    'webhook-signature',
    'webhook-timestamp',
    'webhook-anything',
    'Carillon-Test',
    'User-Agent',
    'Expect',
  ])('may not be %s', (name) => {
    expect(wrong({ headers: { [name]: 'x' } })).toEqual([`headers.${name} is set by the sender and cannot be given`]);
  });

  test.each([
    [{ 'X-A': 'a\r\nX-B: b' }, 'headers.X-A must be one line of Latin-1 characters'],
    [{ 'X-A': 'a\0' }, 'headers.X-A must be one line of Latin-1 characters'],
    [{ 'X-A': '日本' }, 'headers.X-A must be one line of Latin-1 characters'],
    [{ 'X-A': ' a' }, 'headers.X-A must not begin or end with white space'],
    [{ 'X A': 'a' }, 'headers.X A must have a header name (a token of RFC 9110)'],
    [{ '': 'a' }, 'headers. must have a header name (a token of RFC 9110)'],
    [{ 'X-A': 'a', 'x-a': 'b' }, 'headers must not name a header twice: upper and lower case are the same'],
    [{ 'X-A': 1 }, 'headers.X-A must be a string'],
    [{ ['x'.repeat(129)]: 'a' }, `headers.${'x'.repeat(129)} must have a name of at most 128 characters`],
    [{ 'X-A': 'a'.repeat(4_097) }, 'headers.X-A must have at most 4096 characters'],
    [{ 'X-A': 'a'.repeat(4_096), 'X-B': 'a'.repeat(4_096) }, 'headers must have at most 8192 characters in all'],
    [Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`x-${n}`, ''])), 'headers must have at most 32 entries'],
    [['X-A', 'a'], 'headers must be an object'],
  ])('are refused: %j', (headers, message) => {
    expect(wrong({ headers })).toEqual([message]);
  });

  test('do not take a prototype for a header', () => {
    const headers = JSON.parse('{"__proto__": "x", "x-a": "b"}');
    const request = webhookCreation.parse({ ...creation, headers });
    expect(Object.entries(request.headers)).toEqual([['x-a', 'b']]);
  });
});

test.each(['booking.updated', 'BOOKING_UPDATE', '', null])('refuses the event %j', (event) => {
  expect(wrong({ event })).toHaveLength(1);
});
