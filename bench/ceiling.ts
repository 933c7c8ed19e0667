import { type Dispatcher, Pool } from 'undici';
import type { Receiving } from './receiving.ts';

const pools = 4;
const connections = 16;
const body = Buffer.alloc(4096, 'x');

/** Raw keep-alive POSTs a second of 4 KB from this runtime: 64 at a time over 4 pools of 16 connections, as the engine's are. */
export async function ceiling(receiver: Receiving, seconds: number): Promise<number> {
  await receiver.reset();
  const open = Array.from({ length: pools }, () => new Pool(receiver.url, { connections, pipelining: 1 }));
  const warm = performance.now() + 300;
  const end = warm + 1000 * seconds;
  let counted = 0;
  await Promise.all(
    open.flatMap((pool) =>
      Array.from({ length: connections }, async () => {
        for (let now = performance.now(); now < end; now = performance.now()) {
          await post(pool);
          if (now >= warm) counted += 1;
        }
      }),
    ),
  );
  const took = performance.now() - warm;
  await Promise.all(open.map((pool) => pool.close()));
  if ((await receiver.count()).requests < counted)
    throw new Error('the receiver got fewer requests than were answered');
  return (1000 * counted) / took;
}

const headers = ['content-type', 'application/json', 'user-agent', 'Carillon-bench'];

function post(pool: Pool): Promise<void> {
  return new Promise((resolve, reject) => {
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => undefined,
      onResponseStart: () => undefined,
      onResponseData: () => undefined,
      onResponseEnd: () => resolve(),
      onResponseError: (_controller, error) => reject(error),
    };
    pool.dispatch({ path: '/', method: 'POST', headers, body }, handler);
  });
}
