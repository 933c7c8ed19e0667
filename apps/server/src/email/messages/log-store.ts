import type { Param, Queryable } from '../../platform/db/index.ts';
import type { MessageKind, MessageRecord } from './message.ts';

/** What the log of messages is searched by; each that is told must hold. */
export interface MessageFilter {
  readonly supplierId: string;
  readonly id?: string | undefined;
  readonly orderId?: string | undefined;
  /** A booking's uuid. */
  readonly booking?: string | undefined;
  /** The whole e-mail address that it went to. */
  readonly address?: string | undefined;
  readonly campaignId?: string | undefined;
  readonly state?: string | undefined;
  /** Only those that were opened before this one. */
  readonly before?: string | undefined;
  readonly limit: number;
}

const columns = `m.id, m.order_id as "orderId", m.campaign_id as "campaignId", c.name as campaign, m.kind, m.state, m.reason,
  m.address, m.language, m.subject, m.provider, m.attempts, m.due_at as "dueAt", m.created_at as "createdAt",
  m.ended_at as "endedAt", m.copy_of as "copyOf"`;

/** The messages of a supplier that pass a filter, the newest first. */
export function searchMessages(db: Queryable, filter: MessageFilter): Promise<MessageRecord[]> {
  const params: Param[] = [filter.supplierId, filter.limit];
  const conditions: string[] = [];
  const ask = (condition: (place: string) => string, value: string | undefined) => {
    if (value === undefined) return;
    params.push(value);
    conditions.push(` and ${condition(`$${params.length}`)}`);
  };
  ask((place) => `m.id = ${place}`, filter.id);
  ask((place) => `m.order_id = ${place}`, filter.orderId);
  ask(
    (place) => `(m.id in (select message_id from message_bookings where booking_uuid = ${place})
                 or (m.kind <> 'news' and m.order_id in (select order_id from visits where supplier_id = $1 and booking_uuid = ${place})))`,
    filter.booking,
  );
  ask((place) => `lower(m.address) = lower(${place}) and m.address is not null`, filter.address);
  ask((place) => `m.campaign_id = ${place}`, filter.campaignId);
  ask((place) => `m.state = ${place}`, filter.state);
  ask(
    (place) =>
      `(m.created_at, m.id) < (select b.created_at, b.id from messages b where b.id = ${place} and b.supplier_id = $1)`,
    filter.before,
  );
  return db.all<MessageRecord>(
    `select ${columns} from messages m join campaigns c on c.id = m.campaign_id
      where m.supplier_id = $1${conditions.join('')}
      order by m.created_at desc, m.id desc limit $2`,
    params,
  );
}

/** What a message was made of, and its rendered copy: null before it first left, and after it was erased. */
export interface StoredMessage {
  readonly id: string;
  readonly orderId: string;
  readonly campaignId: string;
  readonly kind: MessageKind;
  readonly visitDate: string | null;
  readonly address: string | null;
  readonly mime: string | null;
}

/** A message of a supplier. */
export async function messageOf(db: Queryable, supplierId: string, id: string): Promise<StoredMessage | undefined> {
  const [row] = await db.all<StoredMessage>(
    `select id, order_id as "orderId", campaign_id as "campaignId", kind, visit_date as "visitDate", address, mime
       from messages where id = $1 and supplier_id = $2`,
    [id, supplierId],
  );
  return row;
}
