import type { EventType } from '@carillon/contract';
import type { Tx } from '../platform/db/index.ts';
import type { Change, Held, Listener, RecordedEvent, Subject } from './change.ts';
import { insertEvents, lockDocuments, textsOf, writeDocuments } from './store.ts';

/** Records changes. Subjects are locked first, then changed, then recorded, all in one transaction. */
export interface Changes {
  /** Locks subjects of one type, in the order of their ids, and gives their current documents in the order asked for. */
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
  return {
    async hold(tx, subjects) {
      const found = await lockDocuments(tx, subjects);
      const byId = new Map(found.map((held) => [held.id, held]));
      return subjects.map((subject) => byId.get(subject.id) ?? { ...subject, document: null, position: 0 });
    },
    async record(tx, changes) {
      if (changes.length === 0) return [];
      const createdAt = deps.now();
      const events = changes.map(
        (change): RecordedEvent => ({
          id: deps.newId(),
          supplierId: change.held.supplierId,
          connectionId: change.connectionId,
          type: change.held.type,
          subjectId: change.held.id,
          position: change.held.position + 1,
          before: change.held.document ?? change.before ?? null,
          after: change.after,
          createdAt,
        }),
      );
      // Not awaited one by one: the statements keep their order and reach the database together.
      const texts = events.map(textsOf);
      const stored = Promise.all([writeDocuments(tx, texts), insertEvents(tx, texts)]);
      const told = Promise.all(deps.listeners.map((listener) => listener(tx, events)));
      await Promise.all([stored, told]);
      return events;
    },
  };
}
