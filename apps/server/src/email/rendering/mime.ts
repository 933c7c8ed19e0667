import MailComposer from 'nodemailer/lib/mail-composer';

/** An address with the name that is shown for it. */
export interface NamedAddress {
  readonly name: string;
  readonly address: string;
}

/** A picture that the HTML refers to as `cid:…`. */
export interface Picture {
  readonly cid: string;
  readonly png: Buffer;
}

/** A file that the guest may keep. */
export interface Attachment {
  readonly filename: string;
  readonly contentType: string;
  readonly content: string;
}

/** Everything that an e-mail is made of. */
export interface MailParts {
  /** With its angle brackets. */
  readonly messageId: string;
  /** ms UTC. */
  readonly date: number;
  readonly from: NamedAddress;
  readonly replyTo: NamedAddress | null;
  readonly to: NamedAddress;
  readonly subject: string;
  readonly language: string;
  /** Where its reader unsubscribes with one click (RFC 8058); null or left out: it is no marketing. */
  readonly unsubscribeUrl?: string | null;
  readonly html: string;
  readonly text: string;
  readonly pictures: readonly Picture[];
  readonly attachments: readonly Attachment[];
}

/** Builds the MIME text of an e-mail (RFC 5322), CRLF at line ends, 7-bit throughout. Names and subject are encoded, never taken as headers. */
export async function mimeOf(parts: MailParts): Promise<string> {
  const composer = new MailComposer({
    messageId: parts.messageId,
    date: new Date(parts.date),
    from: parts.from,
    ...(parts.replyTo === null ? {} : { replyTo: parts.replyTo }),
    to: parts.to,
    subject: parts.subject,
    headers: {
      'Content-Language': parts.language,
      // RFC 3834: so that no holiday notice answers.
      'Auto-Submitted': 'auto-generated',
      ...unsubscribing(parts.unsubscribeUrl ?? null),
    },
    text: parts.text,
    html: parts.html,
    attachments: [
      ...parts.pictures.map(({ cid, png }, index) => ({
        cid,
        content: png,
        contentType: 'image/png',
        contentDisposition: 'inline' as const,
        filename: `code-${index + 1}.png`,
      })),
      ...parts.attachments.map((attachment) => ({ ...attachment, contentTransferEncoding: 'base64' as const })),
    ],
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: 'windows',
  });
  const built = await composer.compile().build();
  return built.toString('latin1');
}

/** RFC 2369 and RFC 8058. */
const unsubscribing = (url: string | null): Record<string, string> =>
  url === null ? {} : { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
