import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { Deadlines } from './deadlines.ts';
import { createOutbound } from './outbound.ts';

function expiring(inMs: number) {
  const { promise, resolve } = Promise.withResolvers<number>();
  const deadline = performance.now() + inMs;
  return { deadline, expired: promise, expire: () => resolve(performance.now()) };
}

it('come when they are due, never early, in whatever order they were set', async () => {
  const deadlines = new Deadlines();
  const items = [60, 20, 40].map(expiring);
  for (const item of items) deadlines.add(item);
  for (const item of items) expect(await item.expired).toBeGreaterThanOrEqual(item.deadline);
});

it('that were removed never come, and rest does not stop those that follow', async () => {
  const deadlines = new Deadlines();
  const [removed, first, second] = [expiring(0), expiring(30), expiring(30)];
  let expired = false;
  void removed.expired.then(() => {
    expired = true;
  });
  deadlines.add(removed);
  deadlines.delete(removed);
  deadlines.add(first);
  await first.expired;
  deadlines.add(second);
  await second.expired;
  expect(expired).toBe(false);
});

// The receiver is a thread of its own, which answers while this one does nothing but turn in a circle.
const receiver = `
  const { parentPort, workerData } = require('node:worker_threads');
  const server = require('node:http').createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      parentPort.postMessage('arrived');
      Atomics.wait(workerData, 0, 0);
      response.end('in time');
      response.on('finish', () => Atomics.store(workerData, 1, 1));
    });
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

it('do not count against a response that came while the process was busy', async () => {
  const signal = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(receiver, { eval: true, workerData: signal });
  const outbound = createOutbound({ allow: ['127.0.0.0/8'] });
  try {
    const [port] = await once(worker, 'message');
    const arrived = once(worker, 'message');
    const url = `http://127.0.0.1:${port}/`;
    const timeoutMs = 1_000;
    const reply = outbound.post({ pool: 'webhook', url, headers: [], body: '{}', timeoutMs });
    await arrived;
    Atomics.store(signal, 0, 1);
    Atomics.notify(signal, 0);
    const until = performance.now() + timeoutMs;
    while (performance.now() < until || Atomics.load(signal, 1) === 0);
    expect(await reply).toMatchObject({ kind: 'response', status: 200, excerpt: 'in time' });
  } finally {
    await outbound.close();
    await worker.terminate();
  }
});
