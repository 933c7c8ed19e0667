import tls, { createServer, type TlsOptions } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { authority, certificates, key } from './certificates.fixture.ts';
import { createOutbound } from './outbound.ts';
import { accept, listenWith, serveTls } from './receiver.fixture.ts';

const trusted = tls.getCACertificates('default');
beforeAll(() => tls.setDefaultCACertificates([...trusted, authority]));
afterAll(() => tls.setDefaultCACertificates(trusted));

const closing: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

function post(url: string) {
  const outbound = createOutbound({ allow: ['127.0.0.0/8'], timeoutMs: 2_000, connectTimeoutMs: 900 });
  closing.push(outbound.close);
  return outbound.post({ pool: 'webhook', url, headers: [], body: '{}' });
}

/** A TLS server of its own settings that answers whoever gets through. */
const speak = (options: TlsOptions) =>
  listenWith(
    createServer({ key, cert: certificates.valid, ...options }, (socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', () => socket.end('HTTP/1.1 204 No Content\r\n\r\n'));
    }),
  );

const failed = (reason: string, detail: RegExp) => ({ kind: 'failed', reason, detail: expect.stringMatching(detail) });

describe('a receiver with TLS', () => {
  it('is sent to when its certificate is whole', async () => {
    await using receiver = await serveTls({ key, cert: certificates.valid }, (_request, response) => response.end());
    expect(await post(receiver.url)).toMatchObject({ status: 200 });
  });

  it.each([
    ['is over', certificates.expired, /has an expired certificate \(CERT_HAS_EXPIRED\)/],
    ['has not begun', certificates.future, /not valid yet \(CERT_NOT_YET_VALID\)/],
    ['is for another name', certificates.other, /for another name/],
  ])('whose certificate %s is not believed, and never sees the request', async (_what, cert, detail) => {
    let requests = 0;
    await using receiver = await serveTls({ key, cert }, (_request, response) => {
      requests += 1;
      response.end();
    });
    expect(await post(receiver.url)).toMatchObject(failed('tls', detail));
    expect(requests).toBe(0);
  });

  it('whose certificate is of an authority that nobody knows is not believed', async () => {
    tls.setDefaultCACertificates(trusted);
    try {
      await using receiver = await serveTls({ key, cert: certificates.valid }, (_request, response) => response.end());
      expect(await post(receiver.url)).toMatchObject(failed('tls', /whose issuer is not trusted or not sent along/));
    } finally {
      tls.setDefaultCACertificates([...trusted, authority]);
    }
  });

  it.each<[string, TlsOptions]>([
    ['only an old version of it', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }],
    ['only ciphers that nobody else takes', { maxVersion: 'TLSv1.2', ciphers: 'NULL-SHA256:@SECLEVEL=0' }],
  ])('that speaks %s is told', async (_what, options) => {
    await using receiver = await speak(options);
    expect(await post(receiver.url)).toMatchObject(failed('tls', /could not agree on TLS/));
  });

  it.each<[string, TlsOptions]>([
    ['with TLS 1.2', { maxVersion: 'TLSv1.2' }],
    ['with TLS 1.3, which says so after the handshake', { minVersion: 'TLSv1.3' }],
  ])('that wants to know who sends is told %s', async (_what, options) => {
    await using receiver = await speak({ ...options, requestCert: true, rejectUnauthorized: true, ca: [authority] });
    expect(await post(receiver.url)).toMatchObject({ kind: 'failed', reason: expect.stringMatching(/^(tls|reset)$/) });
  });

  it('that resets in the handshake, or answers it with garbage, is told', async () => {
    await using resetting = await accept((socket) => socket.once('data', () => socket.resetAndDestroy()), 'https');
    expect(await post(resetting.url)).toMatchObject(failed('reset', /closed the connection while it was being opened/));
    await using babbling = await accept((socket) => {
      socket.once('data', () => socket.write(Buffer.alloc(64_000, 0x16)));
    }, 'https');
    expect(await post(babbling.url)).toMatchObject({ kind: 'failed', reason: 'tls' });
  });

  it('that drips its handshake is cut off at the limit of connecting', async () => {
    await using receiver = await accept((socket) => {
      // The header of a record of 16 KiB, and then its bytes one by one.
      socket.write(Buffer.from([0x16, 0x03, 0x03, 0x40, 0x00, 0x02, 0x00, 0x3f, 0xfc]));
      const next = () => {
        if (socket.writable) socket.write('\0', () => setImmediate(next));
      };
      socket.once('data', next);
    }, 'https');
    const reply = await post(receiver.url);
    expect(reply).toMatchObject({ kind: 'failed', reason: expect.stringMatching(/^(timeout|tls)$/) });
    await receiver.emptied();
  });
});
