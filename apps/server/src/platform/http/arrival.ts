import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Arrival } from './proxy.ts';

/** Where a request comes from. One that came over no socket, as in tests, has an empty peer. */
export function arrivalOf(c: Context): Arrival {
  const { incoming }: Partial<HttpBindings> = c.env ?? {};
  return { peer: incoming?.socket.remoteAddress ?? '', headers: c.req.raw.headers };
}
