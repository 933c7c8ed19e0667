import { randomBytes } from 'node:crypto';
import type { Db } from '../../platform/db/index.ts';
import type { Sealing } from '../../platform/secrets/index.ts';
import { addressHash } from '../address-hash.ts';
import { insertEvents } from '../callbacks/store.ts';
import { suppress } from '../suppressions/store.ts';
import { suppressAddress } from '../suppressions/suppress.ts';
import { hasSupplier, keepSealedKey, messageAddress, sealedKey } from './store.ts';
import { readUnsubscribeToken, type Unsubscription, unsubscribeToken } from './token.ts';

/** What unsubscribing takes. `notify` tells that providers are to hear of it; `now` gives ms UTC. */
export interface UnsubscribingDeps {
  readonly db: Db;
  readonly seal: Pick<Sealing, 'seal' | 'open'>;
  readonly publicUrl: () => string;
  readonly notify: () => void;
  readonly now: () => number;
  readonly newId: () => string;
}

/** Makes unsubscribe links, and does what they ask for. */
export interface Unsubscribing {
  url(mail: { readonly messageId: string; readonly supplierId: string; readonly address: string }): Promise<string>;
  /** Whether a token is one of ours. */
  knows(token: string): Promise<boolean>;
  /** No marketing of that supplier to that address any more; false where the token is none of ours. As often as one likes. */
  act(token: string): Promise<boolean>;
}

/** See `Unsubscribing`. */
export function createUnsubscribing(deps: UnsubscribingDeps): Unsubscribing {
  const { db, seal, now, newId } = deps;
  let kept: Promise<Buffer> | undefined;

  /** A key of its own, sealed: links must hold when the master secret has long been another. */
  async function read(): Promise<Buffer> {
    if ((await sealedKey(db)) === undefined) await keepSealedKey(db, seal.seal(randomBytes(32).toString('base64url')));
    return Buffer.from(seal.open((await sealedKey(db)) ?? ''), 'base64url');
  }

  function key(): Promise<Buffer> {
    kept ??= read().catch((error) => {
      kept = undefined;
      throw error;
    });
    return kept;
  }

  async function asked(token: string): Promise<Unsubscription | undefined> {
    return readUnsubscribeToken(await key(), token);
  }

  return {
    async url({ messageId, supplierId, address }) {
      const token = unsubscribeToken(await key(), { supplierId, addressHash: addressHash(address), messageId });
      return `${deps.publicUrl()}/u/${token}`;
    },
    knows: async (token) => (await asked(token)) !== undefined,
    async act(token) {
      const wanted = await asked(token);
      if (wanted === undefined) return false;
      const { supplierId, addressHash: hash, messageId } = wanted;
      await db.transaction(async (tx) => {
        if (!(await hasSupplier(tx, supplierId))) return;
        const address = await messageAddress(tx, { supplierId, id: messageId });
        const one = { supplierId, scope: 'marketing', reason: 'unsubscribe', source: 'link' } as const;
        if (address != null && addressHash(address) === hash) await suppressAddress(tx, { ...one, address }, deps);
        else await suppress(tx, { ...one, id: newId(), addressHash: hash, address: null, createdAt: now() });
        const at = now();
        const event = { id: newId(), messageId, kind: 'unsubscribed', detail: null, fingerprint: 'link' } as const;
        if (address !== undefined) await insertEvents(tx, [{ ...event, happenedAt: at, receivedAt: at }]);
        tx.afterCommit(deps.notify);
      });
      return true;
    },
  };
}
