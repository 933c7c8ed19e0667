import type { FailureReason } from './reply.ts';

/** How far a request had come when it failed. */
export type Phase = 'connecting' | 'sent' | 'answering';

/** What is known of a failed request besides its error; `host` is the URL's host and port, never more of it. */
export interface Circumstances {
  readonly host: string;
  readonly phase: Phase;
  /** The status that had arrived, 0 if none. */
  readonly status: number;
}

const reasons: Readonly<Record<string, FailureReason>> = {
  FORBIDDEN_ADDRESS: 'forbidden_address',
  ENOTFOUND: 'dns',
  ENODATA: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_NODATA: 'dns',
  EAI_NONAME: 'dns',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'reset',
  HTTPParserError: 'protocol',
  EPROTO: 'tls',
  UND_ERR_HEADERS_OVERFLOW: 'too_large',
  EMFILE: 'busy',
  ENFILE: 'busy',
  ENOBUFS: 'busy',
  ENOMEM: 'busy',
  EADDRNOTAVAIL: 'busy',
  UND_ERR_INVALID_ARG: 'invalid',
  UND_ERR_NOT_SUPPORTED: 'invalid',
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: 'invalid',
  UND_ERR_DESTROYED: 'aborted',
  UND_ERR_CLOSED: 'aborted',
};

// Where undici's codes say too little. `UND_ERR_SOCKET` also means a closed connection, and llhttp's codes get lost.
const messages: Readonly<Record<string, FailureReason>> = {
  'bad response': 'protocol',
  'bad upgrade': 'protocol',
  'Response does not match the HTTP/1.1 protocol (Invalid EOF state)': 'reset',
};

/** Translates what undici, Node's sockets, OpenSSL and llhttp report: the only place that knows their codes. */
export function failureOf(error: Error, at: Circumstances): { reason: FailureReason; detail: string } {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  const reason = reasonOf(code, error.message, at.phase);
  return { reason, detail: sentence(reason, code, at) };
}

function reasonOf(code: string, message: string, phase: Phase): FailureReason {
  const known = messages[message] ?? reasons[code];
  // Contradictory lengths in the headers get the same code as a body that ends too early.
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' && phase === 'sent') return 'protocol';
  if (known !== undefined) return known;
  if (code.startsWith('HPE_')) return 'protocol';
  if (/^ERR_(SSL|TLS|OSSL)_/.test(code)) return 'tls';
  // Certificates are verified last while connecting; their codes are X.509's (CERT_HAS_EXPIRED), not errno names.
  if (phase === 'connecting') return /^E[A-Z0-9]+$/.test(code) ? 'unreachable' : 'tls';
  return 'reset';
}

function sentence(reason: FailureReason, code: string, { host, phase, status }: Circumstances): string {
  switch (reason) {
    case 'dns':
      return `The name of ${host} could not be resolved (${code}).`;
    case 'refused':
      return `${host} refused the connection.`;
    case 'unreachable':
      return `${host} could not be reached (${code}).`;
    case 'forbidden_address':
      return `${host} is a private or reserved address, or its name leads to one; requests to it are not allowed.`;
    case 'tls':
      return `${host} ${tlsFault(code)} (${code}).`;
    case 'timeout':
      return phase === 'connecting' ? `No connection to ${host} within the limit.` : `${host} stopped answering.`;
    case 'reset':
      if (phase === 'connecting') return `${host} closed the connection while it was being opened.`;
      if (phase === 'sent') return `${host} closed the connection without a response.`;
      return `${host} closed the connection in the middle of its response (status ${status}).`;
    case 'protocol':
      return `${host} did not answer in HTTP/1.1.`;
    case 'too_large':
      return `The headers of the response from ${host} exceed the limit.`;
    case 'busy':
      return `No connection to ${host} could be opened: this machine has run out of sockets (${code}).`;
    case 'invalid':
      return `The request to ${host} cannot be sent: its URL or one of its headers is malformed.`;
    case 'aborted':
      return `The request to ${host} was given up because sending stopped.`;
  }
}

function tlsFault(code: string): string {
  if (code === 'CERT_HAS_EXPIRED') return 'has an expired certificate';
  if (code === 'CERT_NOT_YET_VALID') return 'has a certificate that is not valid yet';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH') {
    return 'has a certificate for another name';
  }
  if (code.includes('SELF_SIGNED')) return 'has a certificate that it signed itself';
  if (code.startsWith('UNABLE_TO_')) return 'has a certificate whose issuer is not trusted or not sent along';
  return 'could not agree on TLS';
}
