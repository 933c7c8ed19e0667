import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A receiver on a free loopback port for a test, gone when its `await using` scope ends. */
export interface Receiver extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Connections opened so far, and those open now. */
  readonly opened: () => number;
  readonly open: () => number;
  /** Waits until no connection is open. */
  readonly emptied: () => Promise<void>;
}

/** Answers HTTP requests with Node's own server. */
export function serve(listener: RequestListener): Promise<Receiver> {
  return listen(createHttp({ keepAliveTimeout: 0 }, listener), 'http');
}

/** The same over TLS. */
export function serveTls(tls: { key: string; cert: string }, listener: RequestListener): Promise<Receiver> {
  return listen(createHttps(tls, listener), 'https', 'localhost');
}

/** Gives each connection to a function, as soon as the first bytes of a request have come in. */
export function receive(answer: (socket: Socket) => void): Promise<Receiver> {
  return listen(
    createServer((socket) => {
      socket.once('data', () => answer(socket));
    }),
    'http',
  );
}

/** Gives each connection to a function at once, before anything was read. */
export function accept(answer: (socket: Socket) => void, scheme = 'http'): Promise<Receiver> {
  return listen(createServer(answer), scheme);
}

/** Has a TLS server of the test's own take the connections. */
export function listenWith(server: Server): Promise<Receiver> {
  return listen(server, 'https', 'localhost');
}

async function listen(server: Server, scheme: string, host = '127.0.0.1'): Promise<Receiver> {
  const sockets = new Set<Socket>();
  const waiting: (() => void)[] = [];
  let opened = 0;
  server.on('connection', (socket: Socket) => {
    opened += 1;
    sockets.add(socket);
    // Whoever the test cuts off sees a reset; that is what it is for.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0) for (const resolve of waiting.splice(0)) resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${scheme}://${host}:${port}/hook`,
    opened: () => opened,
    open: () => sockets.size,
    emptied: () => (sockets.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A certificate for localhost and 127.0.0.1 that nobody trusts, with its key; made for these tests, good until 2120. */
export const selfSigned = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjoq+bkG1HhBI65o/
6PjUx3YZ4caLRGHHOKodFmrQvpqhRANCAASZOhXi6FvCs6WqagQ6W+IaGQy5+PM6
mAF4zleFJgfFQmjpFCVnd0K8sk+IS6I6+/u2IQuaOAqgSiiSHHBpOs72
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBZzCCAQ2gAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJk6FeLoW8Kzpapq
BDpb4hoZDLn48zqYAXjOV4UmB8VCaOkUJWd3QryyT4hLojr7+7YhC5o4CqBKKJIc
cGk6zvajTjBMMBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAPBgNVHRMBAf8E
BTADAQH/MB0GA1UdDgQWBBT4jTr0tmX/u2nssvr+Jue9jZOvkjAKBggqhkjOPQQD
AgNIADBFAiEAlezSBITlrEIWeJv5uAa6wMJZ772cJW7xxXsTz+qu/2YCICYqzBqw
GuhiWP32yA+h2dcinopPRooKTjNpiKdH7skU
-----END CERTIFICATE-----
`,
};
