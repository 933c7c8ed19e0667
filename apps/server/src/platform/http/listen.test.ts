import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { readJson } from './json-body.ts';
import { type Fetch, type Listening, listen } from './listen.ts';

const open: Listening[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.stop(0);
});

async function start(fetch: Fetch, options: Partial<Parameters<typeof listen>[0]> = {}): Promise<Listening> {
  const server = await listen({ fetch, host: '127.0.0.1', port: 0, ...options });
  open.push(server);
  return server;
}

const hello: Fetch = () => new Response('hello');

test('answers at its url', async () => {
  const { url, port } = await start(hello);
  expect(url).toBe(`http://127.0.0.1:${port}`);
  expect(await (await fetch(url)).text()).toBe('hello');
});

test('a port that is taken is an error, or the next free one when asked', async () => {
  const first = await start(hello);
  await expect(start(hello, { port: first.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  const second = await start(hello, { port: first.port, nextFreePort: true });
  expect(second.port).toBeGreaterThan(first.port);
});

test('connections beyond the limit are closed at once, and the others are served', async () => {
  const server = await start(hello, { maxConnections: 1 });
  const first = connect(server.port, '127.0.0.1');
  await once(first, 'connect');
  first.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await once(first, 'data');
  const second = connect(server.port, '127.0.0.1');
  await once(second, 'close');
  first.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  await once(first, 'data');
  first.destroy();
});

test('stopping lets a request in hand finish on a kept-alive connection, and takes no new one', async () => {
  const arrived = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const server = await start(async () => {
    arrived.resolve();
    await release.promise;
    return new Response('late');
  });
  const agent = new Agent({ keepAlive: true });
  const call = httpRequest(server.url, { agent }).end();
  await arrived.promise;
  const stopped = server.stop(60_000);
  await expect(fetch(server.url)).rejects.toThrow();
  release.resolve();
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  expect(Buffer.concat(await response.toArray()).toString()).toBe('late');
  await stopped;
  agent.destroy();
});

test('stopping cuts off a request that does not finish within the limit', async () => {
  const arrived = Promise.withResolvers<void>();
  const server = await start(() => {
    arrived.resolve();
    return new Promise<Response>(() => undefined);
  });
  const answer = fetch(server.url);
  await arrived.promise;
  const refused = expect(answer).rejects.toThrow();
  await server.stop(10);
  await refused;
});

test('stopping twice is stopping once', async () => {
  const server = await start(hello);
  await Promise.all([server.stop(10), server.stop(10)]);
});

test('a client that sends far too much still reads why it is refused', async () => {
  const server = await start(async (request) => Response.json(await readJson(request, { bytes: 1_000, depth: 4 })));
  const big = 'x'.repeat(8_000_000);
  const announced = await fetch(server.url, { method: 'POST', body: big });
  expect(await announced.json()).toMatchObject({ problem: 'too_big' });
  const body = new Blob([big]).stream();
  const chunked = await fetch(server.url, { method: 'POST', body, duplex: 'half' } as RequestInit);
  expect(await chunked.json()).toMatchObject({ problem: 'too_big' });
});

test('a client that goes away in the middle of its body harms nobody', async () => {
  const read = Promise.withResolvers<unknown>();
  const server = await start(async (request) => {
    const body = await readJson(request, { bytes: 1_000, depth: 4 });
    read.resolve(body);
    return new Response('hello');
  });
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.end('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n{"a":');
  socket.on('error', () => undefined).resume();
  expect(await read.promise).toMatchObject({ problem: 'broken_off' });
  expect((await fetch(server.url)).status).toBe(200);
});
