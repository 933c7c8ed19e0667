import { once } from 'node:events';
import type { Server } from 'node:http';
import { isIPv6 } from 'node:net';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';

/** What answers requests: a Hono app's `fetch`. */
export type Fetch = (request: Request, env: HttpBindings) => Response | Promise<Response>;

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** Where a person on this machine reaches it, without a last slash. */
  readonly url: string;
  /** Refuses new connections, lets requests in hand finish for at most `limitMs`, then cuts off those that are left. */
  stop(limitMs: number): Promise<void>;
}

/** Connections at most, unless told otherwise: a process may have only so many files open. */
const connectionsAtMost = 4_000;

/** How many ports beyond the wanted one are tried. */
const portsToTry = 20;

const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

async function bind(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening');
}

async function bindNextFree(server: Server, host: string, port: number): Promise<void> {
  for (let next = port; ; next++) {
    try {
      return await bind(server, host, next);
    } catch (error) {
      if (!isTaken(error) || next === port + portsToTry || next === 65_535) throw error;
    }
  }
}

function urlOf(host: string, port: number): string {
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? 'localhost' : isIPv6(host) ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

/**
 * Listens on `host` and `port` (0: any free one). `nextFreePort`: when the port is taken, the first free one of the next 20.
 * Fails with the error of `listen` (EADDRINUSE, EACCES, …).
 */
export async function listen(options: {
  readonly fetch: Fetch;
  readonly host: string;
  readonly port: number;
  readonly nextFreePort?: boolean;
  /** Those beyond are closed at once; 4,000 unless given. */
  readonly maxConnections?: number;
}): Promise<Listening> {
  const server = createAdaptorServer({
    fetch: (request, env) => options.fetch(request, env as HttpBindings),
    serverOptions: {
      requestTimeout: 60_000,
      headersTimeout: 20_000,
      // Longer than the usual 60 s of proxies, which would otherwise send a request on a connection that is just closing.
      keepAliveTimeout: 65_000,
    },
  }) as Server;
  server.maxConnections = options.maxConnections ?? connectionsAtMost;
  await (options.nextFreePort ? bindNextFree : bind)(server, options.host, options.port);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;

  let stopped: Promise<void> | undefined;
  // A kept-alive connection whose last request ends while the server stops would hold it open.
  server.on('request', (_request, response) => {
    response.on('close', () => {
      if (stopped !== undefined) setImmediate(() => server.closeIdleConnections());
    });
  });
  return {
    port,
    url: urlOf(options.host, port),
    stop(limitMs) {
      stopped ??= new Promise((resolve) => {
        const cutOff = setTimeout(() => server.closeAllConnections(), limitMs);
        server.close(() => {
          clearTimeout(cutOff);
          resolve();
        });
        server.closeIdleConnections();
      });
      return stopped;
    },
  };
}
