import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** How the receiver behaves; a returned error is its answer, `'drop'` closes the connection without one. */
export interface Behaviour {
  readonly onRecipient?: (address: string) => Error | undefined;
  /** After the content arrived, before the answer. */
  readonly onContent?: (raw: string) => Promise<Error | 'drop' | undefined> | Error | 'drop' | undefined;
  readonly onSender?: () => Promise<Error | undefined> | Error | undefined;
  readonly onConnect?: () => Error | undefined;
  readonly size?: number;
}

/** An answer of the receiver's. */
export const answer = (responseCode: number, message: string): Error =>
  Object.assign(new Error(message), { responseCode });

/** A real SMTP server that keeps what it accepted. */
export async function smtpReceiver(initial: Behaviour = {}) {
  const accepted: { readonly raw: string; readonly to: readonly string[]; readonly from: string }[] = [];
  let behaviour = initial;
  let connections = 0;
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    ...(initial.size === undefined ? {} : { size: initial.size }),
    onConnect: (_session, callback) => {
      connections += 1;
      callback(behaviour.onConnect?.());
    },
    onMailFrom: async (_address, _session, callback) => callback(await behaviour.onSender?.()),
    onRcptTo: (address, _session, callback) => callback(behaviour.onRecipient?.(address.address)),
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        const raw = Buffer.concat(chunks).toString('latin1');
        const said = await behaviour.onContent?.(raw);
        if (said === 'drop') {
          const { connections } = server as unknown as { connections: Set<{ _socket: { destroy(): void } }> };
          for (const connection of connections) connection._socket.destroy();
          return;
        }
        if (said === undefined) {
          const { mailFrom, rcptTo } = session.envelope;
          accepted.push({
            raw,
            to: rcptTo.map(({ address }) => address),
            from: mailFrom === false ? '' : mailFrom.address,
          });
        }
        callback(said);
      });
    },
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    accepted,
    connections: () => connections,
    behave(next: Behaviour) {
      behaviour = next;
    },
    mails: (): Promise<ParsedMail[]> => Promise.all(accepted.map(({ raw }) => simpleParser(raw))),
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
