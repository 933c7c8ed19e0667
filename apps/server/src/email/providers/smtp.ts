import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { createTransport, type NodemailerError } from 'nodemailer';
import type { Dial } from '../../platform/outbound/index.ts';
import type { Mail, MailProvider, SendOutcome } from './provider.ts';
import { smtpOutcomeOf } from './smtp-outcome.ts';

/** Limits of the SMTP client; times in ms. A limit in the URL's query goes before these. */
export interface SmtpLimits {
  readonly connections: number;
  /** E-mails over one connection, before it is opened anew. */
  readonly messagesPerConnection: number;
  readonly connectMs: number;
  readonly greetingMs: number;
  /** From the call until the server asks for the content, waiting for a connection included. */
  readonly askedMs: number;
  /** From then until its answer to the content, for which a server may scan it (RFC 5321, 4.5.3.2.6: ten minutes). */
  readonly answeredMs: number;
}

/** What nodemailer asks a connection to, and whom it has told of it. */
interface Server {
  readonly host?: string | undefined;
  readonly port?: number | string | undefined;
  readonly secure?: boolean | undefined;
}
type Opened = (error: Error | null, socket?: { readonly connection: Socket }) => void;

/** What the server uses. */
export const smtpLimits: SmtpLimits = {
  connections: 5,
  messagesPerConnection: 100,
  connectMs: 10_000,
  greetingMs: 10_000,
  askedMs: 60_000,
  answeredMs: 600_000,
};

/**
 * Sends through an SMTP server, `smtp://user:password@host:port` or `smtps://…`, over a few connections that are kept open and
 * that `dial` opens.
 */
export function smtpProvider(url: string, dial: Dial, limits: SmtpLimits = smtpLimits): MailProvider {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: limits.connections,
    maxMessages: limits.messagesPerConnection,
    connectionTimeout: limits.connectMs,
    dnsTimeout: limits.connectMs,
    greetingTimeout: limits.greetingMs,
    // Later than the limits of one e-mail, which know whether the content was handed over.
    socketTimeout: limits.askedMs + limits.answeredMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    getSocket({ host = 'localhost', port, secure }: Server, opened: Opened) {
      // RFC 8314: 465 with TLS at once, 587 with STARTTLS.
      dial({ hostname: host, port: Number(port ?? (secure ? 465 : 587)), timeoutMs: limits.connectMs }).then(
        (connection) => opened(null, { connection }),
        (error) => opened(error),
      );
    },
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
    longestMs: limits.askedMs + limits.answeredMs,
    async send(mail: Mail): Promise<SendOutcome> {
      const handover = new Handover(limits);
      inHand.set(mail.messageId, handover);
      try {
        await transport.sendMail({
          messageId: mail.messageId,
          envelope: { from: mail.from, to: [mail.to], size: mail.mime.length },
          raw: mail.mime,
          signal: handover.signal,
        });
        return { kind: 'accepted' };
      } catch (error) {
        const cause: unknown = handover.signal.aborted ? handover.signal.reason : error;
        return smtpOutcomeOf(cause as NodemailerError, handover.begun);
      } finally {
        inHand.delete(mail.messageId);
        handover.end();
      }
    },
    async close() {
      transport.close();
    },
  };
}

/** One e-mail on its way to the server, and its time limits. */
class Handover {
  readonly #limits: SmtpLimits;
  readonly #late = new AbortController();
  #timer: NodeJS.Timeout;
  /** Whether the server has asked for the content. */
  begun = false;

  constructor(limits: SmtpLimits) {
    this.#limits = limits;
    this.#timer = this.#within(limits.askedMs, 'The server did not ask for the content');
  }

  get signal(): AbortSignal {
    return this.#late.signal;
  }

  begin(): void {
    this.begun = true;
    this.end();
    this.#timer = this.#within(this.#limits.answeredMs, 'The server did not answer to the content');
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #within(ms: number, message: string): NodeJS.Timeout {
    return setTimeout(() => this.#late.abort(Object.assign(new Error(message), { code: 'ETIMEDOUT' })), ms);
  }
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
      handover.begin();
      yield* content;
    })(),
    { objectMode: false },
  );
}
