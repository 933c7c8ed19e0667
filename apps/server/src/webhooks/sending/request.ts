import type { Job } from '../deliveries/delivery.ts';
import type { Endpoint } from './endpoint.ts';
import { signature } from './signature.ts';

/** One HTTP request as it goes out. */
export interface DeliveryRequest {
  readonly headers: readonly string[];
  readonly body: Uint8Array;
}

/** The bytes of a delivery: the same at every attempt and replay. */
export function bodyOf(job: Pick<Job, 'event' | 'versionBody' | 'viewBody'>): Uint8Array {
  return Buffer.from(`{"event":"${job.event}",${job.versionBody},${job.viewBody}}`, 'utf8');
}

/** The request of one attempt at `now` (ms UTC). */
export function requestOf(job: Job, endpoint: Endpoint, now: number): DeliveryRequest {
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
  return { headers, body };
}
