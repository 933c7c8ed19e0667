import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A webhook as it arrived. */
export interface Arrival {
  readonly id: string;
  readonly booking: { readonly uuid: string; readonly status: string; readonly notes: string | null };
}

/** A receiver of webhooks about bookings that answers 204, when `answer` lets it. */
export async function openReceiver(answer: () => Promise<void> | void = () => undefined) {
  const arrivals: Arrival[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const { booking } = (await json(request)) as Pick<Arrival, 'booking'>;
      arrivals.push({ id: String(request.headers['webhook-id']), booking });
      await answer();
      response.writeHead(204).end();
      // A server that is killed breaks off its requests.
    })().catch(() => response.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    arrivals,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
