import dns from 'node:dns';
import { parseRanges } from './address.ts';
import { Attempt, type Method } from './attempt.ts';
import type { ClientCertificate } from './certificate.ts';
import { guardedConnector } from './connector.ts';
import { Deadlines } from './deadlines.ts';
import { createDial, type Dial } from './dial.ts';
import { type Lookup, Names } from './names.ts';
import { Pools } from './pools.ts';
import type { Failure, FailureReason, Reply } from './reply.ts';

/** One request. */
export interface OutboundRequest {
  /** Whose connections it uses, for example a webhook's id: pools share nothing and never wait for each other. */
  readonly pool: string;
  /** Default POST. */
  readonly method?: Method;
  /** `http` or `https`. User name and password in it are neither sent nor shown. */
  readonly url: string | URL;
  /** Flat `[name, value, …]` (the cheaper form) or a record; `host` and `content-length` are set for you. */
  readonly headers: readonly string[] | Readonly<Record<string, string>>;
  /** Null: none. */
  readonly body: string | Uint8Array | null;
  /** Limit of the whole attempt in milliseconds, from having a place among the pool's connections; default 15,000. */
  readonly timeoutMs?: number;
  /** How much of the response body is read and kept, in bytes; default 16,384. */
  readonly maxResponseBytes?: number;
  /** Says who is calling (mutual TLS). Connections are kept for one object: another one, be it equal, opens new ones. */
  readonly certificate?: ClientCertificate | undefined;
}

/** Limits and the opened address ranges of an {@link Outbound}; times in milliseconds. */
export interface OutboundOptions {
  /** CIDRs of private and other special addresses that requests may go to, for example `127.0.0.0/8`. */
  readonly allow: readonly string[];
  /** For requests that name none; default 15,000. */
  readonly timeoutMs?: number;
  /** For opening a connection: name lookup, TCP and TLS; default 10,000. Keep it below `timeoutMs`. */
  readonly connectTimeoutMs?: number;
  /** Connections for each pool; default 16. */
  readonly connections?: number;
  /** Requests that may wait in each pool, and how long, before they end as `busy`; defaults 1,000 and 5,000. */
  readonly maxWaiting?: number;
  readonly waitTimeoutMs?: number;
  /** Pools at most; the one that rested longest makes way; default 1,000. */
  readonly maxPools?: number;
  /** How long a pool rests before it is dropped; default 60,000. (Its connections close after 4,000 unused.) */
  readonly poolIdleMs?: number;
  /** Resolves host names; default the system's resolver. */
  readonly lookup?: Lookup;
}

/** Sends requests to the outside world: never to a forbidden address, never longer or more than its limits say. */
export interface Outbound {
  /** Sends one request, a POST unless told otherwise, and tells how it ended; never throws, never follows a redirect, never decodes a body. */
  post(request: OutboundRequest): Promise<Reply>;
  /** Opens a connection for a client that speaks something else than HTTP. */
  readonly dial: Dial;
  /** Closes a pool's connections once the requests it has are through; a later request opens new ones. */
  closePool(pool: string): void;
  /** Ends everything that waits or is under way as `aborted` and closes all connections; later requests end so too. */
  close(): Promise<void>;
}

/** Response headers beyond this many bytes end the attempt as `too_large`. */
const maxHeaderBytes = 16_384;

/** Builds the outbound HTTP of one process; throws if `allow` holds something that is no CIDR. */
export function createOutbound(options: OutboundOptions): Outbound {
  const { timeoutMs: defaultTimeoutMs = 15_000, connectTimeoutMs = 10_000 } = options;
  const names = new Names(options.lookup ?? ((name, answer) => dns.lookup(name, { all: true }, answer)));
  const guard = { names, allow: parseRanges(options.allow) };
  const anonymous = guardedConnector({ ...guard, connectTimeoutMs });
  const pools = new Pools({
    // One of its own for each certificate: TLS sessions are not shared between callers.
    connect: (certificate) =>
      certificate === undefined ? anonymous : guardedConnector({ ...guard, connectTimeoutMs, certificate }),
    deadlines: new Deadlines(),
    maxPools: options.maxPools ?? 1_000,
    idleMs: options.poolIdleMs ?? 60_000,
    limits: {
      connections: options.connections ?? 16,
      maxWaiting: options.maxWaiting ?? 1_000,
      waitTimeoutMs: options.waitTimeoutMs ?? 5_000,
      maxHeaderBytes,
    },
  });
  let closed = false;

  function post(request: OutboundRequest): Promise<Reply> {
    if (closed) return refuse('aborted', 'The request was not sent because sending has stopped.');
    const {
      pool: key,
      method = 'POST',
      url,
      headers,
      body,
      timeoutMs = defaultTimeoutMs,
      maxResponseBytes = 16_384,
    } = request;
    const open = pools.of(key, typeof url === 'string' ? url : url.href, request.certificate);
    if (open === 'invalid') return refuse('invalid', 'The URL of the request is not an http or https URL.');
    if (open === 'full') return refuse('busy', 'Too many receivers are being sent to at once.');
    const { pool, target } = open;
    // undici reads the headers and never changes them.
    const sent = { target, method, headers: headers as string[], body, timeoutMs, maxResponseBytes };
    return new Promise((resolve) => {
      if (pool.take(new Attempt(sent, pool, resolve))) return;
      resolve(failure('busy', `Too many requests wait for ${target.host}.`));
    });
  }

  return {
    post,
    dial: createDial(guard),
    closePool: (key) => pools.drop(key),
    close() {
      closed = true;
      return pools.destroy();
    },
  };
}

function refuse(reason: FailureReason, detail: string): Promise<Failure> {
  return Promise.resolve(failure(reason, detail));
}

function failure(reason: FailureReason, detail: string): Failure {
  return { kind: 'failed', reason, detail, durationMs: 0 };
}
