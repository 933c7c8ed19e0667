import type { Deps } from '../deps.ts';
import { nobody } from './contact.ts';
import { lockUnsearched, searchBy } from './order-store.ts';

/** Orders that are worked on in one transaction. */
const atOnce = 50;

/**
 * Has a portion of the orders from before migration 0012 found by their contact, as their documents have it; gives how many. Once
 * none is left there never is one again. Safe on several nodes at once.
 */
export function searchOldOrders({ db, changes }: Pick<Deps, 'db' | 'changes'>): Promise<number> {
  return db.transaction(async (tx) => {
    const orders = await lockUnsearched(tx, atOnce);
    const bySupplier = Map.groupBy(orders, ({ supplierId }) => supplierId);
    for (const [supplierId, of] of bySupplier) {
      const subjects = of.map(({ id }) => ({ supplierId, type: 'order_update' as const, id }));
      const documents = await changes.currentById(tx, subjects);
      for (const { id } of of) searchBy(tx, id, documents.get(id)?.contact ?? nobody);
    }
    return orders.length;
  });
}
