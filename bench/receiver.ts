import { createServer, type Socket } from 'node:net';
import { nowMs } from './now.ts';

// The receiver, a process of its own: reads whole POSTs on keep-alive connections and answers 204, with as little of its own
// cost as can be, and notes each `webhook-id` with the moment at which its request was whole. Requests to paths that end with
// /hang are never answered, those to /refuse have their connection reset, those to /slow wait 2 s, those to /50ms 50 ms.

/** What the parent may ask. */
export type Question = 'reset' | 'count' | 'arrivals';

/** What the receiver says. `arrivals` are ids and ms since the epoch (fractions included). */
export type Answer =
  | { readonly port: number }
  | { readonly requests: number; readonly unique: number; readonly bytes: number }
  | { readonly arrivals: readonly (readonly [string, number])[] };

const answer = Buffer.from('HTTP/1.1 204 No Content\r\n\r\n');
const arrivals = new Map<string, number>();
let requests = 0;
let bytes = 0;

function serve(socket: Socket): void {
  socket.setNoDelay(true);
  let head = '';
  /** Bytes of the body that are still to come. */
  let missing = 0;
  let id: string | undefined;
  const arrived = (): void => {
    requests += 1;
    if (id !== undefined && !arrivals.has(id)) arrivals.set(id, nowMs());
    const manner = /^POST \S*\/(hang|refuse|slow|50ms) /.exec(head)?.[1];
    head = '';
    if (manner === undefined) socket.write(answer);
    else if (manner === 'refuse') socket.resetAndDestroy();
    else if (manner !== 'hang') setTimeout(() => socket.write(answer), manner === 'slow' ? 2000 : 50);
  };
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (missing > 0) {
      missing -= chunk.length;
      if (missing === 0) arrived();
      return;
    }
    const before = head.length;
    head += chunk.toString('latin1', 0, 2048);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    id = /\r\nwebhook-id: ?([^\r]+)/.exec(head)?.[1];
    const length = Number(/\r\ncontent-length: ?(\d+)/i.exec(head)?.[1] ?? 0);
    missing = length - (chunk.length - (end + 4 - before));
    if (missing === 0) arrived();
  });
  socket.on('error', () => socket.destroy());
}

const server = createServer(serve);
const say = (message: Answer): void => void process.send?.(message);
process.on('message', (question: Question) => {
  if (question === 'arrivals') return say({ arrivals: [...arrivals] });
  if (question === 'reset') {
    arrivals.clear();
    requests = 0;
    bytes = 0;
  }
  say({ requests, unique: arrivals.size, bytes });
});
process.on('disconnect', () => process.exit(0));
// All of loopback: receivers with hosts of their own have other addresses of it.
server.listen(0, '0.0.0.0', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') say({ port: address.port });
});
