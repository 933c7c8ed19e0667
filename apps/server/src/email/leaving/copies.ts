import type { Tx } from '../../platform/db/index.ts';
import { addressHash } from '../address-hash.ts';
import { copyBookings, insertApart } from '../messages/apart-store.ts';
import type { Claimed } from '../messages/message.ts';
import type { Copy } from './decision.ts';

/**
 * Opens the e-mails that a message brings with it, in the transaction in which it is frozen; each once, however often that is tried. What
 * they say is decided when they leave.
 */
export async function openCopies(
  tx: Tx,
  message: Claimed,
  copies: readonly Copy[],
  deps: { readonly now: () => number; readonly newId: () => string },
): Promise<void> {
  const { supplierId, orderId, momentAt, visitDate } = message;
  const now = deps.now();
  for (const { campaignId, address } of copies) {
    const id = deps.newId();
    const apart = `copy:${message.id}:${campaignId}:${address === null ? '' : addressHash(address)}`;
    const about = { supplierId, campaignId, orderId, kind: 'copy', apart, address, copyOf: message.id } as const;
    const isNew = await insertApart(tx, { id, ...about, momentAt, visitDate, dueAt: now, createdAt: now });
    if (isNew) await copyBookings(tx, message.id, id);
  }
}
