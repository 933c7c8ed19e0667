import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { failureOf } from './failure.ts';
import { createOutbound, type OutboundOptions } from './outbound.ts';
import { accept, receive, selfSigned, serve, serveTls } from './receiver.fixture.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

function open(options: Partial<OutboundOptions> = {}) {
  const { post, close } = createOutbound({ allow: ['127.0.0.0/8'], ...options });
  closing.push(close);
  return (url: string, extra: { timeoutMs?: number; headers?: string[]; maxResponseBytes?: number } = {}) =>
    post({ pool: 'webhook', url, headers: [], body: 'x'.repeat(4096), ...extra });
}

const failed = (reason: string, detail: RegExp) => ({ kind: 'failed', reason, detail: expect.stringMatching(detail) });

/** Writes the same again and again for as long as the other side listens. */
function flood(socket: Socket, piece: string): void {
  const more = () => {
    while (socket.writable && socket.write(piece));
  };
  socket.on('drain', more);
  more();
}

/** Writes a text byte by byte, one for each turn of the event loop, over and over. */
function drip(socket: Socket, text: string): void {
  let n = 0;
  const next = () => {
    if (!socket.writable) return;
    socket.write(text[n % text.length] ?? '');
    n += 1;
    setImmediate(next);
  };
  next();
}

describe('a receiver that cannot be reached', () => {
  it('has no name that resolves', async () => {
    expect(await open()('http://nobody.invalid/')).toMatchObject(
      failed('dns', /^The name of nobody.invalid could not/),
    );
  });

  it('refuses connections', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    server.close();
    await once(server, 'close');
    const reply = await open()(`http://127.0.0.1:${port}/`);
    expect(reply).toMatchObject(failed('refused', new RegExp(`^127.0.0.1:${port} refused the connection.$`)));
  });

  it('has a name whose lookup does not end in time', async () => {
    const reply = await open({ connectTimeoutMs: 50, lookup: () => undefined })('http://slow.example/');
    expect(reply).toMatchObject(failed('timeout', /^No connection to slow.example/));
  });

  it('gets no request whose limit ended before its connection was there, and gets those that follow', async () => {
    const answers: (() => void)[] = [];
    let requests = 0;
    await using receiver = await serve((_request, response) => {
      requests += 1;
      response.end();
    });
    const post = open({
      connections: 1,
      lookup: (_name, answer) => answers.push(() => answer(null, [{ address: '127.0.0.1', family: 4 }])),
    });
    const url = `http://slow.example:${receiver.port}/`;
    expect(await post(url, { timeoutMs: 50 })).toMatchObject(failed('timeout', /^No connection to slow.example/));
    const next = post(url);
    for (const answer of answers) answer();
    expect(await next).toMatchObject({ status: 200 });
    expect(requests).toBe(1);
  });
});

describe('a receiver with TLS', () => {
  it('is not believed when it signed its certificate itself', async () => {
    await using receiver = await serveTls(selfSigned, (_request, response) => response.end());
    const reply = await open()(receiver.url);
    expect(reply).toMatchObject(
      failed('tls', /has a certificate that it signed itself \(DEPTH_ZERO_SELF_SIGNED_CERT\)/),
    );
  });

  it('speaks no TLS at all', async () => {
    await using receiver = await serve((_request, response) => response.end());
    const reply = await open()(receiver.url.replace('http:', 'https:'));
    expect(reply).toMatchObject(failed('tls', /could not agree on TLS/));
  });

  it('closes during the handshake', async () => {
    await using receiver = await accept((socket) => socket.once('data', () => socket.end()), 'https');
    expect(await open()(receiver.url)).toMatchObject(failed('reset', /while it was being opened/));
  });

  it('never finishes the handshake', async () => {
    await using receiver = await accept((socket) => socket.resume(), 'https');
    const reply = await open({ connectTimeoutMs: 50 })(receiver.url);
    expect(reply).toMatchObject(failed('timeout', /^No connection to/));
    await receiver.emptied();
  });
});

describe('a receiver that takes too long', () => {
  const limit = { timeoutMs: 80 };
  const cases: Record<string, [(socket: Socket) => void, RegExp]> = {
    'sends nothing': [() => undefined, /^No response from .* within 80 ms/],
    'drips its headers': [(socket) => drip(socket, 'HTTP/1.1 200 OK\r\nx-a: '), /^No response from/],
    'stops in its headers': [(socket) => socket.write('HTTP/1.1 200 OK\r\nx: '), /^No response from/],
    'drips its body': [
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
        drip(socket, '1\r\nx\r\n');
      },
      /^No complete response from .* \(status 200\)/,
    ],
    'stops in its body': [
      (socket) => socket.write('HTTP/1.1 500 No\r\ncontent-length: 9\r\n\r\nhalf'),
      /^No complete response from .* \(status 500\)/,
    ],
    'floods the extensions of a chunk': [
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;');
        flood(socket, 'x'.repeat(1000));
      },
      /^No complete response from/,
    ],
  };
  for (const [what, [answer, detail]] of Object.entries(cases)) {
    it(`${what} is cut off at the limit`, async () => {
      await using receiver = await receive(answer);
      const reply = await open()(receiver.url, { ...limit, maxResponseBytes: 1_000_000 });
      expect(reply).toMatchObject(failed('timeout', detail));
      await receiver.emptied();
    });
  }
});

describe('a receiver that closes the connection', () => {
  const cases: Record<string, [(socket: Socket) => void, RegExp]> = {
    'before its response': [(socket) => socket.end(), /without a response/],
    'with a reset before its response': [(socket) => socket.resetAndDestroy(), /without a response/],
    'in its headers': [(socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le'), /without a response/],
    'in a body of a known length': [
      (socket) => socket.end('HTTP/1.1 201 OK\r\ncontent-length: 9\r\n\r\nhalf'),
      /in the middle of its response \(status 201\)/,
    ],
    'in a body of a known length that was to be its last': [
      (socket) => socket.end('HTTP/1.1 201 OK\r\nconnection: close\r\ncontent-length: 9\r\n\r\nhalf'),
      /in the middle of its response \(status 201\)/,
    ],
    'in a chunked body': [
      (socket) => socket.end('HTTP/1.1 201 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhal'),
      /in the middle of its response \(status 201\)/,
    ],
    'with a reset after its headers': [
      (socket) => socket.write('HTTP/1.1 201 OK\r\ncontent-length: 9\r\n\r\nhalf', () => socket.resetAndDestroy()),
      /closed the connection/,
    ],
  };
  for (const [when, [answer, detail]] of Object.entries(cases)) {
    it(`${when} has reset it`, async () => {
      await using receiver = await receive(answer);
      expect(await open()(receiver.url)).toMatchObject(failed('reset', detail));
    });
  }

  it('as soon as it was opened has reset it', async () => {
    await using receiver = await accept((socket) => socket.resetAndDestroy());
    expect(await open()(receiver.url)).toMatchObject(failed('reset', /closed the connection/));
  });

  it('is tried on a new connection the next time', async () => {
    let count = 0;
    await using receiver = await serve((request, response) => {
      count += 1;
      if (count === 1) request.socket.destroy();
      else response.end();
    });
    const post = open();
    expect(await post(receiver.url)).toMatchObject({ reason: 'reset' });
    expect(await post(receiver.url)).toMatchObject({ status: 200 });
  });
});

describe('a receiver that does not keep to HTTP/1.1', () => {
  const cases: Record<string, (socket: Socket) => void> = {
    'speaks something else': (socket) => socket.write('220 mail.example ESMTP\r\n'),
    'switches protocols unasked': (socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
    'floods informational responses': (socket) => flood(socket, 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'),
    'sends two lengths': (socket) =>
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'),
    'sends chunks without a size': (socket) =>
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'),
  };
  for (const [what, answer] of Object.entries(cases)) {
    it(`${what} is told`, async () => {
      await using receiver = await receive(answer);
      expect(await open()(receiver.url)).toMatchObject({ kind: 'failed', reason: 'protocol' });
      await receiver.emptied();
    });
  }

  it('sends headers without end is cut off at their limit', async () => {
    await using receiver = await receive((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      flood(socket, `x-a: ${'y'.repeat(1000)}\r\n`);
    });
    expect(await open()(receiver.url)).toMatchObject(failed('too_large', /headers of the response/));
    await receiver.emptied();
  });

  it('says more than it announced does not mix it with the next response', async () => {
    await using receiver = await receive((socket) => {
      const twice = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 500 No\r\ncontent-length: 3\r\n\r\nbad';
      socket.write(twice);
      socket.on('data', () => socket.write(twice));
    });
    const post = open({ connections: 1 });
    for (let n = 0; n < 3; n += 1) expect(await post(receiver.url)).not.toMatchObject({ status: 500 });
  });
});

describe('a request that cannot be sent', () => {
  it.each(['', 'not a url', 'ftp://example.com/', 'file:///etc/passwd', 'unix:/run/x.sock', 'http://'])(
    'has the URL "%s"',
    async (url) => {
      expect(await open()(url)).toMatchObject({ kind: 'failed', reason: 'invalid', durationMs: 0 });
    },
  );

  it.each([
    [['x-token', 'a\r\nhost: b']],
    [['x y', 'a']],
    [['transfer-encoding', 'chunked']],
    [['x-odd']],
    [['x-name', 'naïve 🎫']],
  ])('has the headers %j', async (headers) => {
    await using receiver = await serve((_request, response) => response.end());
    const post = open();
    const reply = await post(receiver.url, { headers });
    expect(reply).toMatchObject({ kind: 'failed', reason: 'invalid' });
    expect(await post(receiver.url)).toMatchObject({ status: 200 });
  });
});

describe('an error from below', () => {
  const at = { host: 'example.com', phase: 'connecting', status: 0 } as const;
  const coded = (code: string) => Object.assign(new Error('secret words'), { code });

  it.each([
    ['EHOSTUNREACH', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['EAI_AGAIN', 'dns'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['EMFILE', 'busy'],
    ['EADDRNOTAVAIL', 'busy'],
    ['ETIMEDOUT', 'timeout'],
    ['EUNHEARDOF', 'unreachable'],
  ])('%s is told as %s, in our words', (code, reason) => {
    const failure = failureOf(coded(code), at);
    expect(failure.reason).toBe(reason);
    expect(failure.detail).toMatch(/example\.com.*\.$/);
    expect(failure.detail).not.toContain('secret');
  });
});
