import type { Tx } from '../../platform/db/index.ts';
import type { MessageKind } from './message.ts';

/** A message for one campaign, beside what happens to its order. Times are ms UTC. */
export interface NewApart {
  readonly id: string;
  readonly supplierId: string;
  readonly campaignId: string;
  readonly orderId: string;
  readonly kind: Exclude<MessageKind, 'news'>;
  /** What it is beside its order, so that it is not opened twice. */
  readonly apart: string;
  /** Null: as its campaign says. */
  readonly address: string | null;
  readonly momentAt: number | null;
  readonly visitDate: string | null;
  readonly copyOf: string | null;
  readonly dueAt: number;
  readonly createdAt: number;
}

/** Opens a message; false where there was one already that is the same thing. */
export async function insertApart(tx: Tx, message: NewApart): Promise<boolean> {
  const found = await tx.all(
    `insert into messages
       (id, supplier_id, campaign_id, order_id, recipient, state, due_at, attempts, lease_until, created_at,
        kind, apart, address, moment_at, visit_date, copy_of)
     values ($1, $2, $3, $4, 'guest', 'settling', $5, 0, 0, $6, $7, $8, $9, $10, $11, $12)
     on conflict (supplier_id, order_id, apart) where apart <> '' do nothing
     returning id`,
    [
      message.id,
      message.supplierId,
      message.campaignId,
      message.orderId,
      message.dueAt,
      message.createdAt,
      message.kind,
      message.apart,
      message.address,
      message.momentAt,
      message.visitDate,
      message.copyOf,
    ],
  );
  return found.length > 0;
}

/** Gives a message the bookings of another, which it is about as well. */
export async function copyBookings(tx: Tx, from: string, into: string): Promise<void> {
  await tx.run(
    `insert into message_bookings (message_id, booking_uuid, first_event_id, last_event_id)
     select cast($2 as text), booking_uuid, first_event_id, last_event_id from message_bookings where message_id = $1`,
    [from, into],
  );
}
