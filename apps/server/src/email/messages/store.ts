import { type Queryable, rows, type Tx } from '../../platform/db/index.ts';
import type { MessageBooking, MessageRecord, MessageState } from './message.ts';

/** A message that is about to be opened. Times are ms UTC. */
export interface NewMessage {
  readonly id: string;
  readonly supplierId: string;
  readonly campaignId: string;
  readonly orderId: string;
  readonly dueAt: number;
  readonly createdAt: number;
}

/** Locks the open messages of orders of one supplier, in the order of the orders' ids. */
export function lockOpenMessages(
  tx: Tx,
  supplierId: string,
  orderIds: readonly string[],
): Promise<{ readonly id: string; readonly orderId: string }[]> {
  return tx.all(
    `select id, order_id as "orderId" from messages
      where supplier_id = $1 and recipient = 'guest' and state = 'settling'
        and order_id in (${orderIds.map((_, index) => `$${index + 2}`).join(', ')})
      order by order_id${tx.dialect.forUpdate}`,
    [supplierId, ...orderIds],
  );
}

/** Opens messages; where an order has an open one already, it keeps that. */
export function insertMessages(tx: Tx, messages: readonly NewMessage[]): Promise<number> {
  const types = ['text', 'text', 'text', 'text', 'text', 'text', 'bigint', 'integer', 'bigint', 'bigint'] as const;
  return tx.run(
    `insert into messages
       (id, supplier_id, campaign_id, order_id, recipient, state, due_at, attempts, lease_until, created_at)
     values ${rows(types, messages.length)}
     on conflict (supplier_id, order_id, recipient) where state = 'settling' do nothing`,
    messages.flatMap((message) => [
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

/** Lets bookings join messages: one that is there already gets a later last event. Each pair stands in `joining` once. */
export function joinMessages(
  tx: Tx,
  joining: readonly (MessageBooking & { readonly messageId: string })[],
): Promise<number> {
  return tx.run(
    `insert into message_bookings (message_id, booking_uuid, first_event_id, last_event_id)
     values ${rows(['text', 'text', 'text', 'text'], joining.length)}
     on conflict (message_id, booking_uuid) do update set last_event_id = excluded.last_event_id`,
    joining.flatMap((one) => [one.messageId, one.uuid, one.firstEventId, one.lastEventId]),
  );
}

/** The bookings of a message, those that joined it first before the others. */
export function messageBookings(db: Queryable, messageId: string): Promise<MessageBooking[]> {
  return db.all(
    `select booking_uuid as uuid, first_event_id as "firstEventId", last_event_id as "lastEventId"
       from message_bookings where message_id = $1 order by first_event_id`,
    [messageId],
  );
}

interface RecordRow {
  readonly id: string;
  readonly order_id: string;
  readonly campaign: string;
  readonly state: MessageState;
  readonly reason: string | null;
  readonly address: string | null;
  readonly language: string | null;
  readonly subject: string | null;
  readonly provider: string | null;
  readonly attempts: number;
  readonly due_at: number;
  readonly created_at: number;
  readonly ended_at: number | null;
}

/** The messages of a supplier, of one order or of all, the newest first, at most `limit`. */
export async function listMessages(
  db: Queryable,
  filter: { readonly supplierId: string; readonly orderId?: string; readonly limit: number },
): Promise<MessageRecord[]> {
  const found = await db.all<RecordRow>(
    `select messages.id, order_id, campaigns.name as campaign, state, reason, address, language, subject, provider,
            attempts, due_at, messages.created_at, ended_at
       from messages join campaigns on campaigns.id = messages.campaign_id
      where messages.supplier_id = $1 and (cast($2 as text) is null or order_id = $2)
      order by messages.created_at desc, messages.id desc limit $3`,
    [filter.supplierId, filter.orderId ?? null, filter.limit],
  );
  return found.map((row) => ({
    id: row.id,
    orderId: row.order_id,
    campaign: row.campaign,
    state: row.state,
    reason: row.reason,
    address: row.address,
    language: row.language,
    subject: row.subject,
    provider: row.provider,
    attempts: row.attempts,
    dueAt: row.due_at,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  }));
}
