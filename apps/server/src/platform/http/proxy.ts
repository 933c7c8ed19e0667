import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Whose `X-Forwarded-*` headers are believed: nobody's, those of the last `hops` proxies, or of proxies in these networks. */
export type TrustedProxies =
  | { readonly kind: 'none' }
  | { readonly kind: 'hops'; readonly hops: number }
  | { readonly kind: 'networks'; readonly networks: readonly string[] };

/** What a request says of where it comes from. `peer` is the address at the other end of the connection. */
export interface Arrival {
  readonly peer: string;
  readonly headers: Headers;
}

/** Named networks for `parseTrustedProxies`. */
const named: ReadonlyMap<string, readonly string[]> = new Map([
  ['loopback', ['127.0.0.0/8', '::1/128']],
  ['private', ['127.0.0.0/8', '::1/128', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']],
]);

/**
 * Reads `CARILLON_TRUST_PROXY`: empty or `0` (nobody), a number of proxies, or a comma list of addresses, CIDRs, `loopback`
 * and `private`. Undefined when it is none of these.
 */
export function parseTrustedProxies(text: string): TrustedProxies | undefined {
  const value = text.trim();
  if (value === '' || value === '0') return { kind: 'none' };
  if (/^[1-9][0-9]?$/.test(value)) return { kind: 'hops', hops: Number(value) };
  const networks: string[] = [];
  for (const part of value.split(',').map((piece) => piece.trim())) {
    const [address = '', bits] = part.split('/');
    const cidr = bits === undefined ? `${address}/${isIP(address) === 4 ? 32 : 128}` : part;
    // isIP first: ipaddr.js alone takes `1.5` for 1.0.0.5.
    const known = named.get(part);
    if (known !== undefined) networks.push(...known);
    else if (isIP(address) !== 0 && ipaddr.isValidCIDR(cidr)) networks.push(cidr);
    else return undefined;
  }
  return { kind: 'networks', networks };
}

function inNetworks(address: string, networks: readonly string[]): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.process(address);
  return networks.some((cidr) => {
    const [network, bits] = ipaddr.parseCIDR(cidr);
    return network.kind() === parsed.kind() && parsed.match(network, bits);
  });
}

function trusts(proxies: TrustedProxies, peer: string): boolean {
  if (proxies.kind === 'none') return false;
  return proxies.kind === 'hops' || inNetworks(peer, proxies.networks);
}

/** The address of who sent a request: the last in `X-Forwarded-For` that is not a trusted proxy, else the peer. */
export function clientAddress(proxies: TrustedProxies, { peer, headers }: Arrival): string {
  if (!trusts(proxies, peer)) return peer;
  const chain = (headers.get('x-forwarded-for') ?? '').split(',').map((part) => part.trim());
  const known = chain.filter((part) => part !== '');
  if (proxies.kind === 'hops') return known.at(-proxies.hops) ?? known[0] ?? peer;
  if (proxies.kind === 'none') return peer;
  return known.findLast((address) => !inNetworks(address, proxies.networks)) ?? known[0] ?? peer;
}

/** The last element of a header that each proxy appends to, or sets. */
function lastOf(value: string | null): string | undefined {
  return value?.split(',').at(-1)?.trim().toLowerCase();
}

/**
 * The origin that a person reaches this server at: as configured, else as a trusted proxy says (`X-Forwarded-Proto`,
 * `X-Forwarded-Host`), else where it listens. For answers to that request only; what leaves by itself (links in e-mails)
 * uses the configured one.
 */
export function publicOrigin(
  known: { readonly configured: string | undefined; readonly listening: string; readonly proxies: TrustedProxies },
  arrival: Arrival,
): string {
  if (known.configured !== undefined) return known.configured;
  if (!trusts(known.proxies, arrival.peer)) return known.listening;
  const scheme = lastOf(arrival.headers.get('x-forwarded-proto'));
  const host = lastOf(arrival.headers.get('x-forwarded-host')) ?? arrival.headers.get('host') ?? '';
  const wellFormed = /^([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?$/i.test(host);
  return (scheme === 'http' || scheme === 'https') && wellFormed ? `${scheme}://${host}` : known.listening;
}

/** Reads `CARILLON_PUBLIC_URL`: an http or https URL without credentials, query or fragment, given back without its last slash. Undefined when it is not one. */
export function parsePublicUrl(text: string): string | undefined {
  const url = URL.parse(text.trim());
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined;
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return undefined;
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
