/** What a suppression is about: every e-mail, or marketing alone. */
export const suppressionScopes = ['all', 'marketing'] as const;
/** See `suppressionScopes`. */
export type SuppressionScope = (typeof suppressionScopes)[number];

/** Why an address is not written to: mail to it bounced for good, its reader complained or unsubscribed, or the operator said so. */
export const suppressionReasons = ['bounce', 'complaint', 'unsubscribe', 'manual'] as const;
/** See `suppressionReasons`. */
export type SuppressionReason = (typeof suppressionReasons)[number];

/** That a supplier does not write to an address. `createdAt` is ms UTC. */
export interface Suppression {
  readonly id: string;
  readonly addressHash: string;
  readonly scope: SuppressionScope;
  readonly reason: SuppressionReason;
  /** `operator`, `link`, or the kind of the provider that told of it. */
  readonly source: string;
  readonly createdAt: number;
}

const sentences: Readonly<Record<SuppressionReason, string>> = {
  bounce: 'E-mails to this address bounce: it is suppressed.',
  complaint: 'The reader of this address complained of an e-mail: it is suppressed.',
  unsubscribe: 'The guest unsubscribed from marketing.',
  manual: 'The address is suppressed by hand.',
};

/** Why an e-mail does not go to an address, for the operator; null where nothing of it stands in the way. */
export function suppressedReason(
  suppressions: readonly Pick<Suppression, 'scope' | 'reason'>[],
  mail: { readonly marketing: boolean },
): string | null {
  const found = suppressions.find(({ scope }) => scope === 'all') ?? (mail.marketing ? suppressions[0] : undefined);
  return found === undefined ? null : sentences[found.reason];
}
