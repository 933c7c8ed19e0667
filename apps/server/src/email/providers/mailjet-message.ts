import type { SendEmailV3_1 } from 'node-mailjet';
import { mailPartsOf, type PartAddress, type PartFile } from './mail-parts.ts';
import { type Mail, nameOf } from './provider.ts';

/** The most characters of a subject. */
const longestSubject = 255;

/** What Mailjet is given of an e-mail; its Message-ID is Mailjet's own, and CustomID is ours. */
export async function mailjetMessageOf(mail: Mail): Promise<SendEmailV3_1.Message> {
  const parts = await mailPartsOf(mail.mime);
  const { hosted } = mail;
  const shown = parts.files.filter(({ cid }) => cid !== null);
  const kept = parts.files.filter(({ cid }) => cid === null);
  return {
    From: named(parts.from),
    To: [named({ ...parts.to, address: mail.to })],
    ...(parts.replyTo === null ? {} : { ReplyTo: named(parts.replyTo) }),
    Headers: Object.fromEntries(parts.headers.map(({ name, value }) => [name, value])),
    ...(kept.length === 0 ? {} : { Attachments: kept.map(fileOf) }),
    CustomID: nameOf(mail.messageId),
    ...(hosted === undefined
      ? {
          Subject: parts.subject.slice(0, longestSubject),
          TextPart: parts.text,
          HTMLPart: parts.html,
          ...(shown.length === 0
            ? {}
            : { InlinedAttachments: shown.map((file) => ({ ...fileOf(file), ContentID: file.cid ?? '' })) }),
        }
      : { TemplateID: Number(hosted.template), TemplateLanguage: true, Variables: { ...hosted.variables } }),
  };
}

const named = ({ name, address }: PartAddress) => ({ Email: address, ...(name === '' ? {} : { Name: name }) });

const fileOf = ({ name, type, base64 }: PartFile) => ({ Filename: name, ContentType: type, Base64Content: base64 });
