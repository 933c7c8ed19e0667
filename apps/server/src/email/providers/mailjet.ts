import { z } from 'zod';
import { createBatches } from './batches.ts';
import { askMailjet, mailjetReply } from './mailjet-client.ts';
import { mailjetMessageOf } from './mailjet-message.ts';
import { mailjetOutcomes } from './mailjet-outcome.ts';
import { type Mail, type MailProvider, nameOf, type SendOutcome } from './provider.ts';
import type { MailjetSettings } from './settings.ts';
import { longestOf, type VendorDeps, VendorRefused } from './vendor.ts';

/** Mailjet takes 50 messages a call, and 15 MB of attachments a message. */
const most = 50;
const mostBytes = 50_000_000;

const found = z.object({ Count: z.number() });

/**
 * Sends through an account at Mailjet (Send API 3.1): what leaves at once goes in one call, of which some may be refused. It has no
 * idempotency key: what may have been taken is looked up by its CustomID before anything is sent again.
 */
export function mailjetProvider(settings: MailjetSettings, deps: VendorDeps): MailProvider {
  const { limits, now } = deps;
  const together = createBatches<Mail, SendOutcome>({ most, mostBytes, lingerMs: limits.lingerMs }, async (mails) => {
    const messages = await Promise.all(mails.map(mailjetMessageOf));
    const body = { Messages: messages, ...(settings.sandbox ? { SandboxMode: true } : {}) };
    const call = { method: 'post', resource: 'send', version: 'v3.1', body } as const;
    return mailjetOutcomes(await mailjetReply(settings, deps, call, limits.sendMs), messages.length, now());
  });
  return {
    name: 'mailjet',
    longestMs: longestOf(limits),
    recordsLagMs: limits.recordsLagMs,
    async send(mail: Mail): Promise<SendOutcome> {
      if (mail.hosted !== undefined && !/^\d+$/.test(mail.hosted.template)) {
        return { kind: 'refused', code: 'template', detail: 'A template of Mailjet’s is named by its number.' };
      }
      return together(mail, mail.mime.length);
    },
    async find(messageId) {
      const query = { CustomID: nameOf(messageId), Limit: '1' };
      const answer = await askMailjet(settings, deps, { method: 'get', resource: 'message', version: 'v3', query });
      const { data } = found.safeParse(answer);
      if (data === undefined) throw new VendorRefused(200, 'Mailjet’s records cannot be read.');
      return data.Count > 0;
    },
    async close() {
      // Its connections are the outbound's.
    },
  };
}
