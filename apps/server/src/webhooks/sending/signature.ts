import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';

const prefix = 'whsec_';

/** A fresh signing secret: `whsec_` and 32 random bytes in base64 (Standard Webhooks). */
export function newSigningSecret(): string {
  return prefix + randomBytes(32).toString('base64');
}

/** The key inside a `whsec_…` secret. */
export function signingKey(secret: string): KeyObject {
  return createSecretKey(Buffer.from(secret.slice(prefix.length), 'base64'));
}

/** `webhook-signature` (Standard Webhooks 1.0.0): one `v1` per key over `id.timestamp.body`; the timestamp is unix seconds. */
export function signature(keys: readonly KeyObject[], id: string, timestamp: number, body: Uint8Array): string {
  const head = `${id}.${timestamp}.`;
  return keys.map((key) => `v1,${createHmac('sha256', key).update(head).update(body).digest('base64')}`).join(' ');
}
