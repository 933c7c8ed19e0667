import type { Db } from '../../platform/db/index.ts';
import { copyBookings, insertApart } from './apart-store.ts';
import { messageOf } from './log-store.ts';

/** What resending needs. `notify` tells the workers; `now` gives ms UTC. */
export interface ResendDeps {
  readonly db: Db;
  readonly now: () => number;
  readonly newId: () => string;
}

/** What became of the wish to send a message again. */
export type Resent =
  | { readonly kind: 'opened'; readonly id: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Opens a message that says what another did, by how things are now, to the same address or to another one. It leaves at once, whatever
 * the hour and the limits of marketing; not to an address that is suppressed.
 */
export function resend(
  deps: ResendDeps,
  wish: { readonly supplierId: string; readonly id: string; readonly address: string | null },
): Promise<Resent> {
  const { db, now, newId } = deps;
  const { supplierId } = wish;
  return db.transaction(async (tx) => {
    const message = await messageOf(tx, supplierId, wish.id);
    if (message === undefined) return { kind: 'missing' };
    const address = wish.address ?? message.address;
    if (address === null) return { kind: 'refused', reason: 'address: it never had one, so tell where it is to go.' };
    const id = newId();
    const { orderId, campaignId, visitDate } = message;
    const about = { supplierId, orderId, campaignId, kind: 'again', apart: `again:${id}`, visitDate, address } as const;
    const at = now();
    await insertApart(tx, { id, ...about, momentAt: null, copyOf: message.id, dueAt: at, createdAt: at });
    await copyBookings(tx, message.id, id);
    tx.afterCommit(() => db.notify('messages'));
    return { kind: 'opened', id };
  });
}
