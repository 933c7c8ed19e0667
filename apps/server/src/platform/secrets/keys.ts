import { createHash, randomBytes } from 'node:crypto';

/** The SHA-256 of an API key or token, in hex. No salt or slow hash: what {@link randomKey} makes cannot be guessed. */
export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** A new secret of 256 random bits as `<prefix>_<43 characters>`, for example `ck_…` for a connection's key. */
export function randomKey(prefix: string): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}
