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
  'deliveryId' | 'event' | 'thin' | 'language' | 'outOfOrder' | 'versionBody' | 'viewBody'
>;

/** The bytes of a delivery: the same at every attempt and replay. */
function bodyOf(job: Content): Uint8Array {
  const head = job.thin ? `"notificationType":"${job.event.toUpperCase()}"` : `"event":"${job.event}"`;
  return Buffer.from(`{${head},${job.versionBody},${job.viewBody}}`, 'utf8');
}

/** The request of one attempt at `now` (ms UTC). */
export function requestOf(job: Content, endpoint: Endpoint, now: number): DeliveryRequest {
  const body = bodyOf(job);
  const timestamp = Math.floor(now / 1000);
  const { previous } = endpoint;
  const keys = previous !== null && now < previous.until ? [endpoint.key, previous.key] : [endpoint.key];
  const headers = [
    ...endpoint.headers,
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
  return { headers, body };
}
