import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** What an unsubscribe link says: who is not to write marketing to whom any more, and by which message that was asked. */
export interface Unsubscription {
  readonly supplierId: string;
  readonly addressHash: string;
  readonly messageId: string;
}

const said = z.tuple([z.string(), z.string(), z.string()]);

const macOf = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(`unsubscribe.${text}`).digest();

/** Writes the token of a link. It holds no address, and nobody without the key can make one. */
export function unsubscribeToken(key: Buffer, { supplierId, addressHash, messageId }: Unsubscription): string {
  const text = Buffer.from(JSON.stringify([supplierId, addressHash, messageId])).toString('base64url');
  return `${text}.${macOf(key, text).toString('base64url')}`;
}

/** What a token says, or undefined where it is none of ours. */
export function readUnsubscribeToken(key: Buffer, token: string): Unsubscription | undefined {
  const [, text = '', mac = ''] = /^([\w-]{1,1000})\.([\w-]{43})$/.exec(token) ?? [];
  const given = Buffer.from(mac, 'base64url');
  const right = macOf(key, text);
  if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
  const [supplierId, addressHash, messageId] = said.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  return { supplierId, addressHash, messageId };
}
