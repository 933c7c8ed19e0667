/** An e-mail as a provider gets it: its envelope and its bytes. */
export interface Mail {
  readonly supplierId: string;
  /** Message-ID, with angle brackets; the same in every attempt. */
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  /** RFC 5322, 7-bit, CRLF at line ends. */
  readonly mime: string;
}

/** Why an e-mail was not taken. */
interface Refusal {
  /** For logs and numbers: short, of a fixed set, and without anything about the guest. */
  readonly code: string;
  /** For the operator: what the provider said. */
  readonly detail: string;
}

/**
 * What came of handing an e-mail to a provider. `deferred` and `refused` are said only when the provider surely did not take it: the
 * former may be tried again, the latter would be refused again. Whatever else is `unknown`.
 */
export type SendOutcome =
  | { readonly kind: 'accepted' }
  | ({ readonly kind: 'deferred' } & Refusal)
  | ({ readonly kind: 'refused' } & Refusal)
  | ({ readonly kind: 'unknown' } & Refusal);

/** Something that takes e-mails to their recipients. */
export interface MailProvider {
  readonly name: string;
  /** The longest that `send` takes, ms: until then a message is in its hands. */
  readonly longestMs: number;
  /** Whatever it throws counts as `unknown`. */
  readonly send: (mail: Mail) => Promise<SendOutcome>;
  /**
   * Whether the provider took the e-mail with this Message-ID, from its records. A provider that has it takes an e-mail with the same
   * Message-ID once only, so that a "no" holds.
   */
  readonly find?: (messageId: string) => Promise<boolean>;
  readonly close: () => Promise<void>;
}
