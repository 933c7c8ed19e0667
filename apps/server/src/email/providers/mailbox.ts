import { simpleParser } from 'mailparser';
import type { Db } from '../../platform/db/index.ts';
import { hasMail, insertMail } from '../mailbox/store.ts';
import type { MailProvider } from './provider.ts';

/** The built-in mailbox: keeps e-mails in the database and sends them to nobody. `now` gives ms UTC. */
export function mailboxProvider(deps: {
  readonly db: Db;
  readonly now: () => number;
  readonly newId: () => string;
}): MailProvider {
  const { db, now, newId } = deps;
  return {
    name: 'mailbox',
    longestMs: 0,
    async send(mail) {
      const { subject } = await simpleParser(mail.mime, {
        skipHtmlToText: true,
        skipImageLinks: true,
        skipTextToHtml: true,
      });
      await insertMail(db, {
        id: newId(),
        supplierId: mail.supplierId,
        messageId: mail.messageId,
        sender: mail.from,
        recipient: mail.to,
        subject: subject ?? '',
        raw: mail.mime,
        receivedAt: now(),
      });
      return { kind: 'accepted' };
    },
    find: (messageId) => hasMail(db, messageId),
    async close() {
      // It has nothing open of its own.
    },
  };
}
