import type { Db } from '../../platform/db/index.ts';
import { type Erased, nothingErased } from './erased.ts';
import { addressHash } from './guest.ts';
import { type ErasureRecord, type ErasureState, erasureById, insertErasure, listErasures } from './store.ts';

/** An erasure as its operator sees it. Times are ms UTC. */
export interface Erasure {
  readonly id: string;
  /** Of the address, which is not kept: SHA-256 of it in lower case, in base64url. */
  readonly addressHash: string;
  readonly state: ErasureState;
  readonly erased: Erased;
  readonly createdAt: number;
  readonly endedAt: number | null;
}

/** Erasures of guests by their address. */
export interface Erasures {
  begin(supplierId: string, address: string): Promise<Erasure>;
  one(supplierId: string, id: string): Promise<Erasure | undefined>;
  /** Newest first. */
  list(supplierId: string, limit: number): Promise<Erasure[]>;
}

const shown = ({ id, addressHash, state, erased, createdAt, endedAt }: ErasureRecord): Erasure => ({
  id,
  addressHash,
  state,
  erased,
  createdAt,
  endedAt,
});

/** See `Erasures`. `now` gives ms UTC. */
export function createErasures(deps: {
  readonly db: Db;
  readonly now: () => number;
  readonly newId: () => string;
}): Erasures {
  const { db, now, newId } = deps;
  return {
    async begin(supplierId, address) {
      const erasure: ErasureRecord = {
        id: newId(),
        supplierId,
        addressHash: addressHash(address),
        state: 'finding',
        seen: 0,
        until: null,
        answersSeen: '',
        erased: nothingErased,
        createdAt: now(),
        endedAt: null,
      };
      await db.transaction(async (tx) => {
        tx.afterCommit(() => db.notify('erasures'));
        await insertErasure(tx, erasure);
      });
      return shown(erasure);
    },
    async one(supplierId, id) {
      const found = await erasureById(db, { supplierId, id });
      return found && shown(found);
    },
    list: async (supplierId, limit) => (await listErasures(db.reader, supplierId, limit)).map(shown),
  };
}
