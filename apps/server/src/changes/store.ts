import type { EventType } from '@carillon/contract';
import { padded, places, portions, type Queryable, rows, type Tx } from '../platform/db/index.ts';
import type { Subject } from './change.ts';
import type { NewSnapshot, Snapshot } from './snapshots.ts';

/** A subject's last event. */
export interface SubjectRow {
  readonly id: string;
  readonly position: number;
  readonly event_id: string;
}

/** Locks subjects of one supplier and one type, by id; those without an event are left out. */
export function lockSubjects(tx: Tx, subjects: readonly [Subject, ...Subject[]]): Promise<SubjectRow[]> {
  const ids = padded(subjects.map((subject) => subject.id));
  return tx.all(
    `select id, position, event_id from subjects
      where supplier_id = $1 and type = $2 and id in (${places(ids.length, 3)})
      order by id${tx.dialect.forUpdate}`,
    [subjects[0].supplierId, subjects[0].type, ...ids],
  );
}

/** The current documents of subjects of one supplier and one type, as they are stored. */
export function currentTexts(
  db: Queryable,
  subjects: readonly [Subject, ...Subject[]],
): Promise<{ readonly id: string; readonly document: string }[]> {
  const ids = padded(subjects.map((subject) => subject.id));
  return db.all(
    `select s.id, e.after as document from subjects s join events e on e.id = s.event_id
      where s.supplier_id = $1 and s.type = $2 and s.id in (${places(ids.length, 3)})`,
    [subjects[0].supplierId, subjects[0].type, ...ids],
  );
}

/** An event as it is stored. */
export interface NewEvent {
  readonly id: string;
  readonly supplierId: string;
  readonly connectionId: string | null;
  readonly type: EventType;
  readonly subjectId: string;
  readonly position: number;
  readonly beforeEventId: string | null;
  /** Of a subject that was not new when its first event was recorded. */
  readonly before: string | null;
  readonly after: string;
  readonly createdAt: number;
}

const columnsOfEvent = 10;

/** The rows of a `values` of so many events. Each ends with its place in the order of its supplier's. */
function eventRows(dialect: Tx['dialect'], count: number): string {
  return Array.from({ length: count }, (_, index) => {
    const first = index * columnsOfEvent + 1;
    const scope = `supplier_id = $${first + 1}`;
    return `(${places(columnsOfEvent, first)}, ${dialect.nextInSequence({ table: 'events', scope, row: `${index + 1}` })})`;
  }).join(', ');
}

/**
 * Stores events, each with its place in the order of its supplier's. A position that is taken is a unique violation: two writers did
 * not hold the subject.
 */
export function insertEvents(tx: Tx, events: readonly NewEvent[]): void {
  // SQLite would store several in a table of its own first, because it looks for the last place in the one that they go to.
  const all = tx.dialect.concurrent ? portions(events) : events.map((event) => [event]);
  for (const portion of all) {
    tx.send(
      `insert into events (id, supplier_id, connection_id, type, subject_id, position, before_event_id, before, after,
                             created_at, sequence)
         values ${eventRows(tx.dialect, portion.length)}`,
      portion.flatMap((event) => [
        event.id,
        event.supplierId,
        event.connectionId,
        event.type,
        event.subjectId,
        event.position,
        event.beforeEventId,
        event.before,
        event.after,
        event.createdAt,
      ]),
    );
  }
}

/** Makes each event its subject's last. */
export function writeSubjects(tx: Tx, events: readonly NewEvent[]): void {
  for (const portion of portions(events)) {
    tx.send(
      `insert into subjects (supplier_id, type, id, position, event_id)
         values ${rows(['text', 'text', 'text', 'bigint', 'text'], portion.length)}
         on conflict (id, type, supplier_id)
         do update set position = excluded.position, event_id = excluded.event_id`,
      portion.flatMap((event) => [event.supplierId, event.type, event.subjectId, event.position, event.id]),
    );
  }
}

/** Stores snapshots, which may be there already; each stands in `snapshots` once. */
export function insertSnapshots(tx: Tx, snapshots: readonly NewSnapshot[]): void {
  // In one order, so that two transactions that store the same ones do not wait for each other.
  const inOrder = snapshots.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  tx.send(
    `insert into snapshots (supplier_id, id, body) values ${rows(['text', 'text', 'text'], inOrder.length)}
     on conflict (supplier_id, id) do nothing`,
    inOrder.flatMap(({ supplierId, id, body }) => [supplierId, id, body]),
  );
}

/** Snapshots of a supplier by id; unknown ids are left out. */
export function snapshotsById(db: Queryable, supplierId: string, ids: readonly string[]): Promise<Snapshot[]> {
  return db.all(`select id, body from snapshots where supplier_id = $1 and id in (${places(ids.length, 2)})`, [
    supplierId,
    ...ids,
  ]);
}

/** An event with its documents as they are stored. */
export interface EventRow {
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

/** Events of a supplier by id, in no order; unknown ids are left out. */
export function eventsById(db: Queryable, supplierId: string, ids: readonly string[]): Promise<EventRow[]> {
  return db.all(
    `select e.id, e.supplier_id, e.connection_id, e.type, e.subject_id, e.position,
            coalesce(e.before, earlier.after) as before, e.after, e.created_at
       from events e left join events earlier on earlier.id = e.before_event_id
      where e.supplier_id = $1 and e.id in (${places(ids.length, 2)})`,
    [supplierId, ...ids],
  );
}
