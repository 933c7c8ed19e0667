import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** What a receiver does with a connection once the first bytes of a request are there. */
export type Behaviour = (socket: Socket) => void;

/** A receiver of bytes, which knows nothing of HTTP. */
export async function openHostile(behave: Behaviour) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.once('data', () => behave(socket));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Writes the same again and again for as long as the other side listens. */
function flood(socket: Socket, piece: string | Buffer): void {
  const more = () => {
    while (socket.writable && socket.write(piece));
  };
  socket.on('drain', more);
  more();
}

/** Writes a text byte by byte, one in a millisecond, over and over. */
function drip(socket: Socket, text: string): void {
  let n = 0;
  const next = () => {
    if (!socket.writable) return;
    socket.write(text[n++ % text.length] ?? '');
    setTimeout(next, 1);
  };
  next();
}

const after = (head: string, then: (socket: Socket) => void) => (socket: Socket) => {
  socket.write(head);
  then(socket);
};
const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';
const answer = (head: string, body: string | Buffer) => (socket: Socket) => {
  socket.write(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`);
  socket.write(body);
};
const megabyte = Buffer.alloc(1_000_000, 'x');
const bomb = gzipSync(Buffer.alloc(50_000_000), { level: 9 });

/** What must be told of an attempt: the reason why there was no answer, or its status. */
type Told = string | number;

/** Receivers that mean no good, each with what its attempt comes to. */
export const hostile: Readonly<Record<string, readonly [Behaviour, Told]>> = {
  'says nothing': [() => undefined, 'timeout'],
  'drips its headers': [(socket) => drip(socket, 'HTTP/1.1 200 OK\r\nx-a: '), 'timeout'],
  'drips its body': [after(chunked, (socket) => drip(socket, '1\r\nx\r\n')), 'timeout'],
  'drips the extension of a chunk': [after(`${chunked}1;`, (socket) => drip(socket, 'x')), 'timeout'],
  'stops in its body': [after('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf', () => undefined), 'timeout'],
  'never ends its headers': [
    after('HTTP/1.1 200 OK\r\n', (socket) => flood(socket, 'x-a: y\r\n'.repeat(1_000))),
    'too_large',
  ],
  'has one header without end': [after('HTTP/1.1 200 OK\r\nx-a: ', (socket) => flood(socket, megabyte)), 'too_large'],
  'never ends its body': [after('HTTP/1.1 200 OK\r\n\r\n', (socket) => flood(socket, megabyte)), 200],
  'never ends its body and refuses': [after('HTTP/1.1 500 No\r\n\r\n', (socket) => flood(socket, megabyte)), 500],
  'sends a gzip bomb': [answer('HTTP/1.1 200 OK\r\ncontent-encoding: gzip', bomb), 200],
  'sends NUL': [answer('HTTP/1.1 500 No', 'a\0b\0'), 500],
  'sends bytes that are no text': [
    answer('HTTP/1.1 500 No', Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0])),
    500,
  ],
  'floods informational responses': [
    (socket) => flood(socket, 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(100)),
    'protocol',
  ],
  'switches protocols': [
    (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    'protocol',
  ],
  'speaks something else': [(socket) => socket.write('220 mail.example ESMTP\r\n'), 'protocol'],
  'contradicts itself': [
    (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'),
    'protocol',
  ],
  'closes at once': [(socket) => socket.end(), 'reset'],
  'resets at once': [(socket) => socket.resetAndDestroy(), 'reset'],
  'closes in its headers': [(socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le'), 'reset'],
  'resets in its body': [
    (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf', () => socket.resetAndDestroy()),
    'reset',
  ],
  'leads to a private address': [answer('HTTP/1.1 307 Elsewhere\r\nlocation: http://169.254.169.254/latest/', ''), 307],
  'leads to itself': [answer('HTTP/1.1 308 Here\r\nlocation: /hook', ''), 308],
};
