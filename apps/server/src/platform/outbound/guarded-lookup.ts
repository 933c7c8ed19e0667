import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { type AddressRange, addressAllowed } from './address.ts';
import { ForbiddenAddress } from './forbidden.ts';
import type { Names } from './names.ts';

/** What connections are guarded with: the names, and the ranges that are open although they are private. */
export interface Guard {
  readonly names: Names;
  readonly allow: readonly AddressRange[];
}

/**
 * Looks a name up for a socket that connects, and gives it only addresses that the guard allows: no second lookup between
 * checking and connecting can differ. It is not called for literal addresses, which whoever connects has to check.
 */
export function guardedLookup({ names, allow }: Guard): LookupFunction {
  return (hostname, options, answer) => {
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
}
