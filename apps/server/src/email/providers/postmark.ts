import type { ServerClient } from 'postmark';
import { createBatches } from './batches.ts';
import { askPostmark, postmarkReply } from './postmark-client.ts';
import { metadataName, plainMessage, templatedMessage } from './postmark-message.ts';
import { postmarkOutcomes } from './postmark-outcome.ts';
import { type Mail, type MailProvider, nameOf, type SendOutcome } from './provider.ts';
import type { PostmarkSettings } from './settings.ts';
import { longestOf, type VendorDeps } from './vendor.ts';

/** Postmark takes 500 messages or 50 MB a call, and 10 MB a message. */
const most = 500;
const mostBytes = 50_000_000;
const largest = 10_000_000;

/**
 * Sends through a server at Postmark: what leaves at once goes in one call. It has no idempotency key: what may have been taken is
 * looked up by its Metadata before anything is sent again.
 */
export function postmarkProvider(settings: PostmarkSettings, deps: VendorDeps): MailProvider {
  const { limits, now } = deps;
  const batches = (together: (client: ServerClient, mails: readonly Mail[]) => Promise<unknown>) =>
    createBatches<Mail, SendOutcome>({ most, mostBytes, lingerMs: limits.lingerMs }, async (mails) => {
      const reply = await postmarkReply(settings.serverToken, deps, (client) => together(client, mails));
      return postmarkOutcomes(reply, mails.length, now());
    });
  const plain = batches(async (client, mails) => {
    const messages = await Promise.all(mails.map((mail) => plainMessage(mail, settings)));
    const [only] = messages;
    return only !== undefined && messages.length === 1 ? client.sendEmail(only) : client.sendEmailBatch(messages);
  });
  const templated = batches(async (client, mails) => {
    const messages = await Promise.all(mails.map((mail) => templatedMessage(mail, settings)));
    const [only] = messages;
    return only !== undefined && messages.length === 1
      ? client.sendEmailWithTemplate(only)
      : client.sendEmailBatchWithTemplates(messages);
  });

  return {
    name: 'postmark',
    longestMs: longestOf(limits),
    recordsLagMs: limits.recordsLagMs,
    async send(mail: Mail): Promise<SendOutcome> {
      const bytes = mail.mime.length;
      if (bytes > largest) {
        return { kind: 'refused', code: 'too_large', detail: `Postmark takes ${largest} bytes: this has ${bytes}.` };
      }
      return (mail.hosted === undefined ? plain : templated)(mail, bytes);
    },
    async find(messageId) {
      const filter = { count: 1, offset: 0, [`metadata_${metadataName}`]: nameOf(messageId) };
      const { Messages: found } = await askPostmark(settings.serverToken, deps, (client) =>
        client.getOutboundMessages(filter),
      );
      // A filter that was passed over would find any message.
      return found.some(({ Metadata }) => Metadata[metadataName] === nameOf(messageId));
    },
    async close() {
      // Its connections are the outbound's.
    },
  };
}
