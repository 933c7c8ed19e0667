import type { Queryable } from '../../platform/db/index.ts';
import type { Sealing } from '../../platform/secrets/index.ts';
import { addressHash } from '../address-hash.ts';
import { hasPostmark } from '../providers/store.ts';
import { suppress } from './store.ts';
import type { Suppression } from './suppression.ts';

/** What suppressing takes. `now` gives ms UTC. */
export interface SuppressingDeps {
  readonly seal: Pick<Sealing, 'seal'>;
  readonly now: () => number;
  readonly newId: () => string;
}

/** An address that a supplier is not to write to. */
export interface ToSuppress extends Pick<Suppression, 'scope' | 'reason' | 'source'> {
  readonly supplierId: string;
  readonly address: string;
}

/**
 * Suppresses an address; true where it was not suppressed before. The address itself is kept, sealed, only where a provider has a list
 * of its own that must hear of it, and only until then.
 */
export async function suppressAddress(db: Queryable, one: ToSuppress, deps: SuppressingDeps): Promise<boolean> {
  const { supplierId, address, scope, reason, source } = one;
  const listed = await hasPostmark(db, supplierId);
  const changed = await suppress(db, {
    id: deps.newId(),
    supplierId,
    addressHash: addressHash(address),
    scope,
    reason,
    source,
    address: listed ? deps.seal.seal(address.trim().toLowerCase()) : null,
    createdAt: deps.now(),
  });
  return changed > 0;
}
