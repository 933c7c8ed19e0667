import { connect, isIP, type Socket } from 'node:net';
import { addressAllowed } from './address.ts';
import { ForbiddenAddress } from './forbidden.ts';
import { type Guard, guardedLookup } from './guarded-lookup.ts';

/** Where a connection is opened to. */
export interface DialTo {
  /** A name, or a literal address with or without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** Limit of name lookup and TCP together, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Opens a connection for a client that speaks something else than HTTP, under the same guard. Rejects with an error that has a
 * `code`: `FORBIDDEN_ADDRESS`, `ETIMEDOUT`, or that of the system. Whoever gets the socket ends it.
 */
export type Dial = (to: DialTo) => Promise<Socket>;

/** See `Dial`. */
export function createDial(guard: Guard): Dial {
  const lookup = guardedLookup(guard);
  return ({ hostname, port, timeoutMs }) => {
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    if (isIP(host) !== 0 && !addressAllowed(host, guard.allow)) return Promise.reject(new ForbiddenAddress(host));
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, lookup });
      const late = () =>
        socket.destroy(Object.assign(new Error(`no connection to ${host} in time`), { code: 'ETIMEDOUT' }));
      const timer = setTimeout(late, timeoutMs);
      const failed = (error: Error) => {
        clearTimeout(timer);
        guard.names.forget(host);
        reject(error);
      };
      socket.once('error', failed);
      socket.once('connect', () => {
        clearTimeout(timer);
        socket.off('error', failed);
        resolve(socket);
      });
    });
  };
}
