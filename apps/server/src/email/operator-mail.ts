import MailComposer from 'nodemailer/lib/mail-composer';
import type { MailProvider, SendOutcome } from './providers/provider.ts';

/** An e-mail to somebody who works for a supplier, in plain English text. */
export interface OperatorMail {
  /** Part of its Message-ID: the same in every attempt. */
  readonly id: string;
  readonly supplierId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Sends e-mails to operators, through the provider that those to guests take. `sender` is an address, `now` gives ms UTC. */
export function operatorMailer(deps: {
  readonly provider: MailProvider;
  readonly sender: string;
  readonly now: () => number;
}): (mail: OperatorMail) => Promise<SendOutcome> {
  const { provider, sender, now } = deps;
  const host = sender.slice(sender.lastIndexOf('@') + 1);
  return async ({ id, supplierId, to, subject, text }) => {
    const messageId = `<${id}@${host}>`;
    const composer = new MailComposer({
      messageId,
      date: new Date(now()),
      from: { name: 'Carillon', address: sender },
      to: { name: '', address: to },
      subject,
      // RFC 3834: so that no holiday notice answers.
      headers: { 'Content-Language': 'en', 'Auto-Submitted': 'auto-generated' },
      text,
      disableFileAccess: true,
      disableUrlAccess: true,
      newline: 'windows',
    });
    const mime = (await composer.compile().build()).toString('latin1');
    return provider.send({ supplierId, messageId, from: sender, to, mime });
  };
}
