import { createHash } from 'node:crypto';
import type { SuppressionReason, SuppressionScope } from '../suppressions/suppression.ts';

/** What may happen to an e-mail after a provider took it. */
export const eventKinds = ['delivered', 'bounced', 'complained', 'opened', 'clicked', 'unsubscribed'] as const;
/** See `eventKinds`. */
export type EventKind = (typeof eventKinds)[number];

/** What a provider reports of one e-mail. */
export interface Report {
  /** What we call the message, where the provider says so. */
  readonly name: string | null;
  /** What the provider calls it. */
  readonly ref: string | null;
  /** Null: nothing that is noted of a message. */
  readonly kind: EventKind | null;
  readonly detail: string | null;
  /** ms UTC. */
  readonly happenedAt: number;
  readonly address: string | null;
  /** What it means for the address; `lift`: the provider writes to it again. */
  readonly suppression: { readonly scope: SuppressionScope; readonly reason: SuppressionReason } | 'lift' | null;
  /** The same for a report that comes again, and for no other. */
  readonly fingerprint: string;
}

/** See `Report.fingerprint`: providers send the same again when they got no answer. */
export const fingerprintOf = (record: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(sorted(record)))
    .digest('base64url');

/** The order of its members is no part of a report. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
}

/** Where a link led, without what may let somebody in. */
export function linkOf(url: string): string | null {
  const parsed = URL.parse(url);
  return parsed === null ? null : `${parsed.origin}${parsed.pathname}`.slice(0, 300);
}

/** A time that a provider wrote, ms UTC; `fallback` where it cannot be read. */
export function timeOf(text: string | undefined, fallback: number): number {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? fallback : at;
}
