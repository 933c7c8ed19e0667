import { type AddressObject, type Attachment, type HeaderValue, simpleParser } from 'mailparser';

/** An address with the name that is shown for it, which may be empty. */
export interface PartAddress {
  readonly name: string;
  readonly address: string;
}

/** A file of an e-mail; `cid`: one that its HTML shows. */
export interface PartFile {
  readonly name: string;
  /** With its parameters. */
  readonly type: string;
  readonly base64: string;
  readonly cid: string | null;
}

/** What a provider with an API of its own is given of an e-mail. */
export interface MailParts {
  readonly from: PartAddress;
  readonly replyTo: PartAddress | null;
  readonly to: PartAddress;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Those that are not of the envelope, by name. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly files: readonly PartFile[];
}

/** The headers that go along: the others are the provider's to set. */
const passed: ReadonlyMap<string, string> = new Map(
  ['Auto-Submitted', 'Content-Language', 'List-Unsubscribe', 'List-Unsubscribe-Post'].map((name) => [
    name.toLowerCase(),
    name,
  ]),
);

/** Takes an e-mail of ours apart again: what a provider gets is what was frozen, whichever way it goes. */
export async function mailPartsOf(mime: string): Promise<MailParts> {
  const mail = await simpleParser(mime, { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true });
  const nobody = { name: '', address: '' };
  return {
    from: addressOf(mail.from) ?? nobody,
    replyTo: addressOf(mail.replyTo) ?? null,
    to: addressOf(mail.to) ?? nobody,
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html || '',
    headers: mail.headerLines.flatMap(({ key, line }) => {
      const name = passed.get(key);
      return name === undefined ? [] : [{ name, value: unfolded(line.slice(line.indexOf(':') + 1)) }];
    }),
    files: mail.attachments.map((file, index) => ({
      name: file.filename ?? `file-${index + 1}`,
      type: typeOf(file),
      base64: file.content.toString('base64'),
      cid: file.contentDisposition === 'inline' ? (file.cid ?? null) : null,
    })),
  };
}

function addressOf(found: AddressObject | AddressObject[] | undefined): PartAddress | undefined {
  const [first] = Array.isArray(found) ? found : [found];
  const [one] = first?.value ?? [];
  return one?.address === undefined ? undefined : { name: one.name, address: one.address };
}

const unfolded = (text: string): string => text.replace(/\r?\n\s+/g, ' ').trim();

/** A calendar file says in a parameter what to do with it (`method=CANCEL`). */
function typeOf({ contentType, headers }: Attachment): string {
  const value: HeaderValue | undefined = headers.get('content-type');
  if (typeof value !== 'object' || !('params' in value)) return contentType;
  const kept = Object.entries(value.params).filter(([name]) => name === 'charset' || name === 'method');
  return [contentType, ...kept.map(([name, text]) => `${name}=${text}`)].join('; ');
}
