import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Encrypts what must not be read at rest, and decrypts it again. */
export interface Sealing {
  /** Names the key that seals now: eight hexadecimal digits that tell nothing about it. */
  readonly keyId: string;
  /** Encrypts a text; the same text gives another result each time. */
  seal(text: string): string;
  /** Decrypts what any of the keys sealed; throws {@link CannotOpen} otherwise. */
  open(sealed: string): string;
}

/** A sealed text that cannot be opened: its key is none of ours, or it is not what was sealed. */
export class CannotOpen extends Error {
  override readonly name = 'CannotOpen';
  readonly reason: 'unknown_key' | 'damaged';

  constructor(reason: 'unknown_key' | 'damaged', message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** The fewest characters of a master secret. */
export const minSecretLength = 16;

const version = 's1';
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Seals with AES-256-GCM under a key derived from the first master secret (HKDF-SHA-256), and opens what that or an
 * older one of the list sealed. To rotate, put the new secret first and keep the old ones behind it. Throws if a secret
 * is too short. Format: `s1.<key id>.<base64url of nonce, ciphertext and tag>`; the part before the data is
 * authenticated too.
 */
export function createSealing(secrets: readonly [string, ...string[]]): Sealing {
  const keys = new Map(secrets.toReversed().map((secret) => [idOf(secret), keyOf(secret)]));
  const keyId = idOf(secrets[0]);
  const current = keyOf(secrets[0]);

  return {
    keyId,
    seal(text) {
      const head = `${version}.${keyId}.`;
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', current, nonce, { authTagLength: tagBytes }).setAAD(
        Buffer.from(head),
      );
      const parts = [nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()];
      return head + Buffer.concat(parts).toString('base64url');
    },
    open(sealed) {
      const [, id = '', data = ''] = /^s1\.([\da-f]{8})\.([\w-]+)$/.exec(sealed) ?? [];
      const bytes = Buffer.from(data, 'base64url');
      if (bytes.length < nonceBytes + tagBytes) throw new CannotOpen('damaged', 'This is not a sealed text.');
      const key = keys.get(id);
      if (key === undefined) throw new CannotOpen('unknown_key', `This was sealed with another secret (key ${id}).`);
      try {
        const nonce = bytes.subarray(0, nonceBytes);
        const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
          .setAAD(Buffer.from(`${version}.${id}.`))
          .setAuthTag(bytes.subarray(-tagBytes));
        return decipher.update(bytes.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8');
      } catch (cause) {
        throw new CannotOpen('damaged', 'This sealed text has been changed.', { cause });
      }
    },
  };
}

function keyOf(secret: string): Buffer {
  if (secret.length < minSecretLength) {
    throw new RangeError(`A secret needs at least ${minSecretLength} characters.`);
  }
  return derive(secret, 'seal', 32);
}

function idOf(secret: string): string {
  return derive(secret, 'key id', 4).toString('hex');
}

function derive(secret: string, purpose: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `carillon ${purpose}`, bytes));
}
