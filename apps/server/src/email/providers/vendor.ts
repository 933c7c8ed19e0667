import type { Outbound, Reply } from '../../platform/outbound/index.ts';
import type { SendOutcome } from './provider.ts';
import { retryAfterOf } from './retry-after.ts';

/** Where the providers with an API of their own are; tests put doubles there. */
export interface Vendors {
  readonly postmark: string;
  readonly mailjet: string;
}

/** The true ones. */
export const vendors: Vendors = { postmark: 'https://api.postmarkapp.com', mailjet: 'https://api.mailjet.com' };

/** Limits of calls to a provider; times in ms. */
export interface VendorLimits {
  /** From having a connection to the end of the answer. */
  readonly sendMs: number;
  readonly askMs: number;
  /** How long the first of a batch waits for others. */
  readonly lingerMs: number;
  /** See `MailProvider.recordsLagMs`. */
  readonly recordsLagMs: number;
}

/** What the server uses. That records follow within ten minutes is a guess on the safe side: a message that they lack by then is not there. */
export const vendorLimits: VendorLimits = { sendMs: 60_000, askMs: 30_000, lingerMs: 5, recordsLagMs: 600_000 };

/** Waiting for a connection of the pool, as `Outbound` limits it, and for company. */
const beforeMs = 10_000;

/** The longest that one call takes to send, see `MailProvider.longestMs`. */
export const longestOf = (limits: VendorLimits): number => limits.sendMs + beforeMs + limits.lingerMs;

/** What calling a provider takes. `pool` names its connections; `now` gives ms UTC. */
export interface VendorDeps {
  readonly outbound: Pick<Outbound, 'post'>;
  readonly pool: string;
  readonly vendors: Vendors;
  readonly limits: VendorLimits;
  readonly now: () => number;
}

/** A call to a provider. */
export interface VendorCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** A list of every address that a large account does not write to is smaller; bytes. */
const largestAnswer = 16 * 1_048_576;

/** Makes a call, guarded as all that leaves is. */
export function callVendor(deps: VendorDeps, call: VendorCall, timeoutMs: number): Promise<Reply> {
  return deps.outbound.post({ ...call, pool: deps.pool, timeoutMs, maxResponseBytes: largestAnswer });
}

/** An answer that has a body of JSON; numbers that JavaScript would round are kept as their digits. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text, exactly);
  } catch {
    return undefined;
  }
}

function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' &&
    !Number.isSafeInteger(value) &&
    context?.source !== undefined &&
    /^-?\d+$/.test(context.source)
    ? context.source
    : value;
}

/** What no answer says about an e-mail: only what never left this machine surely was not taken. */
export function unanswered(reply: Extract<Reply, { kind: 'failed' }>): SendOutcome {
  const said = { code: reply.reason, detail: reply.detail };
  switch (reply.reason) {
    case 'dns':
    case 'refused':
    case 'unreachable':
    case 'forbidden_address':
    case 'tls':
    case 'busy':
    case 'invalid':
      return { kind: 'deferred', ...said };
    default:
      return { kind: 'unknown', ...said };
  }
}

/** What a status says whose body says nothing more. Behind 5xx the e-mail may have been taken: it is looked up in the records. */
export function statusOutcome(
  { status, retryAfter }: Pick<Extract<Reply, { kind: 'response' }>, 'status' | 'retryAfter'>,
  detail: string,
  now: number,
): SendOutcome {
  const said = { code: String(status), detail };
  if (status === 429) {
    const retryAfterMs = retryAfterOf(retryAfter, now);
    return { kind: 'deferred', ...said, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  // Who is not let in, or knocks at a door that is not there, may be later.
  if (status === 401 || status === 403 || status === 404 || status === 405) return { kind: 'deferred', ...said };
  if (status >= 400 && status < 500) return { kind: 'refused', ...said };
  return { kind: 'unknown', ...said };
}

/** What a provider that was asked about something other than an e-mail answered, or that it did not. */
export class VendorRefused extends Error {
  override readonly name = 'VendorRefused';
  /** 0: there was no answer. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
