import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import { addressAllowed } from './address.ts';
import type { ClientCertificate } from './certificate.ts';
import { ForbiddenAddress } from './forbidden.ts';
import { type Guard, guardedLookup } from './guarded-lookup.ts';
import { readInPieces } from './small-reads.ts';

/**
 * Opens connections for undici, only ever to addresses that the guard allows: a literal address is checked here (no
 * lookup happens for it), a name's addresses between lookup and connecting, so that no second lookup can differ.
 * HTTP/1.1 only. Gives up after `connectTimeoutMs`, name lookup and TLS included; over one second, undici's timers
 * may add up to another.
 */
export function guardedConnector(
  deps: Guard & { readonly connectTimeoutMs: number; readonly certificate?: ClientCertificate },
): buildConnector.connector {
  const { names, allow, connectTimeoutMs, certificate } = deps;

  const tls = certificate && {
    cert: certificate.cert,
    key: certificate.key,
    ...(certificate.ca !== null && { ca: certificate.ca }),
  };
  const connect = buildConnector({ allowH2: false, timeout: connectTimeoutMs, lookup: guardedLookup(deps), ...tls });

  return (options, callback) => {
    const { hostname } = options;
    if (isIP(hostname) !== 0 && !addressAllowed(hostname, allow)) {
      queueMicrotask(() => callback(new ForbiddenAddress(hostname), null));
      return;
    }
    connect(options, (...result) => {
      if (result[0] === null) readInPieces(result[1]);
      else names.forget(hostname);
      callback(...result);
    });
  };
}
