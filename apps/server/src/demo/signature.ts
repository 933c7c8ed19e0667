import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a receiver is given: the headers of Standard Webhooks and the bytes of the body as they came. */
export interface Signed {
  readonly id: string;
  /** Unix seconds, as text. */
  readonly timestamp: string;
  /** One or more `v1,BASE64`, with spaces between. */
  readonly signatures: string;
  readonly body: Uint8Array;
}

/** Standard Webhooks leaves the tolerance to the receiver; its libraries take five minutes. Seconds. */
const toleranceSeconds = 300;

/** Whether a request was signed with a `whsec_…` secret, and recently (Standard Webhooks 1.0.0). `now` is ms UTC. */
export function isSigned({ id, timestamp, signatures, body }: Signed, secret: string, now: number): boolean {
  const age = Math.abs(now / 1000 - Number(timestamp));
  // Not `age > …`: a timestamp that is no number must not pass.
  if (!(age <= toleranceSeconds)) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
  return signatures.split(' ').some((signature) => {
    const [version, digest = ''] = signature.split(',');
    const given = Buffer.from(digest, 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
}
