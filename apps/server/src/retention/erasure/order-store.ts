import { padded, places, type Tx } from '../../platform/db/index.ts';

/** What was said of an order itself, as JSON; null: nothing. Its row is locked. */
export async function ownOf(tx: Tx, orderId: string): Promise<string | null> {
  const [row] = await tx.all<{ own: string | null }>('select own from orders where id = $1', [orderId]);
  return row?.own ?? null;
}

/** Writes what was said of an order itself. */
export function writeOwn(tx: Tx, orderId: string, own: string): void {
  tx.send('update orders set own = $2 where id = $1', [orderId, own]);
}

/** Has an order no longer found by its contact. */
export function findNoMore(tx: Tx, orderId: string): void {
  tx.send('update orders set contact_email = null, contact_last_name = null, contact_phone = null where id = $1', [
    orderId,
  ]);
}

/** Forgets for which orders a guest came. */
export function forgetGuest(tx: Tx, supplierId: string, addressHash: string): void {
  tx.send('delete from order_guests where supplier_id = $1 and address_hash = $2', [supplierId, addressHash]);
}

/** The orders that are noted for a guest. */
export async function ordersOfGuest(tx: Tx, supplierId: string, addressHash: string): Promise<string[]> {
  const found = await tx.all<{ id: string }>(
    'select order_id as id from order_guests where supplier_id = $1 and address_hash = $2',
    [supplierId, addressHash],
  );
  return found.map(({ id }) => id);
}

/** By whose address an order is found; null: by none. */
export async function contactOf(
  tx: Tx,
  orderId: string,
): Promise<{ readonly email: string | null; readonly isFound: boolean }> {
  const [row] = await tx.all<{ email: string | null; last_name: string | null; phone: string | null }>(
    `select contact_email as email, contact_last_name as last_name, contact_phone as phone from orders where id = $1`,
    [orderId],
  );
  const { email = null, last_name = null, phone = null } = row ?? {};
  return { email, isFound: [email, last_name, phone].some((text) => text !== null) };
}

/** An e-mail of an order. `isFrozen`: it has a text, which does not change any more. */
export interface OrderMessage {
  readonly id: string;
  readonly address: string | null;
  readonly headerId: string | null;
  readonly state: string;
  readonly isFrozen: boolean;
}

/** The e-mails of an order, locked. */
export async function lockMessages(tx: Tx, supplierId: string, orderId: string): Promise<OrderMessage[]> {
  const found = await tx.all<Omit<OrderMessage, 'isFrozen'> & { readonly frozen: number }>(
    `select id, address, header_id as "headerId", state,
            case when subject is not null or mime is not null then 1 else 0 end as frozen
       from messages
      where supplier_id = $1 and order_id = $2 order by id${tx.dialect.forUpdate}`,
    [supplierId, orderId],
  );
  return found.map(({ frozen, ...message }) => ({ ...message, isFrozen: frozen === 1 }));
}

/** Empties e-mails: to whom, and what. One that has not left never will. `now` is ms UTC. */
export async function emptyMessages(
  tx: Tx,
  of: { readonly ids: readonly string[]; readonly reason: string; readonly now: number },
): Promise<void> {
  const ids = padded(of.ids);
  await tx.run(
    `update messages
        set address = null, subject = null, mime = null,
            reason = case when state = 'settling' then $1 else reason end,
            ended_at = case when state = 'settling' then $2 else ended_at end,
            lease_token = case when state = 'settling' then null else lease_token end,
            lease_until = case when state = 'settling' then 0 else lease_until end,
            state = case when state = 'settling' then 'skipped' else state end
      where id in (${places(ids.length, 3)})`,
    [of.reason, of.now, ...ids],
  );
  await tx.run(`update message_attempts set detail = null where message_id in (${places(ids.length)})`, ids);
}

/** Takes e-mails out of the built-in mailbox, by their Message-IDs; gives how many there were. */
export function deleteMails(tx: Tx, headerIds: readonly string[]): Promise<number> {
  if (headerIds.length === 0) return Promise.resolve(0);
  const ids = padded(headerIds);
  return tx.run(`delete from mails where message_id in (${places(ids.length)})`, ids);
}

/** An answer that is kept for a call that may come twice. */
export interface KeptAnswer {
  readonly key: string;
  readonly answer: string;
}

/** Answers that are kept of a supplier, after one of them by its key. They are kept for two days. */
export function keptAnswers(tx: Tx, supplierId: string, after: string, limit: number): Promise<KeptAnswer[]> {
  return tx.all(
    `select idempotency_key as key, answer from kept_answers
      where supplier_id = $1 and idempotency_key > $2 order by idempotency_key limit $3`,
    [supplierId, after, limit],
  );
}

/** Writes a kept answer anew. */
export function writeAnswer(tx: Tx, supplierId: string, { key, answer }: KeptAnswer): void {
  tx.send('update kept_answers set answer = $3 where supplier_id = $1 and idempotency_key = $2', [
    supplierId,
    key,
    answer,
  ]);
}
