/** An e-mail as a provider gets it: its envelope and its bytes. */
export interface Mail {
  readonly supplierId: string;
  /** Message-ID, with angle brackets; the same in every attempt. */
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  /** RFC 5322, 7-bit, CRLF at line ends. */
  readonly mime: string;
  /** Whether it is marketing, which some providers take apart from what a booking needs. */
  readonly marketing?: boolean;
  /** A template that the provider keeps, in place of the content; attachments come along. */
  readonly hosted?: HostedTemplate;
}

/** A template at the provider: Postmark's alias or id, Mailjet's id. */
export interface HostedTemplate {
  readonly template: string;
  /** What the template shows, by the names of its variables. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What an e-mail is called at providers with records and reports: its Message-ID without brackets and host. */
export const nameOf = (messageId: string): string => messageId.replace(/^<|@[^@]*$/g, '');

/** Why an e-mail was not taken. */
interface Refusal {
  /** For logs and numbers: short, of a fixed set, and without anything about the guest. */
  readonly code: string;
  /** For the operator: what the provider said. */
  readonly detail: string;
}

/**
 * What came of handing an e-mail to a provider. `deferred` and `refused` are said only when the provider surely did not take it: the
 * former may be tried again (not before `retryAfterMs` are over), the latter would be refused again. Whatever else is `unknown`.
 * `ref` is the provider's own id of it.
 */
export type SendOutcome =
  | { readonly kind: 'accepted'; readonly ref?: string }
  | ({ readonly kind: 'deferred'; readonly retryAfterMs?: number } & Refusal)
  | ({ readonly kind: 'refused' } & Refusal)
  | ({ readonly kind: 'unknown' } & Refusal);

/** Something that takes e-mails to their recipients. */
export interface MailProvider {
  readonly name: string;
  /** The longest that `send` takes, ms: until then a message is in its hands. */
  readonly longestMs: number;
  /** Whatever it throws counts as `unknown`. */
  readonly send: (mail: Mail) => Promise<SendOutcome>;
  /** Whether the provider took the e-mail with this Message-ID, from its records. Throws when they cannot be asked. */
  readonly find?: (messageId: string) => Promise<boolean>;
  /** How long after an attempt began its records may still lack what was taken, ms; without it, never: a "no" holds. */
  readonly recordsLagMs?: number;
  readonly close: () => Promise<void>;
}
