import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a double sees it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
  readonly bytes: number;
}

/** What a double answers. */
export interface Told {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What goes wrong with the next request: an answer in its place (nothing is taken), or the connection is dropped or the answer withheld,
 * before or after the request was worked on.
 */
export type Trouble = Told | 'drop_before' | 'drop_after' | 'hang_before' | 'hang_after';

/** A real HTTP server that works as `work` says, with trouble on demand. */
export async function httpDouble(work: (asked: Asked) => Told) {
  const asked: Asked[] = [];
  const troubles: { readonly trouble: Trouble; readonly of: (asked: Asked) => boolean }[] = [];
  const hanging = new Set<ServerResponse>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const url = new URL(request.url ?? '/', 'http://double');
    const one: Asked = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: raw.length === 0 ? undefined : JSON.parse(raw.toString()),
      bytes: raw.length,
    };
    asked.push(one);
    const at = troubles.findIndex(({ of }) => of(one));
    const trouble = at === -1 ? undefined : troubles.splice(at, 1)[0]?.trouble;
    if (trouble === 'drop_before') return void request.socket.destroy();
    if (trouble === 'hang_before') return void hanging.add(response);
    if (typeof trouble === 'object') return answer(response, trouble);
    const told = work(one);
    if (trouble === 'drop_after') return void request.socket.destroy();
    if (trouble === 'hang_after') return void hanging.add(response);
    answer(response, told);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    /** Lets something go wrong with the next request that `of` is true for. */
    trouble(trouble: Trouble, of: (asked: Asked) => boolean = ({ method }) => method === 'POST') {
      troubles.push({ trouble, of });
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(response: ServerResponse, { status, body, headers = {} }: Told): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
