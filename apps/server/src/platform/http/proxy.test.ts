import { describe, expect, test } from 'vitest';
import { clientAddress, parsePublicUrl, parseTrustedProxies, publicOrigin, type TrustedProxies } from './proxy.ts';

const proxies = (text: string): TrustedProxies => parseTrustedProxies(text)!;
const arrival = (peer: string, headers: Record<string, string> = {}) => ({ peer, headers: new Headers(headers) });

test.each(['yes', '-1', '1.5', '10.0.0.0/33', '10.0.0.0/8,nonsense', '999', 'constructor'])(
  '%j trusts nobody and is an error',
  (text) => {
    expect(parseTrustedProxies(text)).toBeUndefined();
  },
);

describe('the address of a client', () => {
  test('is the peer when no proxy is trusted, whatever it says', () => {
    expect(clientAddress(proxies(''), arrival('203.0.113.9', { 'x-forwarded-for': '1.1.1.1' }))).toBe('203.0.113.9');
    expect(clientAddress(proxies('loopback'), arrival('203.0.113.9', { 'x-forwarded-for': '1.1.1.1' }))).toBe(
      '203.0.113.9',
    );
  });

  test('is what the last trusted proxy saw, not what the client claims', () => {
    const claimed = arrival('::ffff:10.0.0.2', { 'x-forwarded-for': '1.1.1.1, 203.0.113.9, 10.0.0.1' });
    expect(clientAddress(proxies('private'), claimed)).toBe('203.0.113.9');
    expect(clientAddress(proxies('10.0.0.0/8'), claimed)).toBe('203.0.113.9');
    expect(clientAddress(proxies('2'), claimed)).toBe('203.0.113.9');
    expect(clientAddress(proxies('10.0.0.2'), claimed)).toBe('10.0.0.1');
  });

  test('is the peer when a trusted proxy says nothing', () => {
    expect(clientAddress(proxies('1'), arrival('10.0.0.2'))).toBe('10.0.0.2');
    expect(clientAddress(proxies('private'), arrival('10.0.0.2'))).toBe('10.0.0.2');
  });
});

describe('the public origin', () => {
  const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'tickets.example:8443' };
  const known = { configured: undefined, listening: 'http://localhost:3000', proxies: proxies('loopback') };

  test('is the configured one, whatever a request says', () => {
    const configured = { ...known, configured: 'https://carillon.example' };
    expect(publicOrigin(configured, arrival('127.0.0.1', forwarded))).toBe('https://carillon.example');
  });

  test('is what a trusted proxy says', () => {
    expect(publicOrigin(known, arrival('127.0.0.1', forwarded))).toBe('https://tickets.example:8443');
    expect(publicOrigin(known, arrival('127.0.0.1', { 'x-forwarded-proto': 'https', host: 'a.example' }))).toBe(
      'https://a.example',
    );
  });

  test.each([
    ['203.0.113.9', forwarded],
    ['127.0.0.1', {}],
    ['127.0.0.1', { ...forwarded, 'x-forwarded-proto': 'gopher' }],
    ['127.0.0.1', { ...forwarded, 'x-forwarded-host': 'a.example/evil?' }],
  ])('is where the server listens for a request from %s with %j', (peer, headers) => {
    expect(publicOrigin(known, arrival(peer, headers))).toBe('http://localhost:3000');
  });
});

test('a public URL loses its last slash; one with credentials, a query or another scheme is none', () => {
  expect(parsePublicUrl('https://a.example/')).toBe('https://a.example');
  expect(parsePublicUrl(' https://a.example/carillon/ ')).toBe('https://a.example/carillon');
  for (const text of [
    'a.example',
    'ftp://a.example',
    'https://u:p@a.example',
    'https://a.example/?x',
    'https://a.example/#x',
    '',
  ]) {
    expect(parsePublicUrl(text)).toBeUndefined();
  }
});
