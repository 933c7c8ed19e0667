import { padded, places, portions, type Queryable, rows, type Tx } from '../../platform/db/index.ts';
import type { EventKind } from './report.ts';

/** What became of a message after a provider took it. Times are ms UTC. */
export interface MessageEvent {
  readonly id: string;
  readonly kind: EventKind;
  readonly detail: string | null;
  readonly happenedAt: number;
  readonly receivedAt: number;
}

/** An event that is about to be stored. */
export interface NewEvent extends MessageEvent {
  readonly messageId: string;
  readonly fingerprint: string;
}

/** Which of these are messages of a supplier. */
export async function knownMessages(
  db: Queryable,
  supplierId: string,
  messageIds: readonly string[],
): Promise<Set<string>> {
  if (messageIds.length === 0) return new Set();
  const ids = padded(messageIds);
  const found = await db.all<{ readonly id: string }>(
    `select id from messages where supplier_id = $1 and id in (${places(ids.length, 2)})`,
    [supplierId, ...ids],
  );
  return new Set(found.map(({ id }) => id));
}

/** The messages of a supplier by what its providers call them. */
export async function messagesByRef(
  db: Queryable,
  supplierId: string,
  refs: readonly string[],
): Promise<Map<string, string>> {
  if (refs.length === 0) return new Map();
  const wanted = padded(refs);
  const found = await db.all<{ readonly id: string; readonly ref: string }>(
    `select messages.id, provider_ref as ref from message_attempts join messages on messages.id = message_id
      where supplier_id = $1 and provider_ref in (${places(wanted.length, 2)})`,
    [supplierId, ...wanted],
  );
  return new Map(found.map(({ id, ref }) => [ref, id]));
}

/** Stores events; one that is there already is passed over. */
export async function insertEvents(tx: Tx, events: readonly NewEvent[]): Promise<void> {
  const types = ['text', 'text', 'text', 'text', 'bigint', 'bigint', 'text'] as const;
  for (const portion of portions(events)) {
    await tx.run(
      `insert into message_events (id, message_id, kind, detail, happened_at, received_at, fingerprint)
       values ${rows(types, portion.length)}
       on conflict (message_id, fingerprint) do nothing`,
      portion.flatMap((one) => [
        one.id,
        one.messageId,
        one.kind,
        one.detail,
        one.happenedAt,
        one.receivedAt,
        one.fingerprint,
      ]),
    );
  }
}

/** Messages of which nobody knew whether they were taken: now somebody does. */
export async function provenSent(tx: Tx, messageIds: readonly string[]): Promise<void> {
  if (messageIds.length === 0) return;
  const ids = padded(messageIds);
  await tx.run(
    `update messages set state = 'sent', reason = null where state = 'unknown' and id in (${places(ids.length, 1)})`,
    ids,
  );
}

/** What became of a message, the first first. */
export function eventsOfMessage(db: Queryable, messageId: string): Promise<MessageEvent[]> {
  return db.all(
    `select id, kind, detail, happened_at as "happenedAt", received_at as "receivedAt"
       from message_events where message_id = $1 order by happened_at, id`,
    [messageId],
  );
}
