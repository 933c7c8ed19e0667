import type { Queryable } from '../platform/db/index.ts';

/** A delivery in a list. Times are ms UTC. */
export interface DeliveryListed {
  readonly id: string;
  readonly webhookId: string;
  /** Null: a test, which is of no event. */
  readonly eventId: string | null;
  readonly event: string;
  readonly subjectId: string;
  readonly position: number;
  /** Asked for over OCTO: sent once, beside its lane. */
  readonly test: boolean;
  readonly state: 'pending' | 'held' | 'delivered' | 'gave_up' | 'cancelled';
  readonly reason: string | null;
  readonly step: number;
  readonly dueAt: number;
  readonly createdAt: number;
  readonly endedAt: number | null;
}

/** Where a list goes on: after this delivery. */
export interface DeliveryCursor {
  readonly id: string;
  readonly createdAt: number;
}

/** At most `limit` deliveries of a list, those after the cursor. */
export interface DeliveryPage {
  readonly supplierId: string;
  readonly after: DeliveryCursor;
  readonly limit: number;
}

/** The cursor of a list's beginning: newer than every delivery. */
export const beginning: DeliveryCursor = { id: '', createdAt: Number.MAX_SAFE_INTEGER };

/** The cursor at a supplier's delivery; undefined when there is none of that id. */
export async function cursorAt(
  db: Queryable,
  wanted: { readonly supplierId: string; readonly id: string },
): Promise<DeliveryCursor | undefined> {
  const [row] = await db.all<DeliveryCursor>(
    'select id, created_at as "createdAt" from deliveries where id = $1 and supplier_id = $2',
    [wanted.id, wanted.supplierId],
  );
  return row;
}

type DeliveryRow = Omit<DeliveryListed, 'event' | 'subjectId' | 'test'> & {
  readonly lane: string;
  readonly test: number;
};

const columns = `d.id, d.webhook_id as "webhookId", d.event_id as "eventId", d.lane, d.position, d.test, d.state, d.reason, d.step,
  d.due_at as "dueAt", d.created_at as "createdAt", d.ended_at as "endedAt"`;

/** A lane names the type and the id of its subject. */
function listed({ id, webhookId, eventId, lane, position, test, ...rest }: DeliveryRow): DeliveryListed {
  const end = lane.indexOf('/');
  const [event, subjectId] = [lane.slice(0, end), lane.slice(end + 1)];
  return { id, webhookId, eventId, event, subjectId, position, test: test === 1, ...rest };
}

/** A supplier's delivery. */
export async function deliveryById(
  db: Queryable,
  wanted: { readonly supplierId: string; readonly id: string },
): Promise<DeliveryListed | undefined> {
  const [row] = await db.all<DeliveryRow>(
    `select ${columns} from deliveries d where d.id = $1 and d.supplier_id = $2`,
    [wanted.id, wanted.supplierId],
  );
  return row && listed(row);
}

/** A supplier's deliveries, newest first. */
export async function supplierDeliveries(db: Queryable, page: DeliveryPage): Promise<DeliveryListed[]> {
  const found = await db.all<DeliveryRow>(
    `select ${columns}
       from deliveries d
      where d.supplier_id = $1 and (d.created_at, d.id) < ($2, $3)
      order by d.created_at desc, d.id desc limit $4`,
    [page.supplierId, page.after.createdAt, page.after.id, page.limit],
  );
  return found.map(listed);
}

/** The deliveries of one of a supplier's webhooks, newest first. */
export async function webhookDeliveries(
  db: Queryable,
  page: DeliveryPage & { readonly webhookId: string },
): Promise<DeliveryListed[]> {
  const found = await db.all<DeliveryRow>(
    `select ${columns}
       from deliveries d
      where d.webhook_id = $1 and (d.created_at, d.id) < ($3, $4)
        and exists (select 1 from webhooks w where w.id = $1 and w.supplier_id = $2)
      order by d.created_at desc, d.id desc limit $5`,
    [page.webhookId, page.supplierId, page.after.createdAt, page.after.id, page.limit],
  );
  return found.map(listed);
}

/** An attempt in a list. Times are ms UTC. */
export interface AttemptListed {
  readonly id: string;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly outcome: 'accepted' | 'refused' | 'unreachable';
  readonly status: number | null;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly response: string | null;
}

/** The attempts of a delivery, oldest first. */
export function deliveryAttempts(db: Queryable, deliveryId: string): Promise<AttemptListed[]> {
  return db.all<AttemptListed>(
    `select id, started_at as "startedAt", duration_ms as "durationMs", outcome, status, reason, detail, response
       from attempts
      where delivery_id = $1
      order by started_at, id`,
    [deliveryId],
  );
}

/** Whether a supplier has a message of this id. */
export async function hasMessage(
  db: Queryable,
  wanted: { readonly supplierId: string; readonly id: string },
): Promise<boolean> {
  const found = await db.all('select id from messages where id = $1 and supplier_id = $2', [
    wanted.id,
    wanted.supplierId,
  ]);
  return found.length > 0;
}

/** A call of a provider in a list. Times are ms UTC. */
export interface MessageAttemptListed {
  readonly id: string;
  /** 1 for the first of a message. */
  readonly number: number;
  readonly provider: string;
  readonly startedAt: number;
  /** Null: not known yet, or never, because its worker was lost. */
  readonly durationMs: number | null;
  /** Null: the provider has not answered yet. */
  readonly outcome: 'accepted' | 'deferred' | 'refused' | 'unknown' | null;
  readonly detail: string | null;
}

/** The attempts of a message, oldest first. */
export function attemptsOfMessage(db: Queryable, messageId: string): Promise<MessageAttemptListed[]> {
  return db.all<MessageAttemptListed>(
    `select id, number, provider, started_at as "startedAt", duration_ms as "durationMs", outcome, detail
       from message_attempts
      where message_id = $1
      order by number`,
    [messageId],
  );
}
