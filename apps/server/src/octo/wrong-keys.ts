import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { type Rate, tokenBuckets } from '../platform/http/index.ts';

/** Limits how many wrong API keys of one address are looked up. */
export interface WrongKeys {
  /** How long a key from an address waits before it is looked up, ms; 0: not at all. A key that was right before never waits. */
  waitMs(address: string, keyHash: string): number;
  /** Tells what came of looking a key up: only wrong ones count. */
  lookedUp(address: string, keyHash: string, found: boolean): void;
}

/** Keys and addresses that are remembered; those not seen for longest are forgotten. */
const mostRemembered = 10_000;

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > mostRemembered && oldest !== undefined) map.delete(oldest);
}

/** Whoever has one IPv6 address has the 2^64 of its network. */
function networkOf(address: string): string {
  if (isIP(address) === 0) return address;
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv6'
    ? `${parsed.toNormalizedString().split(':').slice(0, 4).join(':')}::/64`
    : parsed.toString();
}

/** Wrong keys at a `rate` for each address, kept in this process; `now` gives ms. */
export function wrongKeys(rate: Rate, now: () => number): WrongKeys {
  const buckets = tokenBuckets(rate, now);
  const right = new Map<string, true>();
  const waitingUntil = new Map<string, number>();
  return {
    waitMs(address, keyHash) {
      if (right.has(keyHash)) return 0;
      return Math.max(0, (waitingUntil.get(networkOf(address)) ?? 0) - now());
    },
    lookedUp(address, keyHash, found) {
      if (found) return remember(right, keyHash, true);
      right.delete(keyHash);
      const network = networkOf(address);
      const taken = buckets.take(network);
      if (!taken.allowed) remember(waitingUntil, network, now() + taken.waitMs);
    },
  };
}
