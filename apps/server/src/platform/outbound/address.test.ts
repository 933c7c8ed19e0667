import { describe, expect, it } from 'vitest';
import { addressAllowed, parseRanges } from './address.ts';

const refused = {
  unspecified: ['0.0.0.0', '0.1.2.3', '::'],
  loopback: ['127.0.0.1', '127.255.255.254', '::1'],
  private: ['10.0.0.0', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.255.255'],
  'link-local': ['169.254.0.1', '169.254.255.255', 'fe80::1', 'febf::1', 'fe80::1%eth0'],
  metadata: ['169.254.169.254', '169.254.170.2', '100.100.100.200', '192.0.0.192', '168.63.129.16', 'fd00:ec2::254'],
  'carrier-grade NAT': ['100.64.0.1', '100.127.255.255'],
  multicast: ['224.0.0.1', '239.255.255.250', 'ff02::1', 'ff0e::1'],
  broadcast: ['255.255.255.255'],
  reserved: ['240.0.0.1', '192.0.0.1', '192.88.99.1', '192.31.196.1', '192.52.193.1', '192.175.48.1', '5f00::1'],
  documentation: ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
  benchmark: ['198.18.0.1', '198.19.255.255', '2001:2::1'],
  'unique-local': ['fc00::1', 'fdff:ffff::1'],
  'site-local, deprecated': ['fec0::1'],
  'IPv4-mapped': ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::ffff:8.8.8.8'],
  'IPv4-compatible': ['::127.0.0.1', '::8.8.8.8'],
  'IPv4-translated': ['::ffff:0:127.0.0.1'],
  '6to4': ['2002:7f00:1::1', '2002:808:808::1'],
  NAT64: ['64:ff9b::127.0.0.1', '64:ff9b::8.8.8.8', '64:ff9b:1::1'],
  Teredo: ['2001::1', '2001:0:7f00:1::'],
  'ORCHID and other protocols': ['2001:10::1', '2001:20::1', '2001:30::1'],
  'discard-only': ['100::1'],
  unallocated: ['4000::1', 'e000::1'],
  'no address at all': ['', 'localhost', '127.1', '0x7f.0.0.1', '0177.0.0.1', '2130706433', '8.8.8.8/32', '[::1]'],
};

const allowed = [
  ...['1.1.1.1', '8.8.8.8', '9.255.255.255', '11.0.0.0', '93.184.215.14', '100.63.255.255', '100.128.0.0'],
  ...['126.255.255.255', '128.0.0.1', '168.63.129.15', '169.253.255.255', '169.255.0.1', '172.15.255.255'],
  ...['172.32.0.0', '191.255.255.255', '192.167.255.255', '192.169.0.0', '198.17.255.255', '198.20.0.0'],
  ...['223.255.255.255', '2001:4860:4860::8888', '2606:4700::1111', '2a00:1450:4001:830::200e', '3ffe::1'],
];

describe('without opened ranges', () => {
  for (const [kind, addresses] of Object.entries(refused)) {
    it.each(addresses)(`refuses ${kind}: %s`, (address) => {
      expect(addressAllowed(address, [])).toBe(false);
    });
  }

  it.each(allowed)('allows the public address %s', (address) => {
    expect(addressAllowed(address, [])).toBe(true);
  });
});

describe('the host of a URL in disguise', () => {
  const disguises = [
    ...['http://2130706433/', 'http://0x7f000001/', 'http://0177.0.0.1/', 'http://0x7f.1/', 'http://127.1/'],
    ...['http://127.0.0.1./', 'http://①②⑦.⓪.⓪.①/', 'http://%31%32%37.0.0.1/', 'http://[::ffff:7f00:1]/', 'http://0/'],
    ...['http://[0:0:0:0:0:0:0:1]/', 'http://0xa9fea9fe/', 'http://[::ffff:a9fe:a9fe]/', 'http://017700000001/'],
  ];
  it.each(disguises)('is the address that it means, and refused: %s', (url) => {
    const { hostname } = new URL(url);
    expect(hostname).toMatch(/^(\d+\.\d+\.\d+\.\d+|\[[\da-f:]+\])$/);
    expect(addressAllowed(hostname.replace(/^\[|\]$/g, ''), [])).toBe(false);
  });
});

describe('opened ranges', () => {
  it('open what lies in them and nothing else', () => {
    const allow = parseRanges(['127.0.0.0/8', '10.1.0.0/16', '::1/128', 'fd12::/16']);
    for (const address of ['127.0.0.1', '127.9.9.9', '10.1.255.1', '::1', 'fd12:3::4', '8.8.8.8']) {
      expect([address, addressAllowed(address, allow)]).toEqual([address, true]);
    }
    for (const address of ['10.2.0.1', '192.168.0.1', '169.254.169.254', 'fd13::1', 'fe80::1']) {
      expect([address, addressAllowed(address, allow)]).toEqual([address, false]);
    }
  });

  it('open no IPv6 form of the same IPv4 address, unless they name it', () => {
    expect(addressAllowed('::ffff:127.0.0.1', parseRanges(['127.0.0.0/8']))).toBe(false);
    expect(addressAllowed('::ffff:127.0.0.1', parseRanges(['::ffff:127.0.0.0/104']))).toBe(true);
  });

  it.each(['10.0.0.0', '10.0.0.0/33', '10/8', '0x7f.0.0.1/8', 'localhost', '::/129', ''])('cannot be "%s"', (cidr) => {
    expect(() => parseRanges(['127.0.0.0/8', cidr])).toThrow(`"${cidr}" is not an address range`);
  });
});
