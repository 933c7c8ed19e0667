import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { type AddressRange, addressAllowed } from './address.ts';
import { ForbiddenAddress } from './forbidden.ts';
import type { Names } from './names.ts';

/**
 * Opens connections for undici, only ever to addresses that the guard allows: a literal address is checked here (no
 * lookup happens for it), a name's addresses between lookup and connecting, so that no second lookup can differ.
 * HTTP/1.1 only. Gives up after `connectTimeoutMs`, name lookup and TLS included; over one second, undici's timers
 * may add up to another.
 */
export function guardedConnector(deps: {
  readonly names: Names;
  readonly allow: readonly AddressRange[];
  readonly connectTimeoutMs: number;
}): buildConnector.connector {
  const { names, allow, connectTimeoutMs } = deps;

  const lookup: LookupFunction = (hostname, options, answer) => {
    names.resolve(hostname, (error, addresses) => {
      if (error !== null) return answer(error, []);
      const open = addresses.filter(
        ({ address, family }) => addressAllowed(address, allow) && (!options.family || options.family === family),
      );
      const [first] = open;
      if (first === undefined) answer(new ForbiddenAddress(hostname), []);
      else if (options.all) answer(null, open as LookupAddress[]);
      else answer(null, first.address, first.family);
    });
  };
  const connect = buildConnector({ allowH2: false, timeout: connectTimeoutMs, lookup });

  return (options, callback) => {
    const { hostname } = options;
    if (isIP(hostname) !== 0 && !addressAllowed(hostname, allow)) {
      queueMicrotask(() => callback(new ForbiddenAddress(hostname), null));
      return;
    }
    connect(options, (...result) => {
      if (result[0] !== null) names.forget(hostname);
      callback(...result);
    });
  };
}
