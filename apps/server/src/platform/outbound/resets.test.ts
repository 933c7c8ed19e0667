import { afterAll, describe, expect, it } from 'vitest';
import { createOutbound } from './outbound.ts';
import { receive } from './receiver.fixture.ts';

const outbound = createOutbound({ allow: ['127.0.0.0/8'], timeoutMs: 5_000 });
afterAll(outbound.close);

const ended = 'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nx-a: b\r\ncontent-length: 5\r\n\r\nhello';
const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n';

describe.each([
  ['of a known length', ended],
  ['in chunks', chunked],
])('a response %s', (_what, whole) => {
  it('that is whole is taken', async () => {
    await using receiver = await receive((socket) => socket.end(whole));
    const reply = await outbound.post({ pool: 'whole', url: receiver.url, headers: [], body: '{}' });
    expect(reply).toMatchObject({ kind: 'response', status: 200, excerpt: 'hello' });
  });

  it.each([
    ['closed', 'end'],
    ['reset', 'resetAndDestroy'],
  ] as const)('whose connection is %s after any of its bytes is a reset, never a success', async (_how, end) => {
    let bytes = 0;
    await using receiver = await receive((socket) => {
      if (bytes === 0) socket[end]();
      else socket.write(whole.slice(0, bytes), () => socket[end]());
    });
    for (; bytes < whole.length; bytes += 1) {
      const reply = await outbound.post({ pool: `cut ${bytes}`, url: receiver.url, headers: [], body: '{}' });
      expect([bytes, reply]).toMatchObject([bytes, { kind: 'failed', reason: 'reset' }]);
    }
  });
});
