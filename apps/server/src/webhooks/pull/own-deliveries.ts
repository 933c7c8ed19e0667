import { type Db, padded, places, type Queryable } from '../../platform/db/index.ts';
import type { Party } from '../subscriptions/webhook.ts';

/** How a delivery may be. */
type DeliveryState = 'pending' | 'held' | 'delivered' | 'gave_up' | 'cancelled';

/** One attempt, as the connection sees it: the beginning of the answer, at most 1,000 characters. */
export interface OwnAttempt {
  readonly utcStartedAt: string;
  readonly durationMs: number;
  readonly outcome: 'accepted' | 'refused' | 'unreachable';
  readonly status: number | null;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly response: string | null;
}

/** A delivery of one of a connection's webhooks, with its last attempts, oldest first, at most twenty. */
export interface OwnDelivery {
  readonly id: string;
  readonly event: string;
  readonly subjectId: string;
  readonly position: number;
  readonly test: boolean;
  readonly state: DeliveryState;
  readonly reason: string | null;
  readonly utcCreatedAt: string;
  /** When it is tried next; null where it is not. */
  readonly utcDueAt: string | null;
  readonly utcEndedAt: string | null;
  readonly attempts: readonly OwnAttempt[];
}

/** What of a webhook's deliveries is asked for. */
export interface OwnDeliveriesRequest {
  /** Null: all. */
  readonly states: readonly DeliveryState[] | null;
  /** The last delivery of the page before. */
  readonly before: string | undefined;
  readonly limit: number;
}

/** A page, and where the list goes on; null: this is its end. */
export interface OwnDeliveries {
  readonly deliveries: readonly OwnDelivery[];
  readonly next: string | null;
}

interface Row {
  readonly id: string;
  readonly lane: string;
  readonly position: number;
  readonly test: number;
  readonly state: DeliveryState;
  readonly reason: string | null;
  readonly due_at: number;
  readonly created_at: number;
  readonly ended_at: number | null;
}

/** Deliveries that are looked through at once, so that a state that is rare costs a call only so much. */
const lookedThrough = 2_000;

async function ownDeliveries(
  db: Queryable,
  by: Party,
  webhookId: string,
  { states, before, limit }: OwnDeliveriesRequest,
): Promise<OwnDeliveries | undefined> {
  if (!(await isOwn(db, by, webhookId))) return undefined;
  const after = before === undefined ? newest : await placeOf(db, webhookId, before);
  if (after === undefined) return undefined;
  const looked = await deliveriesAfter(db, webhookId, after, states === null ? limit : lookedThrough);
  const wanted = states === null ? looked : looked.filter((row) => states.includes(row.state)).slice(0, limit);
  const last = wanted.length === limit ? wanted.at(-1) : looked.at(-1);
  const whole = looked.length < (states === null ? limit : lookedThrough) && last === looked.at(-1);
  const attempts = await attemptsOf(
    db,
    wanted.map(({ id }) => id),
  );
  const deliveries = wanted.map((row) => shown(row, attempts.get(row.id) ?? []));
  return { deliveries, next: whole || last === undefined ? null : last.id };
}

async function ownDelivery(
  db: Queryable,
  by: Party,
  key: { readonly webhookId: string; readonly id: string },
): Promise<'whole' | 'erased' | 'pruned' | undefined> {
  if (!(await isOwn(db, by, key.webhookId))) return undefined;
  const [row] = await db.all<{ body: number | null; form: string | null }>(
    `select length(v.body) as body, v.form
       from deliveries d left join views v on v.id = d.view_id
      where d.id = $1 and d.webhook_id = $2`,
    [key.id, key.webhookId],
  );
  if (row === undefined) return undefined;
  if (row.body === null) return 'pruned';
  return row.body === 0 && row.form !== 'failed' ? 'erased' : 'whole';
}

async function isOwn(db: Queryable, by: Party, webhookId: string): Promise<boolean> {
  const found = await db.all(
    `select id from webhooks where id = $1 and supplier_id = $2 and connection_id = $3 and state <> 'deleted'`,
    [webhookId, by.supplierId, by.connectionId],
  );
  return found.length > 0;
}

interface Place {
  readonly at: number;
  readonly id: string;
}

const newest: Place = { at: Number.MAX_SAFE_INTEGER, id: '' };

async function placeOf(db: Queryable, webhookId: string, id: string): Promise<Place | undefined> {
  const [row] = await db.all<Place>('select created_at as at, id from deliveries where id = $1 and webhook_id = $2', [
    id,
    webhookId,
  ]);
  return row;
}

function deliveriesAfter(db: Queryable, webhookId: string, after: Place, limit: number): Promise<Row[]> {
  return db.all<Row>(
    `select id, lane, position, test, state, reason, due_at, created_at, ended_at
       from deliveries
      where webhook_id = $1 and created_at <= $2 and (created_at, id) < ($2, $3)
      order by created_at desc, id desc limit $4`,
    [webhookId, after.at, after.id, limit],
  );
}

interface AttemptRow extends Omit<OwnAttempt, 'utcStartedAt'> {
  readonly deliveryId: string;
  readonly startedAt: number;
}

async function attemptsOf(db: Queryable, ids: readonly string[]): Promise<Map<string, OwnAttempt[]>> {
  if (ids.length === 0) return new Map();
  const wanted = padded(ids);
  const rows = await db.all<AttemptRow>(
    `select delivery_id as "deliveryId", started_at as "startedAt", duration_ms as "durationMs", outcome, status, reason, detail,
            substr(response, 1, 1000) as response
       from (select attempts.*, row_number() over (partition by delivery_id order by started_at desc, id desc) as number
               from attempts where delivery_id in (${places(wanted.length)})) as numbered
      where number <= 20
      order by started_at, id`,
    wanted,
  );
  const found = new Map<string, OwnAttempt[]>();
  for (const { deliveryId, startedAt, ...rest } of rows) {
    const attempt = { utcStartedAt: utc(startedAt), ...rest };
    found.set(deliveryId, [...(found.get(deliveryId) ?? []), attempt]);
  }
  return found;
}

const utc = (ms: number): string => new Date(ms).toISOString();

/** A lane names the type and the id of its subject. */
function shown(row: Row, attempts: readonly OwnAttempt[]): OwnDelivery {
  const end = row.lane.indexOf('/');
  return {
    id: row.id,
    event: row.lane.slice(0, end),
    subjectId: row.lane.slice(end + 1),
    position: row.position,
    test: row.test === 1,
    state: row.state,
    reason: row.reason,
    utcCreatedAt: utc(row.created_at),
    utcDueAt: row.state === 'pending' ? utc(row.due_at) : null,
    utcEndedAt: row.ended_at === null ? null : utc(row.ended_at),
    attempts,
  };
}

/** The deliveries of connections' own webhooks. */
export interface OwnWebhookDeliveries {
  /**
   * The deliveries of a webhook of a connection, newest first. A page of some states may have fewer than asked for and still go on.
   * Undefined: there is no such webhook, or no such delivery to go on from.
   */
  list(by: Party, webhookId: string, request: OwnDeliveriesRequest): Promise<OwnDeliveries | undefined>;
  /** Whether a delivery is one of a connection's webhook, and whether its body is there. */
  one(
    by: Party,
    key: { readonly webhookId: string; readonly id: string },
  ): Promise<'whole' | 'erased' | 'pruned' | undefined>;
}

/** See `OwnWebhookDeliveries`. */
export function createOwnDeliveries(db: Db): OwnWebhookDeliveries {
  return {
    list: (by, webhookId, request) => ownDeliveries(db.reader, by, webhookId, request),
    one: (by, key) => ownDelivery(db, by, key),
  };
}
