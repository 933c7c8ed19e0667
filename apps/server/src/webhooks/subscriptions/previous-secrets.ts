import type { Seal, Webhook } from './webhook.ts';

/** How long a signing secret signs as well after a rotation, ms (Standard Webhooks: sign with old and new). */
export const rotationOverlapMs = 24 * 3_600_000;

/** So many may sign beside the current one: `webhook-signature` has a signature of each. */
export const mostPrevious = 3;

/** A signing secret that was replaced, and until when it signs as well, ms UTC. */
export interface PreviousSecret {
  readonly secret: string;
  readonly until: number;
}

/** The columns of a webhook that hold them: the time is that of the last one. */
export type PreviousColumns = Pick<Webhook, 'previousSecret' | 'previousUntil'>;

/** The secrets of a webhook that were replaced, newest first. What was stored before there could be several is one of them, bare. */
export function previousSecrets({ previousSecret, previousUntil }: PreviousColumns, seal: Seal): PreviousSecret[] {
  if (previousSecret === null || previousUntil === null) return [];
  const text = seal.open(previousSecret);
  return text.startsWith('[') ? (JSON.parse(text) as PreviousSecret[]) : [{ secret: text, until: previousUntil }];
}

/** The columns after a rotation at `now` (ms UTC): those that still sign go on. Undefined: there are as many as there may be. */
export function previousAfter(
  webhook: Pick<Webhook, 'signingSecret'> & PreviousColumns,
  seal: Seal,
  now: number,
): PreviousColumns | undefined {
  const signing = previousSecrets(webhook, seal).filter(({ until }) => until > now);
  if (signing.length >= mostPrevious) return undefined;
  const until = now + rotationOverlapMs;
  const kept = [{ secret: seal.open(webhook.signingSecret), until }, ...signing];
  return { previousSecret: seal.seal(JSON.stringify(kept)), previousUntil: until };
}
