import type { KeyObject } from 'node:crypto';
import type { Authentication } from '../authentication/authentication.ts';
import type { EndpointRow } from '../deliveries/delivery.ts';
import { previousSecrets } from '../subscriptions/previous-secrets.ts';
import type { Seal } from '../subscriptions/webhook.ts';
import { signingKey } from './signature.ts';

/** A webhook made ready for sending: secrets open, headers that never change in one list. */
export interface Endpoint {
  readonly webhookId: string;
  readonly revision: number;
  readonly url: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly key: KeyObject;
  readonly authentication: Authentication | null;
  /** Those that were replaced, each with the time (ms UTC) until which it signs as well. */
  readonly previous: readonly { readonly key: KeyObject; readonly until: number }[];
}

/** A webhook's secrets were sealed with another secret, or have been damaged. */
export class SecretsSealed extends Error {
  override readonly name = 'SecretsSealed';
}

/** Keeps endpoints by webhook and revision, so that secrets are opened once per change and not per delivery. Throws `SecretsSealed`. */
export function endpointCache(seal: Seal, userAgent: string, limit = 10_000): (row: EndpointRow) => Endpoint {
  const kept = new Map<string, Endpoint>();
  return (row) => {
    const known = kept.get(row.webhookId);
    if (known !== undefined && known.revision === row.revision) return known;
    const endpoint = opened(row, seal, userAgent);
    if (kept.size >= limit) kept.delete(kept.keys().next().value ?? '');
    kept.set(row.webhookId, endpoint);
    return endpoint;
  };
}

function opened(row: EndpointRow, seal: Seal, userAgent: string): Endpoint {
  try {
    return open(row, seal, userAgent);
  } catch (cause) {
    throw new SecretsSealed("the webhook's secrets cannot be opened with this CARILLON_SECRET", { cause });
  }
}

function open(row: EndpointRow, seal: Seal, userAgent: string): Endpoint {
  const own = Object.entries(JSON.parse(seal.open(row.headers)) as Record<string, string>).flat();
  const basic = row.credentials === null ? [] : ['authorization', `Basic ${base64(seal.open(row.credentials))}`];
  const previous = previousSecrets(row, seal).map(({ secret, until }) => ({ key: signingKey(secret), until }));
  return {
    webhookId: row.webhookId,
    revision: row.revision,
    url: row.url,
    headers: [...own, ...basic, 'content-type', 'application/json', 'user-agent', userAgent],
    key: signingKey(seal.open(row.signingSecret)),
    authentication: row.authentication === null ? null : (JSON.parse(seal.open(row.authentication)) as Authentication),
    previous,
  };
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
