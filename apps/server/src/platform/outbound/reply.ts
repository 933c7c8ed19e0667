/**
 * Why no complete response came back. `busy` and `invalid` say that nothing was sent and that the receiver is not to
 * blame; `aborted` that we stopped; every other reason counts against the receiver.
 */
export type FailureReason =
  /** The host name has no address, or its name servers do not answer. */
  | 'dns'
  /** The host refused the connection. */
  | 'refused'
  /** No route to the host. */
  | 'unreachable'
  /** The address is private, loopback, link-local or otherwise not for the public, and not in an opened range. */
  | 'forbidden_address'
  /** TLS could not be agreed, or the certificate is not valid for the host. */
  | 'tls'
  /** No connection, no response or no complete response within the limit. */
  | 'timeout'
  /** The connection was closed before the whole response had arrived. */
  | 'reset'
  /** What arrived is not a response by HTTP/1.1. */
  | 'protocol'
  /** The response's headers exceed their limit. */
  | 'too_large'
  /** Too many requests wait for this pool, or this machine has no socket left. */
  | 'busy'
  /** The request itself cannot be sent: its URL or a header is malformed. */
  | 'invalid'
  /** The outbound was closed while the request was waiting or under way. */
  | 'aborted';

/** A complete response, whatever its status, or one whose body was cut at the limit. */
interface Response {
  readonly kind: 'response';
  readonly status: number;
  /** The `Retry-After` header as it came (RFC 9110: seconds or a date), at most 100 characters. */
  readonly retryAfter: string | null;
  /** The start of the body as valid Unicode without NUL, at most as many characters as bytes were allowed. */
  readonly excerpt: string;
  /** The body was longer than allowed: the rest was not read and the connection was closed. The status counts. */
  readonly truncated: boolean;
  /** Milliseconds from having a place among the pool's connections to the end. */
  readonly durationMs: number;
}

/** No complete response, with a sentence for the operator that holds no path, query, header or credentials. */
export interface Failure {
  readonly kind: 'failed';
  readonly reason: FailureReason;
  readonly detail: string;
  /** Milliseconds from having a place among the pool's connections to the end; 0 if it never had one. */
  readonly durationMs: number;
}

/** How one request ended. */
export type Reply = Response | Failure;
