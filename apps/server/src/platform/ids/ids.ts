import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock/index.ts';

/** Makes a new id. */
export type NewId = () => string;

const bytesEach = 10;
const drawnAtOnce = 256;

/**
 * Makes UUIDv7 ids as text (RFC 9562): 48 bits of milliseconds, a counter of 12 bits that starts below its middle at
 * random in each millisecond, and 62 random bits. Each id sorts after the one before it, also when the clock stands or
 * goes back; more than the counter holds in one millisecond take the next one's time. `random` gives so many bytes.
 */
export function createIds(deps: { readonly now: Clock; readonly random?: (bytes: number) => Uint8Array }): NewId {
  const { now, random = randomBytes } = deps;
  const id = Buffer.alloc(16);
  let drawn: Uint8Array = new Uint8Array(0);
  let used = 0;
  let time = 0;
  let counter = 0;

  return () => {
    if (used === drawn.length) {
      // One draw for many ids: a draw costs more than the rest of an id.
      drawn = random(bytesEach * drawnAtOnce);
      used = 0;
    }
    const bytes = drawn.subarray(used, used + bytesEach);
    used += bytesEach;

    const present = now();
    if (present > time || counter === 0xfff) {
      time = Math.max(present, time + 1);
      counter = (((bytes[8] ?? 0) << 8) | (bytes[9] ?? 0)) & 0x7ff;
    } else {
      counter += 1;
    }

    id.set(bytes.subarray(0, 8), 8);
    id.writeUIntBE(time, 0, 6);
    id.writeUInt16BE(0x7000 | counter, 6);
    id.writeUInt8((id.readUInt8(8) & 0x3f) | 0x80, 8);
    const hex = id.toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };
}
