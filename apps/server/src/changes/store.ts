import type { AnyDocument, DocumentOf, EventType } from '@carillon/contract';
import { type Queryable, rows, type Tx } from '../platform/db/index.ts';
import type { Held, RecordedEvent, Subject } from './change.ts';

interface DocumentRow {
  readonly subject_id: string;
  readonly position: number;
  readonly document: string;
}

/** Locks the documents of subjects of one supplier and one type, by id; subjects without a document are left out. */
export async function lockDocuments<T extends EventType>(tx: Tx, subjects: readonly Subject<T>[]): Promise<Held<T>[]> {
  const first = subjects[0];
  if (first === undefined) return [];
  const ids = subjects.map((_, index) => `$${index + 3}`).join(', ');
  const found = await tx.all<DocumentRow>(
    `select subject_id, position, document from documents
      where supplier_id = $1 and type = $2 and subject_id in (${ids})
      order by subject_id${tx.dialect.forUpdate}`,
    [first.supplierId, first.type, ...subjects.map((subject) => subject.id)],
  );
  return found.map((row) => ({
    supplierId: first.supplierId,
    type: first.type,
    id: row.subject_id,
    position: row.position,
    document: JSON.parse(row.document) as DocumentOf[T],
  }));
}

/** An event with its documents as they are stored. */
export interface EventTexts {
  readonly event: RecordedEvent;
  readonly before: string | null;
  readonly after: string;
}

/** Serialises an event's documents, once for all that store them. */
export function textsOf(event: RecordedEvent): EventTexts {
  const before = event.before === null ? null : JSON.stringify(event.before);
  return { event, before, after: JSON.stringify(event.after) };
}

/** Makes each event's `after` the current document of its subject, at the event's position. */
export function writeDocuments(tx: Tx, events: readonly EventTexts[]): Promise<number> {
  return tx.run(
    `insert into documents (supplier_id, type, subject_id, position, document)
     values ${rows(['text', 'text', 'text', 'bigint', 'text'], events.length)}
     on conflict (supplier_id, type, subject_id)
     do update set position = excluded.position, document = excluded.document`,
    events.flatMap(({ event, after }) => [event.supplierId, event.type, event.subjectId, event.position, after]),
  );
}

/** Stores events. A position that is taken is a unique violation: two writers did not hold the subject. */
export function insertEvents(tx: Tx, events: readonly EventTexts[]): Promise<number> {
  return tx.run(
    `insert into events
       (id, supplier_id, connection_id, type, subject_id, position, before, after, created_at)
     values ${rows(['text', 'text', 'text', 'text', 'text', 'bigint', 'text', 'text', 'bigint'], events.length)}`,
    events.flatMap(({ event, before, after }) => [
      event.id,
      event.supplierId,
      event.connectionId,
      event.type,
      event.subjectId,
      event.position,
      before,
      after,
      event.createdAt,
    ]),
  );
}

/** The current document of a subject, or undefined when it has none. */
export async function currentDocument<T extends EventType>(
  db: Queryable,
  subject: Subject<T>,
): Promise<DocumentOf[T] | undefined> {
  const [row] = await db.all<{ document: string }>(
    'select document from documents where supplier_id = $1 and type = $2 and subject_id = $3',
    [subject.supplierId, subject.type, subject.id],
  );
  return row && (JSON.parse(row.document) as DocumentOf[T]);
}

interface EventRow {
  readonly id: string;
  readonly supplier_id: string;
  readonly connection_id: string | null;
  readonly type: EventType;
  readonly subject_id: string;
  readonly position: number;
  readonly before: string | null;
  readonly after: string;
  readonly created_at: number;
}

/** Events by id, in no order; unknown ids are left out. */
export async function eventsById(db: Queryable, ids: readonly string[]): Promise<RecordedEvent[]> {
  if (ids.length === 0) return [];
  const found = await db.all<EventRow>(
    `select id, supplier_id, connection_id, type, subject_id, position, before, after, created_at
       from events where id in (${ids.map((_, index) => `$${index + 1}`).join(', ')})`,
    ids,
  );
  return found.map((row) => ({
    id: row.id,
    supplierId: row.supplier_id,
    connectionId: row.connection_id,
    type: row.type,
    subjectId: row.subject_id,
    position: row.position,
    before: row.before === null ? null : (JSON.parse(row.before) as AnyDocument),
    after: JSON.parse(row.after) as AnyDocument,
    createdAt: row.created_at,
  }));
}
