import v8 from 'node:v8';
import vm from 'node:vm';
import { afterEach, expect, it } from 'vitest';
import { createOutbound } from '../../src/platform/outbound/index.ts';
import { runs } from '../support/scale.ts';
import { hostile, openHostile } from './receiver.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as () => void;

/** What is held in memory, bytes, in the heap and outside of it. */
async function held(): Promise<number> {
  // What ended in this turn is let go of in the next ones.
  for (let n = 0; n < 5; n += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

it('two hundred hostile answers leave nothing in memory', { timeout: 60_000 }, async () => {
  const behaviours = Object.values(hostile).map(([behave]) => behave);
  const outbound = createOutbound({ allow: ['127.0.0.0/8'], timeoutMs: 150 });
  ends.push(outbound.close);
  let turn = 0;
  const receiver = await openHostile((socket) => behaviours[turn++ % behaviours.length]?.(socket));
  ends.push(receiver.close);
  const kinds = new Set<string>();
  const exchange = async (count: number) => {
    let left = count;
    const one = async () => {
      while (left-- > 0) {
        const reply = await outbound.post({ pool: 'hostile', url: receiver.url, headers: [], body: '{}' });
        kinds.add(reply.kind === 'failed' ? reply.reason : String(reply.status));
      }
    };
    await Promise.all(Array.from({ length: 8 }, one));
  };

  // What is made once: code, connections, buffers.
  await exchange(behaviours.length * 2);
  const before = await held();
  await exchange(runs(200));
  expect((await held()) - before).toBeLessThan(4_000_000);
  expect([...kinds]).toEqual(
    expect.arrayContaining(['timeout', 'reset', 'protocol', 'too_large', '200', '500', '307']),
  );
});
