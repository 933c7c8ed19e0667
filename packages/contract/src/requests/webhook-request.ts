import * as z from 'zod';
import { type CapabilityId, canonicalCapability } from '../capabilities.ts';
import { eventTypes } from '../document.ts';
import { body, optional } from './body.ts';
import { line, opaqueId } from './text.ts';

/** Limits of a webhook: characters of its URL; number of its headers; characters of a name, of a value, of all together. */
export const webhookLimits = {
  url: 2_048,
  headers: 32,
  headerName: 128,
  headerValue: 4_096,
  allHeaders: 8_192,
} as const;

/** Headers that belong to the connection (RFC 9110, 7.6.1), to the message, or to the sender. */
const refusedHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-language',
  'content-length',
  'content-type',
  'date',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
]);

/** The names of Standard Webhooks and our own: neither a signature nor a test may be imitated. */
const refusedPrefixes: readonly string[] = ['webhook-', 'carillon-'];

function credentialsProblem(url: URL): string | undefined {
  try {
    const user = decodeURIComponent(url.username);
    decodeURIComponent(url.password);
    return user.includes(':') ? 'must not have a colon in its user name (RFC 7617)' : undefined;
  } catch {
    return 'has a user name or password that is not percent-encoded UTF-8';
  }
}

/** What is wrong with a webhook's URL, as the rest of a sentence that begins with its name; undefined when nothing is. */
export function webhookUrlProblem(url: string): string | undefined {
  if (url.length > webhookLimits.url) return `must have at most ${webhookLimits.url} characters`;
  // The URL parser would drop tabs and line ends and trim spaces: what is stored must be what was sent.
  if (/[\s\p{Cc}]/u.test(url)) return 'must not hold white space or control characters';
  const parsed = URL.parse(url);
  if (parsed === null) return 'must be an absolute URL';
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return 'must begin with http:// or https://';
  return credentialsProblem(parsed);
}

/** What is wrong with one custom header, as the rest of a sentence that begins with its name; undefined when nothing is. */
export function webhookHeaderProblem(name: string, value: string): string | undefined {
  const lower = name.toLowerCase();
  if (name.length > webhookLimits.headerName)
    return `must have a name of at most ${webhookLimits.headerName} characters`;
  if (!/^[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(lower)) return 'must have a header name (a token of RFC 9110)';
  if (refusedHeaders.has(lower) || refusedPrefixes.some((prefix) => lower.startsWith(prefix))) {
    return 'is set by the sender and cannot be given';
  }
  if (value.length > webhookLimits.headerValue) return `must have at most ${webhookLimits.headerValue} characters`;
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return 'must be one line of Latin-1 characters';
  if (value.trim() !== value) return 'must not begin or end with white space';
  return undefined;
}

/** The header of this name, whatever its case. */
function hasHeader(headers: Readonly<Record<string, string>>, name: string): boolean {
  return Object.keys(headers).some((key) => key.toLowerCase() === name);
}

/** True when both the URL and a header want to say who is calling; credentials in a URL become basic auth. */
export function webhookAuthorizationClash(url: string, headers: Readonly<Record<string, string>>): boolean {
  const parsed = URL.parse(url);
  const credentials = parsed !== null && (parsed.username !== '' || parsed.password !== '');
  return credentials && hasHeader(headers, 'authorization');
}

/** Where something is sent; may carry `user:password@`. */
export const receiverUrl = z.string().superRefine((value, context) => {
  const message = webhookUrlProblem(value);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

/** Headers that a receiver wants sent along. */
export const receiverHeaders = z.record(z.string(), z.string()).superRefine((value, context) => {
  const refuse = (message: string, path: string[] = []) => context.addIssue({ code: 'custom', path, message });
  const entries = Object.entries(value);
  if (entries.length > webhookLimits.headers) return refuse(`must have at most ${webhookLimits.headers} entries`);
  if (entries.reduce((sum, [name, held]) => sum + name.length + held.length, 0) > webhookLimits.allHeaders) {
    return refuse(`must have at most ${webhookLimits.allHeaders} characters in all`);
  }
  if (new Set(entries.map(([name]) => name.toLowerCase())).size < entries.length) {
    return refuse('must not name a header twice: upper and lower case are the same');
  }
  for (const [name, held] of entries) {
    const message = webhookHeaderProblem(name, held);
    if (message !== undefined) refuse(message, [name]);
  }
});

/** Capabilities as a body lists them; what is not ours is ignored. */
const capabilities = z
  .array(line(100))
  .max(100)
  .transform((ids) => ids.map(canonicalCapability).filter((known): known is CapabilityId => known !== undefined));

const event = z.enum(eventTypes);

const onUnlessOff = optional(z.boolean()).transform((value) => value ?? true);

/** Refuses a request in which both the URL and a header say who is calling. */
export function refuseClash(
  request: { readonly url?: string; readonly headers?: Record<string, string> },
  context: z.RefinementCtx,
): void {
  if (!webhookAuthorizationClash(request.url ?? '', request.headers ?? {})) return;
  const message = 'must not have authorization when the URL carries a user name and password';
  context.addIssue({ code: 'custom', path: ['headers'], message, input: request.headers });
}

/** POST /webhooks (Ventrata). `url` may carry `user:password@`, sent as basic auth. */
export const webhookCreation = body({
  event,
  url: receiverUrl,
  headers: optional(receiverHeaders).transform((value) => value ?? {}),
  capabilities: optional(capabilities),
  retryOnError: onUnlessOff,
  useContactLanguage: onUnlessOff,
}).superRefine(refuseClash);

/** PATCH /webhooks/{id} (Ventrata): what is left out stays as it is. */
export const webhookPatch = body({
  event: optional(event),
  url: optional(receiverUrl),
  headers: optional(receiverHeaders),
  capabilities: optional(capabilities),
  retryOnError: optional(z.boolean()),
  useContactLanguage: optional(z.boolean()),
}).superRefine(refuseClash);

/** DELETE /webhooks (Ventrata's delete by URL): those of one event, or of all when none is named. */
export const webhookDeletion = body({ url: receiverUrl, event: optional(event) });

/**
 * POST /webhooks/{id}/trigger (Ventrata): what a test is sent of. A webhook that is told of bookings wants `uuid` (or
 * `bookingUuid`), of orders `orderId`, of products `productId`, of availability that with `optionId` and one availability.
 */
export const triggerRequest = body({
  uuid: optional(opaqueId),
  bookingUuid: optional(opaqueId),
  orderId: optional(opaqueId),
  productId: optional(opaqueId),
  optionId: optional(opaqueId),
  availabilityId: optional(opaqueId),
  availabilityIds: optional(z.array(opaqueId).min(1).max(1)),
});
