import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A parsed CIDR: the network and its prefix length. */
export type AddressRange = [ipaddr.IPv4 | ipaddr.IPv6, number];

// Public by number, yet answered by the host's own cloud: Azure's metadata and "wire server".
const metadata = ipaddr.parseCIDR('168.63.129.16/32');

// Only 2000::/3 is allocated for global unicast (RFC 4291); this refuses the IPv4-compatible and NAT64 forms too.
const globalUnicast = ipaddr.parseCIDR('2000::/3');

/** Whether a text is a CIDR such as `127.0.0.0/8` or `fd00::/8`. */
export function isAddressRange(cidr: string): boolean {
  // The library alone would also take octal, hexadecimal and shortened IPv4 forms.
  return isIP(cidr.slice(0, cidr.lastIndexOf('/'))) !== 0 && ipaddr.isValidCIDR(cidr);
}

/** Parses CIDRs; throws an error that names the first text that is none. */
export function parseRanges(cidrs: readonly string[]): readonly AddressRange[] {
  return cidrs.map((cidr) => {
    if (!isAddressRange(cidr)) throw new RangeError(`"${cidr}" is not an address range such as 10.0.0.0/8`);
    return ipaddr.parseCIDR(cidr);
  });
}

/**
 * Whether a request may connect to an IP address: it is globally routable unicast, or lies in a range of `allow`.
 * Ranges open addresses of their own family only: `10.0.0.0/8` does not open `::ffff:10.0.0.1`.
 * Refused: every special-purpose block of IANA's registries (RFC 6890), IPv6 forms that carry an IPv4 address, and
 * whatever is no IP address.
 */
export function addressAllowed(address: string, allow: readonly AddressRange[]): boolean {
  if (isIP(address) === 0) return false;
  const ip = ipaddr.parse(address);
  if (allow.some((range) => within(ip, range))) return true;
  if (ip.range() !== 'unicast') return false;
  return ip.kind() === 'ipv4' ? !within(ip, metadata) : within(ip, globalUnicast);
}

function within(ip: ipaddr.IPv4 | ipaddr.IPv6, range: AddressRange): boolean {
  return ip.kind() === range[0].kind() && ip.match(range);
}
