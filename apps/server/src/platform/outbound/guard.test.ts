import type { LookupAddress } from 'node:dns';
import { isIPv6 } from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { createOutbound, type OutboundOptions } from './outbound.ts';
import { selfSigned, serve, serveTls } from './receiver.fixture.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

function open(options: Partial<OutboundOptions> = {}) {
  const { post, close } = createOutbound({ allow: [], ...options });
  closing.push(close);
  return (url: string) => post({ pool: 'webhook', url, headers: [], body: '{}' });
}

/** A resolver that knows one list of answers, each for one lookup, and then the last for ever. */
function answers(...lists: string[][]) {
  let last: LookupAddress[] = [];
  return (_name: string, answer: (error: null, addresses: LookupAddress[]) => void) => {
    last = lists.shift()?.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 })) ?? last;
    queueMicrotask(() => answer(null, last));
  };
}

const forbidden = { kind: 'failed', reason: 'forbidden_address' };

describe('a private receiver', () => {
  it.each([
    ['by its address', '127.0.0.1'],
    ['by its address as one number', '2130706433'],
    ['by its address in hexadecimal', '0x7f.0.0.1'],
    ['by its address in octal', '0177.0.0.1'],
    ['by its address in short', '127.1'],
    ['by its IPv6 address', '[::1]'],
    ['by its IPv4 address inside an IPv6 one', '[::ffff:127.0.0.1]'],
    ['by the address of nowhere', '0.0.0.0'],
    ['by name', 'localhost'],
  ])('is not reached %s', async (_how, host) => {
    await using receiver = await serve((_request, response) => response.end());
    expect(await open()(`http://${host}:${receiver.port}/`)).toMatchObject(forbidden);
    expect(receiver.opened()).toBe(0);
  });

  it('is not reached over TLS either', async () => {
    await using receiver = await serveTls(selfSigned, (_request, response) => response.end());
    const post = open();
    expect(await post(`https://localhost:${receiver.port}/`)).toMatchObject(forbidden);
    expect(await post(`https://127.0.0.1:${receiver.port}/`)).toMatchObject(forbidden);
    expect(receiver.opened()).toBe(0);
  });

  it('is not reached through a redirect', async () => {
    await using inner = await serve((_request, response) => response.end('secret'));
    await using outer = await serve((_request, response) => {
      response.writeHead(302, { location: `http://127.0.0.2:${inner.port}/` }).end();
    });
    expect(await open({ allow: ['127.0.0.1/32'] })(outer.url)).toMatchObject({ status: 302, excerpt: '' });
    expect(inner.opened()).toBe(0);
  });

  it('is not reached through a public name that leads to it', async () => {
    await using receiver = await serve((_request, response) => response.end());
    const url = `http://rebound.example:${receiver.port}/`;
    expect(await open({ lookup: answers(['127.0.0.1']) })(url)).toMatchObject(forbidden);
    expect(await open({ lookup: answers(['169.254.169.254', '::1', 'fd00::1']) })(url)).toMatchObject(forbidden);
    expect(receiver.opened()).toBe(0);
  });

  it('is not reached when its name leads elsewhere at first', async () => {
    await using receiver = await serve((_request, response) => response.writeHead(200, { connection: 'close' }).end());
    const post = open({ allow: ['127.0.0.1/32'], lookup: answers(['127.0.0.3'], ['127.0.0.1'], ['127.0.0.2']) });
    const url = `http://rebound.example:${receiver.port}/`;
    expect(await post(url)).toMatchObject({ kind: 'failed' });
    expect(await post(url)).toMatchObject({ status: 200 });
    expect(receiver.opened()).toBe(1);
  });

  it('tells in one sentence why', async () => {
    const reply = await open()('http://anna:pa55@localhost:8080/t0ken');
    expect(reply).toMatchObject({
      detail: expect.stringMatching(/^localhost:8080 is a private or reserved address.*\.$/),
    });
    expect(JSON.stringify(reply)).not.toMatch(/anna|pa55|t0ken/);
  });
});

describe('a name', () => {
  it('is connected to at its allowed addresses only', async () => {
    await using receiver = await serve((request, response) => response.end(request.socket.localAddress));
    const lookup = answers(['10.0.0.1', '127.0.0.1', 'fe80::1']);
    const reply = await open({ allow: ['127.0.0.0/8'], lookup })(`http://mixed.example:${receiver.port}/`);
    expect(reply).toMatchObject({ status: 200, excerpt: '127.0.0.1' });
  });

  it('is looked up again after connecting to it failed', async () => {
    await using receiver = await serve((_request, response) => response.end());
    const post = open({ allow: ['127.0.0.0/8'], lookup: answers(['10.0.0.1'], ['127.0.0.1']) });
    const url = `http://moved.example:${receiver.port}/`;
    expect(await post(url)).toMatchObject(forbidden);
    expect(await post(url)).toMatchObject({ status: 200 });
  });

  it('that leads nowhere is told as such', async () => {
    expect(await open({ lookup: answers([]) })('http://empty.example/')).toMatchObject({ reason: 'dns' });
  });

  it('must be the one in the certificate', async () => {
    const before = tls.getCACertificates('default');
    tls.setDefaultCACertificates([...before, selfSigned.cert]);
    try {
      await using receiver = await serveTls(selfSigned, (_request, response) => response.end('over TLS'));
      const post = open({ allow: ['127.0.0.0/8'], lookup: answers(['127.0.0.1']) });
      expect(await post(receiver.url)).toMatchObject({ status: 200, excerpt: 'over TLS' });
      expect(await post(receiver.url.replace('localhost', '127.0.0.1'))).toMatchObject({ status: 200 });
      const other = await post(receiver.url.replace('localhost', 'other.example'));
      expect(other).toMatchObject({ reason: 'tls', detail: expect.stringContaining('for another name') });
    } finally {
      tls.setDefaultCACertificates(before);
    }
  });
});
