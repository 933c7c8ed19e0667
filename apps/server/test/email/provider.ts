import type { Mail, MailProvider, SendOutcome } from '../../src/email/index.ts';
import { booking } from './bookings.ts';
import { type Desk, given } from './desk.ts';

/** A provider without records that answers as it is told, in turn; the last answer is repeated. */
export function provider(
  ...answers: (SendOutcome | (() => Promise<SendOutcome>))[]
): MailProvider & { readonly mails: Mail[] } {
  const mails: Mail[] = [];
  return {
    name: 'test',
    longestMs: 0,
    mails,
    async send(mail) {
      mails.push(mail);
      const next = answers.length > 1 ? answers.shift()! : answers[0]!;
      return typeof next === 'function' ? next() : next;
    },
    close: async () => undefined,
  };
}

/** It took the e-mail. */
export const accepted: SendOutcome = { kind: 'accepted' };
/** It surely did not take it. */
export const deferred: SendOutcome = { kind: 'deferred', code: 'ECONNREFUSED', detail: 'connect ECONNREFUSED' };

/** An order with one booking that is confirmed, whose message had its turn. */
export async function confirmedOrder(desk: Desk): Promise<void> {
  await given(desk, booking());
  await desk.happens(booking({ status: 'CONFIRMED' }));
  await desk.settle();
}
