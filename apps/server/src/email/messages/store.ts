import { padded, places, portions, type Queryable, rows, type Tx } from '../../platform/db/index.ts';
import type { MessageBooking } from './message.ts';

/** A message that is about to be opened. Times are ms UTC. */
export interface NewMessage {
  readonly id: string;
  readonly supplierId: string;
  readonly campaignId: string;
  readonly orderId: string;
  readonly dueAt: number;
  readonly createdAt: number;
}

/** A message that is open. */
export interface OpenMessage {
  readonly id: string;
  readonly orderId: string;
  /** Whether it could not leave so far, and waits for another attempt or for its time. */
  readonly waits: boolean;
}

/** Locks the open messages of orders of one supplier, in the order of the orders' ids. */
export async function lockOpenMessages(
  tx: Tx,
  supplierId: string,
  orderIds: readonly string[],
): Promise<OpenMessage[]> {
  const ids = padded(orderIds);
  const found = await tx.all<{ readonly id: string; readonly order_id: string; readonly turns: number }>(
    `select id, order_id, case when reason is null then attempts + failures else 1 end as turns from messages
      where supplier_id = $1 and recipient = 'guest' and state = 'settling' and apart = '' and order_id in (${places(ids.length, 2)})
      order by order_id${tx.dialect.forUpdate}`,
    [supplierId, ...ids],
  );
  return found.map((row) => ({ id: row.id, orderId: row.order_id, waits: row.turns > 0 }));
}

/** Makes messages due at `dueAt` (ms UTC) that would be due later. */
export async function putForward(tx: Tx, messageIds: readonly string[], dueAt: number): Promise<void> {
  const ids = padded(messageIds);
  await tx.run(`update messages set due_at = $1 where due_at > $1 and id in (${places(ids.length, 2)})`, [
    dueAt,
    ...ids,
  ]);
}

/** Opens messages; where an order has an open one already, it keeps that. */
export async function insertMessages(tx: Tx, messages: readonly NewMessage[]): Promise<void> {
  const types = ['text', 'text', 'text', 'text', 'text', 'text', 'bigint', 'integer', 'bigint', 'bigint'] as const;
  for (const portion of portions(messages)) {
    await tx.run(
      `insert into messages
         (id, supplier_id, campaign_id, order_id, recipient, state, due_at, attempts, lease_until, created_at)
       values ${rows(types, portion.length)}
       on conflict (supplier_id, order_id, recipient) where state = 'settling' and apart = '' do nothing`,
      portion.flatMap((message) => [
        message.id,
        message.supplierId,
        message.campaignId,
        message.orderId,
        'guest',
        'settling',
        message.dueAt,
        0,
        0,
        message.createdAt,
      ]),
    );
  }
}

/** Ends a supplier's messages that have not left, with the reason why they never will. `now` is ms UTC. */
export function skipMessages(tx: Tx, supplierId: string, reason: string, now: number): Promise<number> {
  return tx.run(
    `update messages set state = 'skipped', reason = $2, ended_at = $3, lease_token = null, lease_until = 0
      where supplier_id = $1 and state = 'settling'`,
    [supplierId, reason, now],
  );
}

/** Lets bookings join messages: one that is there already gets a later last event. Each pair stands in `joining` once. */
export function joinMessages(tx: Tx, joining: readonly (MessageBooking & { readonly messageId: string })[]): void {
  for (const portion of portions(joining)) {
    tx.send(
      `insert into message_bookings (message_id, booking_uuid, first_event_id, last_event_id)
       values ${rows(['text', 'text', 'text', 'text'], portion.length)}
       on conflict (message_id, booking_uuid) do update set last_event_id = excluded.last_event_id`,
      portion.flatMap((one) => [one.messageId, one.uuid, one.firstEventId, one.lastEventId]),
    );
  }
}

/** The bookings of a message, those that joined it first before the others. */
export function messageBookings(db: Queryable, messageId: string): Promise<MessageBooking[]> {
  return db.all(
    `select booking_uuid as uuid, first_event_id as "firstEventId", last_event_id as "lastEventId"
       from message_bookings where message_id = $1 order by first_event_id`,
    [messageId],
  );
}

/** Whether an order's guest may have got a message of a campaign before. */
export async function wasSent(
  db: Queryable,
  message: {
    readonly supplierId: string;
    readonly orderId: string;
    readonly campaignId: string;
    readonly address: string;
  },
): Promise<boolean> {
  const found = await db.all(
    `select id from messages
      where supplier_id = $1 and order_id = $2 and campaign_id = $3 and lower(address) = lower($4)
        and state in ('sending', 'sent', 'unknown')`,
    [message.supplierId, message.orderId, message.campaignId, message.address],
  );
  return found.length > 0;
}

/** When an address was sent marketing, ms UTC, the latest first, at most 100 times. */
export async function marketingSent(
  db: Queryable,
  of: { readonly supplierId: string; readonly address: string },
): Promise<number[]> {
  const found = await db.all<{ readonly at: number }>(
    `select m.created_at as at from messages m join campaigns c on c.id = m.campaign_id
      where m.supplier_id = $1 and lower(m.address) = lower($2) and m.address is not null and c.marketing = 1
        and m.state in ('sending', 'sent', 'unknown')
      order by m.created_at desc limit 100`,
    [of.supplierId, of.address],
  );
  return found.map(({ at }) => at);
}
