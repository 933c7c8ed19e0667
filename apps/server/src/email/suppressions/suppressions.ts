import type { Db } from '../../platform/db/index.ts';
import { addressHash } from '../address-hash.ts';
import { hasPostmark } from '../providers/store.ts';
import { dropLifted, liftSuppression, listSuppressions, suppressionsOf } from './store.ts';
import type { SuppressingDeps } from './suppress.ts';
import { suppressAddress } from './suppress.ts';
import type { Suppression, SuppressionScope } from './suppression.ts';

/** What suppressions by hand take. `notify` tells that providers are to hear of it. */
export interface SuppressionsDeps extends SuppressingDeps {
  readonly db: Db;
  readonly notify: () => void;
}

/** The suppression list of suppliers, as their operators use it. */
export interface Suppressions {
  list(filter: {
    readonly supplierId: string;
    readonly address?: string | undefined;
    readonly before?: string | undefined;
    readonly limit: number;
  }): Promise<Suppression[]>;
  /** Suppresses an address by hand; one that is suppressed stays as it is. */
  add(one: {
    readonly supplierId: string;
    readonly address: string;
    readonly scope: SuppressionScope;
  }): Promise<Suppression>;
  /** False where there is none. */
  remove(key: { readonly supplierId: string; readonly id: string }): Promise<boolean>;
}

/** See `Suppressions`. */
export function createSuppressions(deps: SuppressionsDeps): Suppressions {
  const { db, now, notify } = deps;
  return {
    list: ({ address, ...filter }) =>
      listSuppressions(db.reader, {
        ...filter,
        addressHash: address === undefined ? undefined : addressHash(address),
      }),
    add: ({ supplierId, address, scope }) =>
      db.transaction(async (tx) => {
        await suppressAddress(tx, { supplierId, address, scope, reason: 'manual', source: 'operator' }, deps);
        tx.afterCommit(notify);
        const found = await suppressionsOf(tx, supplierId, addressHash(address));
        const one = found.find((each) => each.scope === scope);
        if (one === undefined) throw new Error('A suppression is not there that was just stored.');
        return one;
      }),
    remove: ({ supplierId, id }) =>
      db.transaction(async (tx) => {
        const liftedAt = now();
        const lifted = await liftSuppression(tx, { supplierId, id, now: liftedAt });
        if (lifted > 0 && !(await hasPostmark(tx, supplierId))) await dropLifted(tx, { id, liftedAt });
        tx.afterCommit(notify);
        return lifted > 0;
      }),
  };
}
