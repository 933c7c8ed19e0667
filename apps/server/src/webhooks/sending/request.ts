import type { Job } from '../deliveries/delivery.ts';
import type { Endpoint } from './endpoint.ts';
import { signature } from './signature.ts';

/** One HTTP request as it goes out. */
export interface DeliveryRequest {
  readonly headers: readonly string[];
  readonly body: Uint8Array;
}

/** What a request is made of. */
export type Content = Pick<
  Job,
  'deliveryId' | 'event' | 'thin' | 'language' | 'outOfOrder' | 'versionBody' | 'viewBody' | 'form' | 'viewHeaders'
>;

/** The bytes of a delivery: the same at every attempt and replay. */
function bodyOf(job: Content): Uint8Array {
  if (job.form === 'whole') return Buffer.from(job.viewBody, 'utf8');
  const head = job.thin ? `"notificationType":"${job.event.toUpperCase()}"` : `"event":"${job.event}"`;
  return Buffer.from(`{${head},${job.versionBody},${job.viewBody}}`, 'utf8');
}

/** The headers that are the same at every attempt: a template's in the place of the webhook's own of the same name. */
function headersOf(job: Content, endpoint: Endpoint): readonly string[] {
  if (job.viewHeaders === null) return endpoint.headers;
  const own = Object.entries(JSON.parse(job.viewHeaders) as Readonly<Record<string, string>>);
  return [...withoutHeaders(endpoint.headers, new Set(own.map(([name]) => name.toLowerCase()))), ...own.flat()];
}

/** Names and values in turn, without those of some names (in lower case). */
export function withoutHeaders(headers: readonly string[], names: ReadonlySet<string>): string[] {
  return headers.filter((_, index) => !names.has((headers[index - (index % 2)] ?? '').toLowerCase()));
}

/** The request of one attempt at `now` (ms UTC); `traceparent` names the attempt to whoever traces the receiver (W3C). */
export function requestOf(job: Content, endpoint: Endpoint, now: number, traceparent?: string): DeliveryRequest {
  const body = bodyOf(job);
  const timestamp = Math.floor(now / 1000);
  const keys = [endpoint.key];
  for (const { key, until } of endpoint.previous) if (now < until) keys.push(key);
  const headers = [
    ...headersOf(job, endpoint),
    'content-language',
    job.language,
    'webhook-id',
    job.deliveryId,
    'webhook-timestamp',
    String(timestamp),
    'webhook-signature',
    signature(keys, job.deliveryId, timestamp, body),
  ];
  if (job.outOfOrder) headers.push('carillon-out-of-order', 'true');
  if (traceparent !== undefined) headers.push('traceparent', traceparent);
  return { headers, body };
}
