import type { Models } from 'postmark';
import { type MailParts, mailPartsOf, type PartAddress } from './mail-parts.ts';
import { type Mail, nameOf } from './provider.ts';
import type { PostmarkSettings } from './settings.ts';

/** By which field of its Metadata a message of ours is found in Postmark's records and reports. */
export const metadataName = 'messageid';

type Settings = Pick<PostmarkSettings, 'streams'>;

/** What Postmark is given of an e-mail, for `/email`. */
export async function plainMessage(mail: Mail, settings: Settings): Promise<Models.Message> {
  const parts = await mailPartsOf(mail.mime);
  const { subject, text, html } = parts;
  return { ...commonOf(mail, parts, settings), Subject: subject, TextBody: text, HtmlBody: html };
}

/** What Postmark is given of an e-mail by a template of its own, for `/email/withTemplate`. */
export async function templatedMessage(mail: Mail, settings: Settings): Promise<Models.TemplatedMessage> {
  const common = commonOf(mail, await mailPartsOf(mail.mime), settings);
  const { template, variables } = mail.hosted ?? { template: '', variables: {} };
  const which = /^\d+$/.test(template) ? { TemplateId: Number(template) } : { TemplateAlias: template };
  return { ...common, ...which, TemplateModel: variables };
}

function commonOf(mail: Mail, parts: MailParts, settings: Settings) {
  return {
    From: named(parts.from),
    To: named({ ...parts.to, address: mail.to }),
    ...(parts.replyTo === null ? {} : { ReplyTo: named(parts.replyTo) }),
    Headers: [
      ...parts.headers.map(({ name, value }) => ({ Name: name, Value: value })),
      // Without the second, Postmark makes a Message-ID of its own.
      { Name: 'Message-ID', Value: mail.messageId },
      { Name: 'X-PM-KeepID', Value: 'true' },
    ],
    Attachments: parts.files.map(({ name, type, base64, cid }) => ({
      Name: name,
      Content: base64,
      ContentType: type,
      ContentID: cid === null ? null : `cid:${cid}`,
    })),
    Metadata: { [metadataName]: nameOf(mail.messageId) },
    MessageStream: mail.marketing ? settings.streams.broadcast : settings.streams.transactional,
  };
}

/** An address with its name (RFC 5322), whose quotes are part of the name. */
function named({ name, address }: PartAddress): string {
  return name === '' ? address : `"${name.replace(/["\\]/g, '\\$&')}" <${address}>`;
}
