import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { parseRanges } from './address.ts';
import { createDial } from './dial.ts';
import { type Lookup, Names } from './names.ts';
import { accept } from './receiver.fixture.ts';

const leadingTo =
  (...addresses: string[]): Lookup =>
  (_name, answer) =>
    queueMicrotask(() =>
      answer(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      ),
    );

const dialling = (lookup: Lookup, ...allow: string[]) =>
  createDial({ names: new Names(lookup), allow: parseRanges(allow) });

describe('a connection for another protocol', () => {
  it.each(['127.0.0.1', '[::1]', '::1', '[::ffff:127.0.0.1]', 'mail.example', '0x7f.1'])(
    'is not opened to a private server: %s',
    async (hostname) => {
      await using server = await accept((socket) => socket.end('220 hello\r\n'));
      const dial = dialling(leadingTo('127.0.0.1', '::1'));
      await expect(dial({ hostname, port: server.port, timeoutMs: 1_000 })).rejects.toMatchObject({
        code: 'FORBIDDEN_ADDRESS',
      });
      expect(server.opened()).toBe(0);
    },
  );

  it('is opened to the allowed one of the addresses of a name', async () => {
    await using server = await accept((socket) => socket.end('220 hello\r\n'));
    const dial = dialling(leadingTo('10.0.0.1', '127.0.0.1', 'fd00::1'), '127.0.0.0/8');
    const socket = await dial({ hostname: 'mail.example', port: server.port, timeoutMs: 1_000 });
    const [said] = await once(socket.setEncoding('utf8'), 'data');
    expect(said).toBe('220 hello\r\n');
    socket.destroy();
  });

  it('ends at its limit where the name is not answered, and tells what the system said', async () => {
    const silent = dialling(() => undefined);
    await expect(silent({ hostname: 'mail.example', port: 25, timeoutMs: 50 })).rejects.toMatchObject({
      code: 'ETIMEDOUT',
    });
    const server = await accept((socket) => socket.end());
    await server[Symbol.asyncDispose]();
    const dial = dialling(leadingTo('127.0.0.1'), '127.0.0.0/8');
    await expect(dial({ hostname: 'mail.example', port: server.port, timeoutMs: 1_000 })).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });
});
