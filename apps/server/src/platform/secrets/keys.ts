import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** The SHA-256 of an API key or token, in hex. No salt or slow hash: what {@link randomKey} makes cannot be guessed. */
export function hashKey(key: string): string {
  return digest(key).toString('hex');
}

/** A new secret of 256 random bits as `<prefix>_<43 characters>`, for example `ck_…` for a connection's key. */
export function randomKey(prefix: string): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}

/** Whether two secrets are the same, in a time that tells neither where they differ nor how long they are. */
export function sameSecret(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
