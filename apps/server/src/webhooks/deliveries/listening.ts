import type { RecordedEvent, Subject } from '../../changes/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import { listeningWebhooks, type Subscribed, webhooksOfSubjects } from './listening-store.ts';

/** Finds out which webhooks listen to events, if it can before they are recorded. */
export interface Listening {
  /** Subjects were locked: asks who listens to them, in the same round trip. */
  foresee(tx: Tx, subjects: readonly [Subject, ...Subject[]]): void;
  /** Who may listen to each of the events; what was not foreseen is asked for now. */
  to(tx: Tx, events: readonly RecordedEvent[]): Promise<ReadonlyMap<RecordedEvent, readonly Subscribed[]>>;
}

/** See `Listening`. */
export function createListening(): Listening {
  const asked = new WeakMap<Tx, Map<string, Promise<Subscribed[]>>>();

  /** An event of a connection's own subject was foreseen only if that had one before, which told whose it is. */
  function foreseen(tx: Tx, event: RecordedEvent): Promise<Subscribed[]> | undefined {
    if (event.connectionId !== null && event.position === 1) return undefined;
    return asked.get(tx)?.get(keyOf(event.supplierId, event.type, event.subjectId));
  }

  return {
    foresee(tx, subjects) {
      const found = webhooksOfSubjects(tx, subjects);
      found.catch(() => {
        // The transaction fails with it.
      });
      const bySubject = asked.get(tx) ?? new Map<string, Promise<Subscribed[]>>();
      asked.set(tx, bySubject);
      for (const { supplierId, type, id } of subjects) bySubject.set(keyOf(supplierId, type, id), found);
    },
    async to(tx, events) {
      const missing = events.filter((event) => foreseen(tx, event) === undefined);
      const asking = missing.length === 0 ? Promise.resolve([]) : listeningWebhooks(tx, wantedBy(missing));
      const found = await Promise.all(
        events.map(async (event) => [event, await (foreseen(tx, event) ?? asking)] as const),
      );
      return new Map(found);
    },
  };
}

const keyOf = (supplierId: string, type: string, id: string): string => `${supplierId} ${type} ${id}`;

const wantedBy = (events: readonly RecordedEvent[]) => ({
  supplierIds: [...new Set(events.map((event) => event.supplierId))],
  types: [...new Set(events.map((event) => event.type))],
  connectionIds: [...new Set(events.flatMap((event) => event.connectionId ?? []))],
});
