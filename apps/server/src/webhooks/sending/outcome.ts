import type { Answer } from '../authentication/answer.ts';

/** What an attempt came to. `reason` of an unreachable receiver is a word (dns, refused, tls, timeout, reset, …). */
export type Outcome =
  | { readonly kind: 'accepted'; readonly status: number }
  | { readonly kind: 'refused'; readonly status: number; readonly retryAfterMs: number | null }
  | { readonly kind: 'unreachable'; readonly reason: string; readonly detail: string };

const day = 86_400_000;

/** `Retry-After` in ms from `now`: seconds or an HTTP date (RFC 9110), within 0 and 24 h; null when it says nothing. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(wait) ? null : Math.min(Math.max(wait, 0), day);
}

/** Only 2xx is success (Standard Webhooks); `Retry-After` counts with 429 and 503. */
export function outcomeOf(reply: Answer, now: number): Outcome {
  if (reply.kind === 'failed') return { kind: 'unreachable', reason: reply.reason, detail: reply.detail };
  if (reply.status >= 200 && reply.status < 300) return { kind: 'accepted', status: reply.status };
  const mayAsk = reply.status === 429 || reply.status === 503;
  return { kind: 'refused', status: reply.status, retryAfterMs: mayAsk ? retryAfterMs(reply.retryAfter, now) : null };
}
