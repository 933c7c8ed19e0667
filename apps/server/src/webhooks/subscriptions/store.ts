import type { CapabilityId, EventType } from '@carillon/contract';
import { padded, places, type Queryable, type Tx } from '../../platform/db/index.ts';
import { type SendingRow, sendingOf, sendingValues } from './sending.ts';
import { type TellingRow, tellingOf, tellingValues } from './telling.ts';
import { type Party, thinEvent, type Webhook } from './webhook.ts';

/** A row of `webhooks`. */
export interface WebhookRow extends SendingRow, TellingRow {
  readonly id: string;
  readonly supplier_id: string;
  readonly connection_id: string;
  readonly event: EventType | typeof thinEvent;
  readonly notification_types: string | null;
  readonly url: string;
  readonly credentials: string | null;
  readonly headers: string;
  readonly authentication: string | null;
  readonly capabilities: string;
  readonly use_contact_language: number;
  readonly retry_on_error: number;
  readonly language: string;
  readonly signing_secret: string;
  readonly previous_secret: string | null;
  readonly previous_until: number | null;
  readonly state: Webhook['state'];
  readonly state_reason: string | null;
  readonly paused: number;
  readonly hears_all: number;
  readonly revision: number;
  readonly created_at: number;
  readonly updated_at: number;
}

/** A row as the rest of the code knows it. */
export function webhookOf(row: WebhookRow): Webhook {
  const { event, notification_types: covered } = row;
  return {
    id: row.id,
    supplierId: row.supplier_id,
    connectionId: row.connection_id,
    events: event === thinEvent ? (JSON.parse(covered ?? '[]') as EventType[]) : [event],
    thin: event === thinEvent,
    url: row.url,
    credentials: row.credentials,
    headers: row.headers,
    authentication: row.authentication,
    capabilities: JSON.parse(row.capabilities) as CapabilityId[],
    useContactLanguage: row.use_contact_language === 1,
    retryOnError: row.retry_on_error === 1,
    language: row.language,
    signingSecret: row.signing_secret,
    previousSecret: row.previous_secret,
    previousUntil: row.previous_until,
    state: row.state,
    stateReason: row.state_reason,
    paused: row.paused === 1,
    hearsAll: row.hears_all === 1,
    sending: sendingOf(row),
    telling: tellingOf(row),
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** `event` and `notification_types` of a webhook. */
function eventColumns({ thin, events }: Webhook): [string, string | null] {
  return thin ? [thinEvent, JSON.stringify(events)] : [events[0] ?? '', null];
}

/** Stores a new webhook. */
export function insertWebhook(tx: Tx, webhook: Webhook): Promise<number> {
  return tx.run(
    `insert into webhooks
       (id, supplier_id, connection_id, event, notification_types, url, credentials, headers, capabilities,
        use_contact_language, retry_on_error, language, signing_secret, previous_secret, previous_until, state,
        state_reason, revision, created_at, updated_at, paused, hears_all, ordering, hold_for_ms, concurrency,
        rate_per_second, rate_burst, retry_delays, filter, payload, transformation, authentication)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
             $25, $26, $27, $28, $29, $30, $31, $32)`,
    [
      webhook.id,
      webhook.supplierId,
      webhook.connectionId,
      ...eventColumns(webhook),
      webhook.url,
      webhook.credentials,
      webhook.headers,
      JSON.stringify(webhook.capabilities),
      Number(webhook.useContactLanguage),
      Number(webhook.retryOnError),
      webhook.language,
      webhook.signingSecret,
      webhook.previousSecret,
      webhook.previousUntil,
      webhook.state,
      webhook.stateReason,
      webhook.revision,
      webhook.createdAt,
      webhook.updatedAt,
      Number(webhook.paused),
      Number(webhook.hearsAll),
      ...sendingValues(webhook.sending),
      ...tellingValues(webhook.telling),
      webhook.authentication,
    ],
  );
}

/** Writes what can change of a webhook. */
export function updateWebhook(tx: Tx, webhook: Webhook): Promise<number> {
  return tx.run(
    `update webhooks
        set event = $2, notification_types = $3, url = $4, credentials = $5, headers = $6, capabilities = $7,
            use_contact_language = $8, retry_on_error = $9, language = $10, signing_secret = $11, previous_secret = $12,
            previous_until = $13, state = $14, state_reason = $15, revision = $16, updated_at = $17, paused = $18,
            ordering = $19, hold_for_ms = $20, concurrency = $21, rate_per_second = $22, rate_burst = $23,
            retry_delays = $24, filter = $25, payload = $26, transformation = $27, authentication = $28
      where id = $1`,
    [
      webhook.id,
      ...eventColumns(webhook),
      webhook.url,
      webhook.credentials,
      webhook.headers,
      JSON.stringify(webhook.capabilities),
      Number(webhook.useContactLanguage),
      Number(webhook.retryOnError),
      webhook.language,
      webhook.signingSecret,
      webhook.previousSecret,
      webhook.previousUntil,
      webhook.state,
      webhook.stateReason,
      webhook.revision,
      webhook.updatedAt,
      Number(webhook.paused),
      ...sendingValues(webhook.sending),
      ...tellingValues(webhook.telling),
      webhook.authentication,
    ],
  );
}

/** A webhook that is not deleted, by its supplier's id and its own. */
interface WebhookKey {
  readonly supplierId: string;
  readonly id: string;
}

/** A supplier's webhook. */
export async function webhookById(db: Queryable, key: WebhookKey): Promise<Webhook | undefined> {
  const [row] = await db.all<WebhookRow>(
    `select * from webhooks where id = $1 and supplier_id = $2 and state <> 'deleted'`,
    [key.id, key.supplierId],
  );
  return row && webhookOf(row);
}

/**
 * A supplier's webhook, its row locked: whoever changes one locks it first, before anything that is owed to it. A transaction
 * that records changes waits for it, or it for the transaction.
 */
export async function lockWebhook(tx: Tx, key: WebhookKey): Promise<Webhook | undefined> {
  const [row] = await tx.all<WebhookRow>(
    `select * from webhooks where id = $1 and supplier_id = $2 and state <> 'deleted'${tx.dialect.forUpdate}`,
    [key.id, key.supplierId],
  );
  return row && webhookOf(row);
}

/** What settling has to know of a webhook, a deleted one included. */
export interface Standing {
  readonly id: string;
  readonly state: Webhook['state'];
  readonly reason: string | null;
  readonly revision: number;
}

/** How webhooks stand until the transaction ends. `toChange` locks out whoever records changes for them. */
export function lockStanding(tx: Tx, ids: readonly string[], toChange: boolean): Promise<Standing[]> {
  const wanted = padded(ids);
  return tx.all<Standing>(
    `select w.id, w.state, w.state_reason as reason, w.revision from webhooks w
      where w.id in (${places(wanted.length)})
      order by w.id${toChange ? tx.dialect.forUpdate : tx.dialect.forShareOf('w')}`,
    wanted,
  );
}

/** The webhooks of a connection, oldest first. */
export async function connectionWebhooks(db: Queryable, by: Party): Promise<Webhook[]> {
  const found = await db.all<WebhookRow>(
    `select * from webhooks where supplier_id = $1 and connection_id = $2 and state <> 'deleted' order by created_at, id`,
    [by.supplierId, by.connectionId],
  );
  return found.map(webhookOf);
}

/** The webhooks of a supplier, oldest first. */
export async function supplierWebhooks(db: Queryable, supplierId: string): Promise<Webhook[]> {
  const found = await db.all<WebhookRow>(
    `select * from webhooks where supplier_id = $1 and state <> 'deleted' order by created_at, id`,
    [supplierId],
  );
  return found.map(webhookOf);
}

/** How many webhooks a connection has. */
export async function countWebhooks(db: Queryable, by: Party): Promise<number> {
  const [row] = await db.all<{ count: number }>(
    `select count(*) as count from webhooks where supplier_id = $1 and connection_id = $2 and state <> 'deleted'`,
    [by.supplierId, by.connectionId],
  );
  return row?.count ?? 0;
}

/** Every webhook of the instance that is not deleted. */
export async function allWebhooks(db: Queryable): Promise<Webhook[]> {
  const found = await db.all<WebhookRow>(`select * from webhooks where state <> 'deleted' order by id`, []);
  return found.map(webhookOf);
}

/** Disables a webhook whose row is locked. */
export function disableWebhook(
  tx: Tx,
  webhook: { readonly id: string; readonly reason: string; readonly now: number },
): void {
  tx.send(
    `update webhooks set state = 'disabled', state_reason = $2, revision = revision + 1, updated_at = $3 where id = $1`,
    [webhook.id, webhook.reason, webhook.now],
  );
}

/**
 * The webhooks that are not deleted of a supplier, or of one of its connections, their rows locked in the order of their ids.
 */
export async function lockWebhooksOf(
  tx: Tx,
  of: { readonly supplierId: string; readonly connectionId?: string },
): Promise<Webhook[]> {
  const found = await tx.all<WebhookRow>(
    `select * from webhooks
      where supplier_id = $1 and state <> 'deleted' and (cast($2 as text) is null or connection_id = $2)
      order by id${tx.dialect.forUpdate}`,
    [of.supplierId, of.connectionId ?? null],
  );
  return found.map(webhookOf);
}
