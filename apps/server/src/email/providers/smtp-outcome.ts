import type { NodemailerError } from 'nodemailer';
import type { SendOutcome } from './provider.ts';

/**
 * What an error of nodemailer's SMTP client says about an e-mail. `handedOver`: the server had asked for the content (354), so that it
 * may have it. What the server said no to (4xx, 5xx) it did not take, whenever it said so (RFC 5321, 4.2.5); without its answer, only
 * an e-mail that was never begun surely was not taken.
 *
 * A server that does not want this recipient or this content for good refuses. What may be mended without the e-mail (sign-in, sender,
 * network, TLS) is deferred, so that e-mails leave when it is.
 */
export function smtpOutcomeOf(error: NodemailerError, handedOver: boolean): SendOutcome {
  const answered = error.responseCode !== undefined && error.responseCode >= 400;
  const code = answered ? String(error.responseCode) : (error.originalCode ?? error.code ?? 'error');
  const said = { code, detail: error.response ?? error.message };
  if (handedOver && !answered) return { kind: 'unknown', ...said };
  const aboutMessage = error.command === 'RCPT TO' || error.command === 'DATA' || error.code === 'EMESSAGE';
  return { kind: aboutMessage && isPermanent(error) ? 'refused' : 'deferred', ...said };
}

/** Without an answer: an e-mail that this client will never send, such as one that is larger than the server allows. */
function isPermanent(error: NodemailerError): boolean {
  return error.permanent ?? error.code === 'EMESSAGE';
}
