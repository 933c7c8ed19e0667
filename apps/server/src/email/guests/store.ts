import { portions, type Queryable, rows, type Tx } from '../../platform/db/index.ts';
import { addressHash } from '../address-hash.ts';

/** That something was held or booked in an order for an address; `heldAt` is ms UTC. */
export interface OrderGuest {
  readonly supplierId: string;
  readonly address: string;
  readonly orderId: string;
  readonly heldAt: number;
}

/** Notes for which addresses orders are, as hashes: this is no second copy of what guests told. Each pair of address and order stands in `guests` once. */
export function writeOrderGuests(tx: Tx, guests: readonly OrderGuest[]): void {
  for (const portion of portions(guests)) {
    tx.send(
      `insert into order_guests (supplier_id, address_hash, order_id, held_at)
         values ${rows(['text', 'text', 'text', 'bigint'], portion.length)}
         on conflict (supplier_id, address_hash, order_id) do update set held_at = excluded.held_at`,
      portion.flatMap(({ supplierId, address, orderId, heldAt }) => [
        supplierId,
        addressHash(address),
        orderId,
        heldAt,
      ]),
    );
  }
}

/** Whether something was held or booked for an address, in another order than this one and after it. */
export async function cameBack(
  db: Queryable,
  guest: { readonly supplierId: string; readonly address: string; readonly orderId: string },
): Promise<boolean> {
  const found = await db.all(
    `select 1 as found
       from order_guests here
       join order_guests there on there.supplier_id = here.supplier_id and there.address_hash = here.address_hash
      where here.supplier_id = $1 and here.address_hash = $2 and here.order_id = $3
        and (there.held_at > here.held_at or (there.held_at = here.held_at and there.order_id > here.order_id))
      limit 1`,
    [guest.supplierId, addressHash(guest.address), guest.orderId],
  );
  return found.length > 0;
}

/** Whether something was held or booked for an address before, in another order than this one. */
export async function cameBefore(
  db: Queryable,
  guest: { readonly supplierId: string; readonly address: string; readonly orderId: string },
): Promise<boolean> {
  const found = await db.all(
    `select 1 as found
       from order_guests here
       join order_guests there on there.supplier_id = here.supplier_id and there.address_hash = here.address_hash
      where here.supplier_id = $1 and here.address_hash = $2 and here.order_id = $3
        and there.order_id <> here.order_id and there.held_at <= here.held_at
      limit 1`,
    [guest.supplierId, addressHash(guest.address), guest.orderId],
  );
  return found.length > 0;
}
