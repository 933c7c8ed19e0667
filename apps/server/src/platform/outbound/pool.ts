import { type buildConnector, Pool } from 'undici';
import type { Attempt, AttemptOwner } from './attempt.ts';
import type { Deadlines } from './deadlines.ts';

/** The limits of one pool. */
export interface PoolLimits {
  /** Connections, and so requests under way. */
  readonly connections: number;
  /** Requests that may wait for one of them. */
  readonly maxWaiting: number;
  /** How long one may wait, in milliseconds. */
  readonly waitTimeoutMs: number;
  /** Bytes of response headers. */
  readonly maxHeaderBytes: number;
}

/**
 * The connections to one origin on behalf of one webhook. Requests beyond `connections` wait here, first come first
 * served, and not in undici, where nothing can take them back.
 */
export class ConnectionPool implements AttemptOwner {
  readonly origin: string;
  /** When it was last given a request, on the monotonic clock. */
  usedAt = 0;
  private readonly limits: PoolLimits;
  private readonly deadlines: Deadlines;
  private readonly pool: Pool;
  private readonly waiting = new Set<Attempt>();
  private running = 0;
  private readonly drained = Promise.withResolvers<void>();
  private retired = false;

  constructor(
    origin: string,
    deps: {
      readonly limits: PoolLimits;
      readonly deadlines: Deadlines;
      readonly connect: buildConnector.connector;
    },
  ) {
    this.origin = origin;
    this.limits = deps.limits;
    this.deadlines = deps.deadlines;
    this.pool = new Pool(origin, {
      connections: deps.limits.connections,
      pipelining: 1,
      allowH2: false,
      connect: deps.connect,
      maxHeaderSize: deps.limits.maxHeaderBytes,
      // One deadline holds for the whole exchange.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** Nothing is under way and nothing waits. */
  get idle(): boolean {
    return this.running === 0 && this.waiting.size === 0;
  }

  /** Sends now, or when a connection is free; `false` if too many wait already. */
  take(attempt: Attempt): boolean {
    this.usedAt = performance.now();
    if (this.running < this.limits.connections) {
      this.send(attempt, this.usedAt);
    } else {
      if (this.waiting.size >= this.limits.maxWaiting) return false;
      attempt.deadline = this.usedAt + this.limits.waitTimeoutMs;
      this.waiting.add(attempt);
      this.deadlines.add(attempt);
    }
    return true;
  }

  settled(attempt: Attempt): void {
    this.deadlines.delete(attempt);
    if (this.waiting.size > 0) this.waiting.delete(attempt);
  }

  released(): void {
    this.running -= 1;
    if (this.waiting.size > 0) this.sendNext();
    else if (this.retired && this.running === 0) this.drained.resolve();
  }

  /** Closes the connections once the requests it has are through; it must be given no more. */
  async retire(): Promise<void> {
    this.retired = true;
    if (!this.idle) await this.drained.promise;
    if (!this.pool.destroyed) await this.pool.close();
  }

  /** Fails what waits and what is under way with `aborted`, and closes every connection. */
  async destroy(): Promise<void> {
    for (const attempt of this.waiting) {
      attempt.fail('aborted', `The request to ${attempt.input.target.host} was given up because sending stopped.`);
    }
    await this.pool.destroy();
  }

  private sendNext(): void {
    const [next] = this.waiting;
    if (next === undefined) return;
    this.waiting.delete(next);
    this.send(next, performance.now());
  }

  private send(attempt: Attempt, now: number): void {
    const { target, method, headers, body } = attempt.input;
    this.running += 1;
    attempt.begin(now);
    this.deadlines.add(attempt);
    this.pool.dispatch({ path: target.path, method, headers, body }, attempt);
  }
}
