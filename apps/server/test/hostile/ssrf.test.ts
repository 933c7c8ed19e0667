import { readdirSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { createOutbound } from '../../src/platform/outbound/index.ts';

/** Hosts that no request may reach, as they may be written in a URL. */
const forbidden: Readonly<Record<string, readonly string[]>> = {
  loopback: [
    '127.0.0.1',
    '127.255.255.254',
    '127.1',
    '127.0.1',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    'localhost',
    'LOCALHOST',
  ],
  'this network': ['0.0.0.0', '0', '0.1.2.3', '[::]'],
  private: ['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.254', '192.168.0.1', '192.168.255.254', '10.1'],
  'unique local': ['[fc00::1]', '[fd00::1]', '[fdff:ffff:ffff::1]'],
  'link-local': ['169.254.0.1', '[fe80::1]', '[febf::1]'],
  metadata: ['169.254.169.254', '169.254.170.2', '[fd00:ec2::254]', '100.100.100.200', '192.0.0.192', '168.63.129.16'],
  'carrier-grade NAT': ['100.64.0.1', '100.127.255.254'],
  'multicast and broadcast': ['224.0.0.1', '239.255.255.250', '255.255.255.255', '[ff02::1]', '[ff0e::1]'],
  'IPv4 inside IPv6': [
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::ffff:169.254.169.254]',
    '[::ffff:8.8.8.8]',
    '[::127.0.0.1]',
  ],
  '6to4': ['[2002:7f00:1::]', '[2002:a9fe:a9fe::1]'],
  NAT64: ['[64:ff9b::127.0.0.1]', '[64:ff9b::a9fe:a9fe]', '[64:ff9b:1::1]'],
  Teredo: ['[2001:0:7f00:1::]'],
  decimal: ['2130706433', '2852039166', '167772161', '3232235521'],
  octal: ['0177.0.0.1', '017700000001', '0251.0376.0251.0376', '012.0.0.1'],
  hexadecimal: ['0x7f000001', '0x7f.0.0.1', '0xa9fea9fe', '0xA9.0xFE.0xA9.0xFE', '0x0a000001'],
  'mixed and encoded': [
    '0x7f.0.0.01',
    '0251.254.169.254',
    '%31%32%37.0.0.1',
    '①②⑦.⓪.⓪.①',
    '127。0。0。1',
    '127.0.0.1.',
  ],
  'reserved and documentation': ['240.0.0.1', '192.0.2.1', '198.18.0.1', '203.0.113.9', '[2001:db8::1]', '[100::1]'],
};
const hosts = Object.entries(forbidden).flatMap(([kind, list]) => list.map((host) => [kind, host] as const));

/** Addresses that a public name may lead to. */
const literals = hosts.map(([, host]) => host.replace(/^\[(.*)\]$/, '$1')).filter((host) => isIP(host) !== 0);

const guarded = createOutbound({ allow: [], connectTimeoutMs: 2_000 });
const leading = createOutbound({
  allow: [],
  connectTimeoutMs: 2_000,
  // The name `n3.example` leads to the third of them, and to a public address that answers nobody is never asked.
  lookup: (name, answer) => {
    const address = literals[Number(/^n(\d+)\./.exec(name)?.[1])] ?? '';
    queueMicrotask(() => answer(null, [{ address, family: isIP(address) }]));
  },
});
afterAll(() => Promise.all([guarded.close(), leading.close()]));

const request = { headers: [], body: '{}' };
const refused = { kind: 'failed', reason: 'forbidden_address' };

describe(`the guard of outbound requests, by ${hosts.length} hosts`, () => {
  it('has a table of every kind', () => {
    expect(hosts.length).toBeGreaterThanOrEqual(60);
  });

  it.each(hosts)('lets no request to %s: %s', async (_kind, host) => {
    for (const url of [`http://${host}/hook`, `https://anna:pa55@${host}:8443/?next=http://example.com`]) {
      expect([url, await guarded.post({ ...request, pool: url, url })]).toMatchObject([url, refused]);
    }
  });

  it.each(literals.map((address, n) => [address, n] as const))(
    'lets neither a request nor a connection to a public name that leads to %s',
    async (_address, n) => {
      const url = `http://n${n}.example/hook`;
      expect(await leading.post({ ...request, pool: url, url })).toMatchObject(refused);
      await expect(leading.dial({ hostname: `n${n}.example`, port: 25, timeoutMs: 2_000 })).rejects.toMatchObject({
        code: 'FORBIDDEN_ADDRESS',
      });
    },
  );

  it.each(literals)('lets no connection of another protocol to %s', async (hostname) => {
    await expect(guarded.dial({ hostname, port: 25, timeoutMs: 2_000 })).rejects.toMatchObject({
      code: 'FORBIDDEN_ADDRESS',
    });
  });
});

it('is the only way out: no other file of the server opens a connection', () => {
  const source = fileURLToPath(new URL('../../src/', import.meta.url));
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      file.endsWith('.ts') &&
      !/\.(test|fixture)\.ts$/.test(file) &&
      // A client of the whole; what runs in a browser; the operator's own database.
      !/^(demo|platform\/outbound|platform\/db\/postgres)\/|mailbox\/refresh\.ts$/.test(file),
  );
  expect(files.length).toBeGreaterThan(150);
  const clients =
    /from '(undici|node:http2|node:dgram|pg)'|(?:await|return|=>|=|\() *fetch\(|import (\* as )?\w+ from 'node:(net|tls|http|https)'/;
  const functions =
    /import \{[^}]*\b(connect|createConnection|request|get|Socket|TLSSocket)\b[^}]*\} from 'node:(net|tls|http|https)'/;
  const found = files.filter((file) => {
    // A type opens nothing.
    const text = readFileSync(source + file, 'utf8')
      .replace(/import type [^;]*;/g, '')
      .replace(/\.fetch\(/g, '');
    return clients.test(text) || functions.test(text);
  });
  // Speaks to a server that is named on its command line, which is the operator's own.
  expect(found.filter((file) => !file.startsWith('commands/'))).toEqual([]);
  // Clients that would open connections by themselves are told how.
  for (const file of files) {
    const text = readFileSync(source + file, 'utf8');
    if (text.includes('createTransport(')) expect([file, text]).toEqual([file, expect.stringContaining('getSocket(')]);
    if (/^import (?!type).* from '(postmark|node-mailjet)';/m.test(text)) {
      expect([file, text]).toEqual([file, expect.stringMatching(/(await|return) callVendor\(/)]);
    }
  }
});
