/** A certificate that says who is calling (mutual TLS), with its key: PEM, the key unencrypted. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
  /** PEM certificates that the receiver's own is trusted by, in place of the public ones; null: those. */
  readonly ca: string | null;
}
