import { simpleParser } from 'mailparser';
import type { StoredMail } from './store.ts';

/** A file of an e-mail. */
interface MailFile {
  readonly filename: string;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
  /** How the HTML refers to it, where it does. */
  readonly cid: string | null;
  readonly content: Buffer;
}

/** An e-mail, taken apart. */
export interface ParsedMail {
  /** In the order of the e-mail, as they are written but unfolded. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** With the pictures that it refers to inside it; null when there is none. */
  readonly html: string | null;
  readonly text: string;
  readonly files: readonly MailFile[];
}

/** Takes an e-mail apart. */
export async function parsedMail(mail: Pick<StoredMail, 'raw'>): Promise<ParsedMail> {
  const parsed = await simpleParser(mail.raw, { skipTextToHtml: true });
  return {
    headers: parsed.headerLines.map(({ line }) => {
      const colon = line.indexOf(':');
      return {
        name: line.slice(0, colon),
        value: line
          .slice(colon + 1)
          .replace(/\r?\n[ \t]+/g, ' ')
          .trim(),
      };
    }),
    html: typeof parsed.html === 'string' ? parsed.html : null,
    text: parsed.text ?? '',
    files: parsed.attachments.map(({ filename, contentType, size, cid, content }, index) => ({
      filename: filename ?? `attachment-${index + 1}`,
      contentType,
      size,
      cid: cid ?? null,
      content,
    })),
  };
}
