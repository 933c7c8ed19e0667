import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { accept } from './receiver.fixture.ts';
import { readInPieces } from './small-reads.ts';

/** A socket on which all that is sent has come in. */
async function received(port: number) {
  const socket = connect({ host: '127.0.0.1', port });
  readInPieces(socket);
  const pieces: Buffer[] = [];
  socket.on('readable', () => {
    for (let piece = socket.read(); piece !== null; piece = socket.read()) pieces.push(piece as Buffer);
  });
  await once(socket, 'end');
  return pieces;
}

it('gives what came whole, in order, and at most 4 KiB at a time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 200_000 }), async (length) => {
      const sent = Buffer.alloc(length).map((_, index) => index % 251);
      await using server = await accept((socket) => socket.end(sent));
      const pieces = await received(server.port);
      expect(Buffer.concat(pieces).equals(sent)).toBe(true);
      for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(4_096);
    }),
    { numRuns: 20 },
  );
});

it('gives nothing more of what has come in once the socket is destroyed', async () => {
  await using server = await accept((socket) => socket.write(Buffer.alloc(60_000)));
  const socket = connect({ host: '127.0.0.1', port: server.port });
  readInPieces(socket);
  await once(socket, 'readable');
  expect(socket.read()).toHaveLength(4_096);
  socket.destroy();
  expect(socket.read()).toBeNull();
});
