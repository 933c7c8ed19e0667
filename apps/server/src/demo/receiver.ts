import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Delivery, WebhookBody } from './delivery.ts';
import { isSigned } from './signature.ts';

/**
 * A program that receives webhooks on a free port: it writes `{"url":…}`, then each delivery as a JSON line. The first line of its
 * input is the signing secret, which exists only once the webhook does; it ends when its input ends.
 */
export async function receive(io: { readonly input: Readable; readonly output: Writable }): Promise<void> {
  const lines = createInterface({ input: io.input });
  const secret = new Promise<string>((resolve) => lines.once('line', resolve));
  const ended = new Promise<void>((resolve) => lines.once('close', resolve));
  const write = (value: unknown) => io.output.write(`${JSON.stringify(value)}\n`);

  const server = createServer((request, response) => {
    void (async () => {
      const body = await buffer(request);
      const delivery = deliveryOf(request, body, await secret);
      write(delivery);
      response.writeHead(delivery.signed ? 204 : 401).end();
    })().catch((error: unknown) => response.writeHead(400).end(String(error)));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  write({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
  await ended;
  server.close();
  server.closeAllConnections();
}

function deliveryOf({ headers }: IncomingMessage, body: Buffer, secret: string): Delivery {
  const header = (name: string) => String(headers[name] ?? '');
  const id = header('webhook-id');
  const [timestamp, signatures] = [header('webhook-timestamp'), header('webhook-signature')];
  const { event, booking, diff } = JSON.parse(body.toString()) as WebhookBody;
  return {
    id,
    signed: isSigned({ id, timestamp, signatures, body }, secret, Date.now()),
    event,
    language: header('content-language'),
    uuid: booking.uuid,
    diff,
  };
}
