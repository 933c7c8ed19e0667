import type { Reply } from '../../platform/outbound/index.ts';

/** How one request ended, or why it was not sent: `token`: the authorization server gave none for it. */
export type Answer =
  | Reply
  | {
      readonly kind: 'failed';
      readonly reason: 'token';
      /** A sentence for the operator, without secrets. */
      readonly detail: string;
      readonly durationMs: number;
    };

/** An answer that is none. */
export type NoAnswer = Extract<Answer, { readonly kind: 'failed' }>;
