import type { DocumentOf, EventType } from '@carillon/contract';
import type { Tx } from '../platform/db/index.ts';
import type { Change, Held, Listener, RecordedEvent, Subject } from './change.ts';
import { createReading, type Reading } from './reading.ts';
import { type NewSnapshot, Snapshots } from './snapshots.ts';
import { currentTexts, insertEvents, insertSnapshots, lockSubjects, type NewEvent, writeSubjects } from './store.ts';

/** Records changes, and reads what was recorded. Subjects are locked first, then changed, then recorded, all in one transaction. */
export interface Changes extends Reading {
  /**
   * Locks subjects of one supplier and one type, in the order of their ids, and gives their current documents in the order
   * asked for.
   */
  hold<T extends EventType>(tx: Tx, subjects: readonly Subject<T>[]): Promise<Held<T>[]>;
  /** Stores each change's document and event, and tells the listeners. A subject may stand in `changes` once. */
  record(tx: Tx, changes: readonly Change[]): Promise<readonly RecordedEvent[]>;
}

/** `now` gives ms UTC, `newId` a fresh id that sorts by time. */
export function createChanges(deps: {
  readonly listeners: readonly Listener[];
  readonly now: () => number;
  readonly newId: () => string;
}): Changes {
  const snapshots = new Snapshots();
  const reader = createReading(snapshots);

  function eventOf(change: Change, createdAt: number): RecordedEvent {
    const { held } = change;
    return {
      id: deps.newId(),
      supplierId: held.supplierId,
      connectionId: change.connectionId,
      type: held.type,
      subjectId: held.id,
      position: held.position + 1,
      before: held.document ?? change.before ?? null,
      after: change.after,
      createdAt,
    };
  }

  function store(tx: Tx, changes: readonly Change[], events: readonly RecordedEvent[]): void {
    const missing = new Map<string, NewSnapshot>();
    const text = (event: RecordedEvent, document: RecordedEvent['after']): string => {
      const packed = snapshots.pack(event.supplierId, document);
      for (const snapshot of packed.missing) missing.set(`${snapshot.supplierId} ${snapshot.id}`, snapshot);
      return packed.text;
    };
    const stored = events.map((event, index): NewEvent => {
      const beforeEventId = changes[index]?.held.eventId ?? null;
      const before = beforeEventId === null && event.before !== null ? text(event, event.before) : null;
      return { ...event, beforeEventId, before, after: text(event, event.after) };
    });
    if (missing.size > 0) insertSnapshots(tx, [...missing.values()]);
    insertEvents(tx, stored);
    writeSubjects(tx, stored);
    tx.afterCommit(() => {
      for (const { supplierId, id, value } of missing.values()) snapshots.remember(supplierId, id, value);
    });
  }

  return {
    ...reader,
    async hold<T extends EventType>(tx: Tx, subjects: readonly Subject<T>[]) {
      const [first, ...others] = subjects;
      if (first === undefined) return [];
      // The documents are read by a statement of their own: the locking one, when it had to wait, would read them as they were
      // before (Postgres, read committed).
      const locking = lockSubjects(tx, [first, ...others]);
      const reading = currentTexts(tx, [first, ...others]);
      for (const listener of deps.listeners) listener.held?.(tx, [first, ...others]);
      const [locked, texts] = await Promise.all([locking, reading]);
      const documents = await reader.documents<T>(
        tx,
        first.supplierId,
        texts.map((row) => row.document),
      );
      const documentOf = new Map<string, DocumentOf[T] | undefined>(
        texts.map((row, index) => [row.id, documents[index]]),
      );
      const rowOf = new Map(locked.map((row) => [row.id, row]));
      return subjects.map((subject): Held<T> => {
        const row = rowOf.get(subject.id);
        if (row === undefined) return { ...subject, document: null, position: 0, eventId: null };
        const document = documentOf.get(subject.id) ?? null;
        return { ...subject, document, position: row.position, eventId: row.event_id };
      });
    },
    async record(tx, changes) {
      if (changes.length === 0) return [];
      const createdAt = deps.now();
      const events = changes.map((change) => eventOf(change, createdAt));
      store(tx, changes, events);
      await Promise.all(deps.listeners.map((listener) => listener.recorded(tx, events)));
      return events;
    },
  };
}
