import type { buildConnector } from 'undici';
import type { Target } from './attempt.ts';
import type { ClientCertificate } from './certificate.ts';
import type { Deadlines } from './deadlines.ts';
import { ConnectionPool, type PoolLimits } from './pool.ts';

/** What the pools share. */
export interface PoolsInput {
  readonly connect: (certificate: ClientCertificate | undefined) => buildConnector.connector;
  readonly deadlines: Deadlines;
  readonly limits: PoolLimits;
  readonly maxPools: number;
  /** How long a pool may rest before it is dropped, in milliseconds. */
  readonly idleMs: number;
}

/** A pool with the URL it was last used for, parsed once for all requests to it. */
export interface OpenPool {
  readonly href: string;
  readonly target: Target;
  readonly certificate: ClientCertificate | undefined;
  readonly pool: ConnectionPool;
}

/** The connection pools by key: never more than `maxPools`, and none that rests for long. */
export class Pools {
  private readonly input: PoolsInput;
  private readonly open = new Map<string, OpenPool>();
  private readonly retiring = new Set<ConnectionPool>();
  private readonly sweep: NodeJS.Timeout;

  constructor(input: PoolsInput) {
    this.input = input;
    this.sweep = setInterval(() => this.dropResting(performance.now() - input.idleMs), input.idleMs / 2).unref();
  }

  /** The pool of a key for a URL: `invalid` if that is no http or https URL, `full` if every pool is at work. */
  of(key: string, href: string, certificate?: ClientCertificate): OpenPool | 'invalid' | 'full' {
    const open = this.open.get(key);
    if (open?.href === href && open.certificate === certificate) return open;
    const target = parse(href);
    if (target === undefined) return 'invalid';
    let pool = open?.pool;
    if (pool?.origin !== target.origin || open?.certificate !== certificate) {
      this.drop(key);
      if (this.open.size >= this.input.maxPools && !this.dropLongestResting()) return 'full';
      const { connect, deadlines, limits } = this.input;
      pool = new ConnectionPool(target.origin, { connect: connect(certificate), deadlines, limits });
    }
    const opened = { href, target, certificate, pool };
    this.open.set(key, opened);
    return opened;
  }

  /** Lets a pool finish what it has and close; does nothing if there is none. */
  drop(key: string): void {
    const pool = this.open.get(key)?.pool;
    if (pool === undefined) return;
    this.open.delete(key);
    this.retiring.add(pool);
    void pool.retire().then(() => this.retiring.delete(pool));
  }

  /** Ends everything in every pool and closes all connections. */
  async destroy(): Promise<void> {
    clearInterval(this.sweep);
    const pools = [...this.retiring, ...Array.from(this.open.values(), ({ pool }) => pool)];
    this.open.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  private dropResting(since: number): void {
    for (const [key, { pool }] of this.open) {
      if (pool.idle && pool.usedAt < since) this.drop(key);
    }
  }

  private dropLongestResting(): boolean {
    let longest: string | undefined;
    let usedAt = Number.POSITIVE_INFINITY;
    for (const [key, { pool }] of this.open) {
      if (pool.idle && pool.usedAt < usedAt) {
        longest = key;
        usedAt = pool.usedAt;
      }
    }
    if (longest === undefined) return false;
    this.drop(longest);
    return true;
  }
}

function parse(href: string): Target | undefined {
  const url = URL.parse(href);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined;
  return { host: url.host, origin: url.origin, path: url.pathname + url.search };
}
