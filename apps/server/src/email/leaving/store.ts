import { type Db, padded, places, type Queryable, type Tx } from '../../platform/db/index.ts';
import type { Claimed, Lost, MessageKind, MessageState } from '../messages/message.ts';
import type { RenderedMail } from '../rendering/render.ts';

/** A lease to take: its token, and how long it holds in the database's time, ms. */
export interface Lease {
  readonly token: string;
  readonly ms: number;
}

interface ClaimedRow {
  readonly id: string;
  readonly supplier_id: string;
  readonly order_id: string;
  readonly campaign_id: string;
  readonly kind: MessageKind;
  readonly created_at: number;
  readonly moment_at: number | null;
  readonly visit_date: string | null;
  readonly address: string | null;
  readonly attempts: number;
  readonly failures: number;
  readonly header_id: string | null;
  readonly provider: string | null;
  readonly provider_id: string | null;
  readonly lease_token: string;
}

const claimedColumns =
  'id, supplier_id, order_id, campaign_id, kind, created_at, moment_at, visit_date, address, attempts, failures, header_id, provider, provider_id, lease_token';

/** A message of an order waits while another of the same order is being handed over, so that they arrive in order. */
const noneIsSending = `not exists (
  select 1 from messages other
   where other.supplier_id = candidate.supplier_id and other.order_id = candidate.order_id and other.state = 'sending')`;

/** Nothing leaves for a supplier that is suspended: its messages wait. */
const supplierIsActive = `exists (
  select 1 from suppliers where suppliers.id = candidate.supplier_id and suppliers.state = 'active')`;

/** Takes a lease on messages that are due at `now` (ms UTC), the longest due first, at most `limit`; none of the suppliers in `busy`. */
export async function claimDue(
  db: Db,
  claim: { readonly now: number; readonly limit: number; readonly lease: Lease; readonly busy: readonly string[] },
): Promise<Claimed[]> {
  const busy = padded(claim.busy.length === 0 ? [''] : claim.busy);
  const found = await db.all<ClaimedRow>(
    `update messages set lease_token = $1, lease_until = ${db.dialect.nowMs} + $2
      where id in (
        select id from messages candidate
         where state = 'settling' and due_at <= $3 and lease_until <= ${db.dialect.nowMs} and ${noneIsSending}
           and ${supplierIsActive} and supplier_id not in (${places(busy.length, 5)})
         order by due_at limit $4${db.dialect.forUpdateSkipLocked})
     returning ${claimedColumns}`,
    [claim.lease.token, claim.lease.ms, claim.now, claim.limit, ...busy],
    'fresh_plan',
  );
  return found.map(claimedOf);
}

/** Takes a lease on messages whose worker was lost while it handed them over, at most `limit`. */
export async function claimLost(db: Db, claim: { readonly limit: number; readonly lease: Lease }): Promise<Lost[]> {
  const found = await db.all<ClaimedRow>(
    `update messages set lease_token = $1, lease_until = ${db.dialect.nowMs} + $2
      where id in (
        select id from messages
         where state = 'sending' and lease_until <= ${db.dialect.nowMs}
         order by lease_until limit $3${db.dialect.forUpdateSkipLocked})
     returning ${claimedColumns}`,
    [claim.lease.token, claim.lease.ms, claim.limit],
    'fresh_plan',
  );
  return found.map((row) => ({
    ...claimedOf(row),
    headerId: row.header_id ?? '',
    provider: row.provider ?? '',
    providerId: row.provider_id,
  }));
}

const claimedOf = (row: ClaimedRow): Claimed => ({
  id: row.id,
  supplierId: row.supplier_id,
  orderId: row.order_id,
  campaignId: row.campaign_id,
  kind: row.kind,
  createdAt: row.created_at,
  momentAt: row.moment_at,
  visitDate: row.visit_date,
  address: row.address,
  attempts: row.attempts,
  failures: row.failures,
  headerId: row.header_id,
  leaseToken: row.lease_token,
});

/** When the next message is due that nobody holds, ms UTC; null when none is. */
export async function nextDueAt(db: Queryable): Promise<number | null> {
  const [row] = await db.all<{ readonly at: number | null }>(
    `select min(due_at) as at from messages candidate
      where state = 'settling' and lease_until <= ${db.dialect.nowMs} and ${noneIsSending} and ${supplierIsActive}`,
  );
  return row?.at ?? null;
}

/** How long until the next lease ends that somebody holds, ms from now; null when nobody holds one. */
export async function nextLeaseEndsIn(db: Queryable): Promise<number | null> {
  const [row] = await db.all<{ readonly ms: number | null }>(
    `select min(lease_until) - ${db.dialect.nowMs} as ms from messages
      where (state = 'sending' or state = 'settling') and lease_token is not null`,
  );
  return row?.ms ?? null;
}

/** Locks a message that is still held by this lease and in this state; false when it is not. */
export async function lockHeld(
  tx: Tx,
  held: { readonly id: string; readonly leaseToken: string; readonly state: MessageState },
): Promise<boolean> {
  const found = await tx.all(
    `select id from messages where id = $1 and lease_token = $2 and state = $3${tx.dialect.forUpdate}`,
    [held.id, held.leaseToken, held.state],
  );
  return found.length > 0;
}

/** Freezes what a message says: from here on it is in a provider's hands. */
export async function startSending(
  tx: Tx,
  message: {
    readonly id: string;
    readonly campaignId: string;
    readonly number: number;
    readonly provider: string;
    readonly providerId: string | null;
    readonly leaseMs: number;
    readonly mail: RenderedMail;
  },
): Promise<void> {
  const { mail } = message;
  await tx.run(
    `update messages
        set state = 'sending', reason = null, failures = 0, campaign_id = $2, attempts = $3, provider = $4,
            lease_until = ${tx.dialect.nowMs} + $5, address = $6, language = $7, header_id = $8, sender = $9,
            subject = $10, mime = $11, provider_id = $12
      where id = $1`,
    [
      message.id,
      message.campaignId,
      message.number,
      message.provider,
      message.leaseMs,
      mail.to,
      mail.language,
      mail.messageId,
      mail.from,
      mail.subject,
      mail.mime,
      message.providerId,
    ],
  );
}

/** Ends a message. */
export async function endMessage(
  tx: Tx,
  ended: {
    readonly id: string;
    readonly state: Exclude<MessageState, 'settling' | 'sending'>;
    readonly reason: string | null;
    readonly endedAt: number;
  },
): Promise<void> {
  await tx.run(
    'update messages set state = $2, reason = $3, ended_at = $4, lease_token = null, lease_until = 0 where id = $1',
    [ended.id, ended.state, ended.reason, ended.endedAt],
  );
}

/** Gives up a lease on a message that did not leave, so that it is claimed again. */
export async function releaseMessage(
  db: Db,
  held: { readonly id: string; readonly leaseToken: string },
): Promise<void> {
  await db.run('update messages set lease_token = null, lease_until = 0 where id = $1 and lease_token = $2', [
    held.id,
    held.leaseToken,
  ]);
}

/** Lets a message wait until `dueAt` (ms UTC) that could not be looked at or written, for the time that `failures` says in a row. */
export async function postponeMessage(
  tx: Tx,
  message: { readonly id: string; readonly reason: string; readonly dueAt: number; readonly failures: number },
): Promise<void> {
  await tx.run(
    `update messages set reason = $2, due_at = $3, failures = $4, lease_token = null, lease_until = 0 where id = $1`,
    [message.id, message.reason, message.dueAt, message.failures],
  );
}

/** Opens a message again that a provider surely did not take; it is due at `dueAt` (ms UTC). */
export async function reopenMessage(
  tx: Tx,
  message: { readonly id: string; readonly reason: string; readonly dueAt: number },
): Promise<void> {
  await tx.run(
    `update messages set state = 'settling', reason = $2, due_at = $3, lease_token = null, lease_until = 0 where id = $1`,
    [message.id, message.reason, message.dueAt],
  );
}

/** Locks the message that was opened for an order while another of it was being handed over; its id, or undefined. */
export async function lockNewer(tx: Tx, supplierId: string, orderId: string): Promise<string | undefined> {
  const [row] = await tx.all<{ readonly id: string }>(
    `select id from messages
      where supplier_id = $1 and order_id = $2 and recipient = 'guest' and state = 'settling' and apart = ''${tx.dialect.forUpdate}`,
    [supplierId, orderId],
  );
  return row?.id;
}

/** Lets the bookings of one message join another, which keeps its own first events. */
export async function joinFrom(tx: Tx, from: string, into: string): Promise<void> {
  await tx.run(
    `insert into message_bookings (message_id, booking_uuid, first_event_id, last_event_id)
     select cast($2 as text), booking_uuid, first_event_id, last_event_id from message_bookings where message_id = $1
     on conflict (message_id, booking_uuid) do update set last_event_id = excluded.last_event_id`,
    [from, into],
  );
}
