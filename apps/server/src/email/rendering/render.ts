import type { MessageFacts } from '../facts.ts';
import { calendarFileOf } from './calendar.ts';
import { type Content, contentOf } from './content.ts';
import { createTemplates } from './liquid.ts';
import { type Attachment, mimeOf, type NamedAddress, type Picture } from './mime.ts';
import { qrPng } from './qr.ts';
import { isName, oneLine } from './text.ts';

/** An e-mail as it is sent: the same bytes in every attempt. */
export interface RenderedMail {
  /** With its angle brackets. */
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly language: string;
  readonly mime: string;
}

/** What a message is rendered with beside its facts. */
export interface Rendering {
  /** With its angle brackets. */
  readonly messageId: string;
  /** ms UTC. */
  readonly now: number;
  /** The address that it comes from; null or left out: the instance's. */
  readonly sender?: string | null;
  /** Where its reader unsubscribes; null or left out: it is no marketing. */
  readonly unsubscribeUrl?: string | null;
}

/** Renders a message. */
export type Render = (facts: MessageFacts, at: Rendering) => Promise<RenderedMail>;

/** `sender` is the address that e-mails come from; the supplier's name stands before it, and answers go to the supplier. */
export function createRenderer(options: { readonly sender: string }): Render {
  const html = createTemplates({ escape: true });
  const text = createTemplates({ escape: false });
  return async (facts, { messageId, now, sender = null, unsubscribeUrl = null }) => {
    const content = contentOf(facts, unsubscribeUrl);
    const { template } = facts.campaign;
    const subject = `${facts.test ? '[Test] ' : ''}${oneLine(text(`${template}.subject`, content))}`;
    const from = { name: content.supplier.name, address: sender ?? options.sender };
    const name = oneLine(facts.contact.fullName ?? '');
    const to = { name: isName(name) ? name : '', address: facts.address };
    const { email } = content.supplier;
    const plain = tidy(text(`${template}.text`, content));
    const mime = await mimeOf({
      messageId,
      date: now,
      from,
      replyTo: email === null || email === from.address ? null : { name: content.supplier.name, address: email },
      to,
      subject,
      language: content.t.language,
      unsubscribeUrl,
      html: html(`${template}.html`, content),
      text: plain,
      pictures: picturesOf(content),
      attachments: [...(content.rest ? [everything(plain)] : []), ...calendarsOf(facts, content, { from, to, now })],
    });
    return { messageId, from: from.address, to: to.address, subject, language: content.t.language, mime };
  };
}

function picturesOf(content: Content): Picture[] {
  const codes = content.shown.flatMap((booking) => booking.shown.codes);
  return codes.flatMap(({ cid, value }) => (cid === null ? [] : [{ cid, png: qrPng(value) }]));
}

/** The plain text as a file, for whoever reads the HTML. */
const everything = (plain: string): Attachment => ({
  filename: 'booking.txt',
  contentType: 'text/plain; charset=utf-8',
  content: plain,
});

function calendarsOf(
  facts: MessageFacts,
  content: Content,
  { from, to, now }: { readonly from: NamedAddress; readonly to: NamedAddress; readonly now: number },
): Attachment[] {
  if (!content.calendar) return [];
  const context = {
    organizer: { name: from.name, email: from.address },
    guest: { name: to.name || to.address, email: to.address },
    strings: content.t,
    now,
  };
  const files = facts.bookings.flatMap((booking) => calendarFileOf(booking, context) ?? []);
  return files.map(({ method, text }, index) => ({
    filename: files.length === 1 ? 'booking.ics' : `booking-${index + 1}.ics`,
    contentType: `text/calendar; charset=utf-8; method=${method}`,
    content: text,
  }));
}

/** Templates leave empty lines where a block had nothing to say. */
function tidy(text: string): string {
  return `${text
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}
