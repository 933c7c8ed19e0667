import type { AnyDocument, DocumentOf, EventType } from '@carillon/contract';
import type { Queryable, Tx } from '../platform/db/index.ts';
import type { RecordedEvent, Subject } from './change.ts';
import type { Snapshots } from './snapshots.ts';
import { currentTexts, eventsById, snapshotsById } from './store.ts';

/** Reads documents and events. */
export interface Reading {
  /** The current document of a subject; undefined when it has none. */
  current<T extends EventType>(db: Queryable, subject: Subject<T>): Promise<DocumentOf[T] | undefined>;
  /** The current documents of subjects of one supplier and one type, by id; those that have none are left out. */
  currentById<T extends EventType>(db: Queryable, subjects: readonly Subject<T>[]): Promise<Map<string, DocumentOf[T]>>;
  /** Events of a supplier by id, in no order; unknown ids are left out. */
  events(db: Queryable, supplierId: string, ids: readonly string[]): Promise<RecordedEvent[]>;
  /** The documents of texts that a supplier's events are stored with (`events.after`), in their order. */
  documents<T extends EventType>(db: Queryable, supplierId: string, texts: readonly string[]): Promise<DocumentOf[T][]>;
}

/** See `Reading`. */
export function createReading(snapshots: Snapshots): Reading {
  async function unpack(db: Queryable, supplierId: string, texts: readonly string[]): Promise<AnyDocument[]> {
    const { documents, wanted } = snapshots.parse(supplierId, texts);
    if (wanted.length === 0) return documents as AnyDocument[];
    const values = snapshots.complete(documents, await snapshotsById(db, supplierId, wanted));
    const remember = (): void => {
      for (const [id, value] of values) snapshots.remember(supplierId, id, value);
    };
    // A transaction also sees what is not durable yet: its own, and on SQLite that of others who share its commit.
    if ('afterCommit' in db) (db as Tx).afterCommit(remember);
    else remember();
    return documents as AnyDocument[];
  }
  return {
    async current<T extends EventType>(db: Queryable, subject: Subject<T>) {
      const [row] = await currentTexts(db, [subject]);
      if (row === undefined) return undefined;
      const [document] = await unpack(db, subject.supplierId, [row.document]);
      return document as DocumentOf[T];
    },
    async currentById<T extends EventType>(db: Queryable, subjects: readonly Subject<T>[]) {
      const [first, ...others] = subjects;
      if (first === undefined) return new Map();
      const found = await currentTexts(db, [first, ...others]);
      const texts = found.map((row) => row.document);
      const documents = (await unpack(db, first.supplierId, texts)) as DocumentOf[T][];
      return new Map(documents.map((document, index) => [found[index]?.id ?? '', document]));
    },
    async events(db, supplierId, ids) {
      if (ids.length === 0) return [];
      const found = await eventsById(db, supplierId, ids);
      const told = found.filter((row) => row.before !== null);
      const [afters, befores] = await Promise.all([
        unpack(
          db,
          supplierId,
          found.map((row) => row.after),
        ),
        unpack(
          db,
          supplierId,
          told.map((row) => row.before ?? ''),
        ),
      ]);
      const beforeOf = new Map(told.map((row, index) => [row.id, befores[index]]));
      return found.map((row, index) => ({
        id: row.id,
        supplierId: row.supplier_id,
        connectionId: row.connection_id,
        type: row.type,
        subjectId: row.subject_id,
        position: row.position,
        before: beforeOf.get(row.id) ?? null,
        after: afters[index] as AnyDocument,
        createdAt: row.created_at,
      }));
    },
    async documents<T extends EventType>(db: Queryable, supplierId: string, texts: readonly string[]) {
      return (await unpack(db, supplierId, texts)) as DocumentOf[T][];
    },
  };
}
