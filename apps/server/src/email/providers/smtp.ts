import { Readable } from 'node:stream';
import { createTransport, type NodemailerError } from 'nodemailer';
import type { Mail, MailProvider, SendOutcome } from './provider.ts';
import { smtpOutcomeOf } from './smtp-outcome.ts';

/** Limits of the SMTP client; times in ms. A limit in the URL's query goes before these. */
export interface SmtpLimits {
  readonly connections: number;
  /** E-mails over one connection, before it is opened anew. */
  readonly messagesPerConnection: number;
  readonly connectMs: number;
  readonly greetingMs: number;
  /** The longest silence of the server. */
  readonly silenceMs: number;
  /** The whole of handing one e-mail over. */
  readonly totalMs: number;
}

/** What the server uses. */
export const smtpLimits: SmtpLimits = {
  connections: 5,
  messagesPerConnection: 100,
  connectMs: 10_000,
  greetingMs: 10_000,
  silenceMs: 30_000,
  totalMs: 60_000,
};

/** Sends through an SMTP server, `smtp://user:password@host:port` or `smtps://…`, over a few connections that are kept open. */
export function smtpProvider(url: string, limits: SmtpLimits = smtpLimits): MailProvider {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: limits.connections,
    maxMessages: limits.messagesPerConnection,
    connectionTimeout: limits.connectMs,
    dnsTimeout: limits.connectMs,
    greetingTimeout: limits.greetingMs,
    socketTimeout: limits.silenceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  /** The e-mails in hand by Message-ID, each with whether the server has asked for its content. */
  const inHand = new Map<string, Handover>();
  transport.use('stream', (mail, done) => {
    const handover = inHand.get(mail.data.messageId ?? '');
    if (handover !== undefined) mail.message.processFunc((content) => handedOnce(content as Readable, handover));
    done();
  });

  return {
    name: 'smtp',
    async send(mail: Mail): Promise<SendOutcome> {
      const signal = AbortSignal.timeout(limits.totalMs);
      const handover: Handover = { begun: false, signal };
      inHand.set(mail.messageId, handover);
      try {
        await transport.sendMail({
          messageId: mail.messageId,
          envelope: { from: mail.from, to: [mail.to], size: mail.mime.length },
          raw: mail.mime,
          signal,
        });
        return { kind: 'accepted' };
      } catch (error) {
        return smtpOutcomeOf(error as NodemailerError, handover.begun);
      } finally {
        inHand.delete(mail.messageId);
      }
    },
    async close() {
      transport.close();
    },
  };
}

interface Handover {
  begun: boolean;
  readonly signal: AbortSignal;
}

/**
 * The content of an e-mail, which notes when somebody begins to read it: that is when the server has asked for it. It can be read
 * once: nodemailer takes an e-mail to another connection when one is lost, and must not with one that may have arrived.
 */
function handedOnce(content: Readable, handover: Handover): Readable {
  return Readable.from(
    (async function* () {
      if (handover.begun || handover.signal.aborted)
        throw new Error('The e-mail was in the hands of the server before.');
      handover.begun = true;
      yield* content;
    })(),
    { objectMode: false },
  );
}
