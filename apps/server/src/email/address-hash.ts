import { createHash } from 'node:crypto';

/** What an address is known by where it is not kept: SHA-256 of it in lower case, in base64url. */
export const addressHash = (address: string): string =>
  createHash('sha256').update(address.trim().toLowerCase()).digest('base64url');
