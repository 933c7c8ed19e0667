import { padded, places, portions, type Queryable, rows, type Tx } from '../../platform/db/index.ts';
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

/** A message that is open. */
export interface OpenMessage {
  readonly id: string;
  readonly orderId: string;
  /** Whether it could not leave so far, and waits for another attempt. */
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
    `select id, order_id, attempts + failures as turns from messages
      where supplier_id = $1 and recipient = 'guest' and state = 'settling' and order_id in (${places(ids.length, 2)})
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
       on conflict (supplier_id, order_id, recipient) where state = 'settling' do nothing`,
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
