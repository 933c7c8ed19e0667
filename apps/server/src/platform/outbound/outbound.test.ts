import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createOutbound, type Outbound, type OutboundOptions } from './outbound.ts';
import { receive, serve } from './receiver.fixture.ts';

const opened: Outbound[] = [];
afterEach(() => Promise.all(opened.splice(0).map((outbound) => outbound.close())));

function open(options: Partial<OutboundOptions> = {}) {
  const outbound = createOutbound({ allow: ['127.0.0.0/8'], ...options });
  opened.push(outbound);
  const post = (url: string, extra: { pool?: string; timeoutMs?: number; maxResponseBytes?: number } = {}) =>
    outbound.post({ pool: 'webhook', url, headers: ['content-type', 'application/json'], body: '{}', ...extra });
  return { ...outbound, request: outbound.post, post };
}

/** A receiver that keeps every request until the test answers it. */
async function holding() {
  const held: { request: IncomingMessage; response: ServerResponse }[] = [];
  const arrivals = new EventTarget();
  const receiver = await serve((request, response) => {
    request.resume();
    held.push({ request, response });
    arrivals.dispatchEvent(new Event('arrival'));
  });
  const arrived = async (count: number) => {
    while (held.length < count) await once(arrivals, 'arrival');
  };
  return Object.assign(receiver, { held, arrived });
}

describe('a POST', () => {
  it('carries path, query, headers and the exact bytes of the body, and nothing that was not asked for', async () => {
    const received: unknown[] = [];
    await using receiver = await serve(async (request, response) => {
      received.push([request.method, request.url, request.headers, await text(request)]);
      response.end('ok');
    });
    const { request } = open();
    const url = `${receiver.url}/a%20b?x=1&y=ü#fragment`;
    const headers = ['Content-Type', 'application/json', 'webhook-id', 'msg_1'];
    const reply = await request({ pool: 'a', url, headers, body: '{"name":"Zoë"}' });
    expect(reply).toMatchObject({ kind: 'response', status: 200, excerpt: 'ok', truncated: false, retryAfter: null });
    expect(received).toEqual([
      [
        'POST',
        '/hook/a%20b?x=1&y=%C3%BC',
        {
          host: `127.0.0.1:${receiver.port}`,
          connection: 'keep-alive',
          'content-type': 'application/json',
          'webhook-id': 'msg_1',
          'content-length': '15',
        },
        '{"name":"Zoë"}',
      ],
    ]);
  });

  it('takes headers as a record and a body of bytes', async () => {
    await using receiver = await serve(async (request, response) => {
      response.end(`${request.headers['webhook-id']} ${await text(request)}`);
    });
    const body = new Uint8Array([0x68, 0xc3, 0xa9]);
    const reply = await open().request({ pool: 'a', url: new URL(receiver.url), headers: { 'webhook-id': 'm' }, body });
    expect(reply).toMatchObject({ status: 200, excerpt: 'm hé' });
  });

  it('neither sends nor tells the user name and password of its URL', async () => {
    const received: IncomingMessage[] = [];
    await using receiver = await receive((socket) => socket.destroy());
    await using answering = await serve((request, response) => {
      received.push(request);
      response.end();
    });
    const { post } = open();
    const reply = await post(receiver.url.replace('//', '//anna:pa55@').replace('/hook', '/hook/t0ken?key=s3cret'));
    expect(reply).toMatchObject({ kind: 'failed', reason: 'reset' });
    expect(JSON.stringify(reply)).not.toMatch(/anna|pa55|t0ken|s3cret/);
    expect(await post(answering.url.replace('//', '//anna:pa55@'))).toMatchObject({ status: 200 });
    expect(received[0]?.headers.authorization).toBeUndefined();
  });

  it('reuses connections', async () => {
    await using receiver = await serve((_request, response) => response.end());
    const { post } = open();
    for (let n = 0; n < 20; n += 1) await post(receiver.url);
    // Two, because undici gives a connection one turn of the event loop to close before it uses it again.
    expect(receiver.opened()).toBeLessThanOrEqual(2);
  });
});

describe('a response', () => {
  it.each([204, 301, 400, 404, 410, 429, 500, 503])('with status %i is told as it is', async (status) => {
    await using receiver = await serve((_request, response) => response.writeHead(status).end());
    expect(await open().post(receiver.url)).toMatchObject({ kind: 'response', status, excerpt: '' });
  });

  it('is not followed when it redirects', async () => {
    let followed = 0;
    await using elsewhere = await serve((_request, response) => {
      followed += 1;
      response.end();
    });
    await using receiver = await serve((_request, response) => {
      response.writeHead(307, { location: elsewhere.url }).end('moved');
    });
    expect(await open().post(receiver.url)).toMatchObject({ kind: 'response', status: 307, excerpt: 'moved' });
    expect(followed).toBe(0);
  });

  it('tells its Retry-After, the first one, cut to a sane length', async () => {
    const values = [['120'], ['Wed, 21 Oct 2026 07:28:00 GMT'], ['1', '2'], ['9'.repeat(5000)]];
    await using receiver = await serve((_request, response) => {
      response.setHeader('retry-after', values.shift() ?? []);
      response.writeHead(503).end();
    });
    const { post } = open();
    expect(await post(receiver.url)).toMatchObject({ retryAfter: '120' });
    expect(await post(receiver.url)).toMatchObject({ retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT' });
    expect(await post(receiver.url)).toMatchObject({ retryAfter: expect.stringMatching(/^1/) });
    expect(await post(receiver.url)).toMatchObject({ retryAfter: '9'.repeat(100) });
  });

  it('is kept as valid text without NUL, whatever its bytes', async () => {
    await using receiver = await serve((_request, response) => {
      response.end(Buffer.concat([Buffer.from('a\0b\0 Grüße 🎫 '), Buffer.from([0xff, 0xc3])]));
    });
    expect(await open().post(receiver.url)).toMatchObject({ excerpt: 'ab Grüße 🎫 \ufffd\ufffd', truncated: false });
  });

  it('is never decompressed', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    await using receiver = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    });
    const reply = await open().post(receiver.url);
    expect(reply).toMatchObject({ status: 200 });
    expect(reply.kind === 'response' && reply.excerpt.length).toBeLessThanOrEqual(bomb.length);
  });

  it('that never ends is read up to the limit; its status counts and its connection is closed', async () => {
    await using receiver = await serve((_request, response) => {
      const more = () => {
        while (response.write('x'.repeat(1000)));
      };
      response.on('drain', more);
      more();
    });
    const reply = await open().post(receiver.url);
    expect(reply).toMatchObject({ kind: 'response', status: 200, truncated: true, excerpt: 'x'.repeat(16_384) });
    await receiver.emptied();
  });

  it('of exactly the limit is whole, one byte more is not, and no character is cut in two', async () => {
    const bodies = ['abcd', 'abcde', 'abcé', 'ab🎫'];
    await using receiver = await serve((_request, response) => response.end(bodies.shift()));
    const { post } = open();
    const limit = { maxResponseBytes: 4 };
    expect(await post(receiver.url, limit)).toMatchObject({ excerpt: 'abcd', truncated: false });
    expect(await post(receiver.url, limit)).toMatchObject({ excerpt: 'abcd', truncated: true });
    expect(await post(receiver.url, limit)).toMatchObject({ excerpt: 'abc', truncated: true });
    expect(await post(receiver.url, limit)).toMatchObject({ excerpt: 'ab', truncated: true });
  });

  it('may be announced by informational responses', async () => {
    await using receiver = await receive((socket) => {
      socket.end('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    });
    expect(await open().post(receiver.url)).toMatchObject({ status: 200, excerpt: 'ok' });
  });

  it('may end with the connection', async () => {
    await using receiver = await receive((socket) => socket.end('HTTP/1.1 202 Accepted\r\n\r\ntaken'));
    expect(await open().post(receiver.url)).toMatchObject({ status: 202, excerpt: 'taken', truncated: false });
  });
});

describe('a pool', () => {
  it('has no more requests under way than connections; the others wait and do not lose time', async () => {
    await using receiver = await holding();
    const { post } = open({ connections: 3 });
    const replies = Array.from({ length: 8 }, () => post(receiver.url));
    for (let answered = 0; answered < 8; answered += 1) {
      await receiver.arrived(Math.min(8, answered + 3));
      expect(receiver.held.length).toBe(Math.min(8, answered + 3));
      receiver.held[answered]?.response.end();
    }
    for (const reply of await Promise.all(replies)) expect(reply).toMatchObject({ status: 200 });
    expect(receiver.opened()).toBe(3);
  });

  it('sends those that waited while others ran into the limit, which counts from their turn', async () => {
    let count = 0;
    await using receiver = await serve((_request, response) => {
      count += 1;
      if (count > 2) response.end();
    });
    const { post } = open({ connections: 1 });
    const replies = await Promise.all([1, 2, 3].map(() => post(receiver.url, { timeoutMs: 60 })));
    expect(replies).toMatchObject([{ reason: 'timeout' }, { reason: 'timeout' }, { status: 200 }]);
  });

  it('that hangs delays no other', async () => {
    await using hanging = await holding();
    await using healthy = await serve((_request, response) => response.end());
    const { post } = open({ connections: 2 });
    const stuck = Promise.all(Array.from({ length: 20 }, () => post(hanging.url, { pool: 'hanging' })));
    await hanging.arrived(2);
    for (let n = 0; n < 20; n += 1) expect(await post(healthy.url, { pool: 'healthy' })).toMatchObject({ status: 200 });
    expect(hanging.held.length).toBe(2);
    await opened.at(-1)?.close();
    for (const reply of await stuck) expect(reply).toMatchObject({ kind: 'failed', reason: 'aborted' });
  });

  it('is busy when too many wait, or one has waited too long; the receiver never hears of those', async () => {
    await using receiver = await holding();
    const { post } = open({ connections: 1, maxWaiting: 1, waitTimeoutMs: 50 });
    const first = post(receiver.url);
    const [waited, tooMany] = await Promise.all([post(receiver.url), post(receiver.url)]);
    expect(waited).toMatchObject({ reason: 'busy', detail: expect.stringContaining('became free'), durationMs: 0 });
    expect(tooMany).toMatchObject({ reason: 'busy', detail: expect.stringContaining('Too many'), durationMs: 0 });
    await receiver.arrived(1);
    receiver.held[0]?.response.end();
    expect(await first).toMatchObject({ status: 200 });
    expect(receiver.held.length).toBe(1);
  });

  it('follows its webhook to another URL, while the old one still answers what it has', async () => {
    await using before = await holding();
    await using after = await serve((request, response) => response.end(request.url));
    const { post } = open();
    const old = post(before.url);
    await before.arrived(1);
    expect(await post(after.url)).toMatchObject({ excerpt: '/hook' });
    expect(await post(`${after.url}/2`)).toMatchObject({ excerpt: '/hook/2' });
    before.held[0]?.response.end('late');
    expect(await old).toMatchObject({ excerpt: 'late' });
    await before.emptied();
  });

  it('that is closed answers what it has, then drops its connections, and opens again on demand', async () => {
    await using receiver = await holding();
    const { post, closePool } = open({ connections: 1 });
    const replies = [post(receiver.url), post(receiver.url)];
    closePool('webhook');
    closePool('webhook');
    closePool('never seen');
    await receiver.arrived(1);
    receiver.held[0]?.response.end('1');
    await receiver.arrived(2);
    receiver.held[1]?.response.end('2');
    expect(await Promise.all(replies)).toMatchObject([{ excerpt: '1' }, { excerpt: '2' }]);
    await receiver.emptied();
    const again = post(receiver.url);
    await receiver.arrived(3);
    receiver.held[2]?.response.end('3');
    expect(await again).toMatchObject({ excerpt: '3' });
  });

  it('makes way for another when there are too many, the longest unused first; one at work never does', async () => {
    await using working = await holding();
    await using first = await serve((_request, response) => response.end());
    await using second = await serve((_request, response) => response.end());
    await using third = await serve((_request, response) => response.end());
    const { post } = open({ maxPools: 3 });
    const reply = post(working.url, { pool: 'working' });
    await post(first.url, { pool: 'first' });
    await post(second.url, { pool: 'second' });
    await post(third.url, { pool: 'third' });
    await first.emptied();
    expect([working.open(), second.open(), third.open()]).toEqual([1, 1, 1]);
    working.held[0]?.response.end();
    expect(await reply).toMatchObject({ status: 200 });
  });

  it('is refused as busy when all there may be are at work', async () => {
    await using working = await holding();
    const { post } = open({ maxPools: 1 });
    const reply = post(working.url, { pool: 'working' });
    await working.arrived(1);
    expect(await post(working.url, { pool: 'other' })).toMatchObject({ reason: 'busy', durationMs: 0 });
    working.held[0]?.response.end();
    expect(await reply).toMatchObject({ status: 200 });
    expect(working.held.length).toBe(1);
  });

  it('is dropped after its rest', async () => {
    await using receiver = await serve((_request, response) => response.end());
    const { post } = open({ poolIdleMs: 20 });
    await post(receiver.url);
    expect(receiver.open()).toBe(1);
    await receiver.emptied();
  });
});

describe('closing', () => {
  it('ends what is under way and what waits as aborted, and refuses what comes later', async () => {
    await using receiver = await holding();
    const { post, close } = open({ connections: 2 });
    const replies = Promise.all(Array.from({ length: 5 }, () => post(receiver.url)));
    await receiver.arrived(2);
    await close();
    for (const reply of await replies) expect(reply).toMatchObject({ kind: 'failed', reason: 'aborted' });
    expect(await post(receiver.url)).toMatchObject({ kind: 'failed', reason: 'aborted' });
    await receiver.emptied();
    expect(receiver.held.length).toBe(2);
  });

  it('also ends pools that were being closed', async () => {
    await using receiver = await holding();
    const { post, close, closePool } = open();
    const reply = post(receiver.url);
    await receiver.arrived(1);
    closePool('webhook');
    await close();
    expect(await reply).toMatchObject({ reason: 'aborted' });
  });
});
