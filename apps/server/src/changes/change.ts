import type { AnyDocument, DocumentOf, EventType } from '@carillon/contract';
import type { Tx } from '../platform/db/index.ts';

/** What a change is about. `id` is the booking's uuid, the order's or product's id, or `productId/optionId/availabilityId`. */
export interface Subject<T extends EventType = EventType> {
  readonly supplierId: string;
  readonly type: T;
  readonly id: string;
}

/** A subject under its row lock: its current document and the event that made it; null and position 0 when it has none yet. */
export interface Held<T extends EventType = EventType> extends Subject<T> {
  readonly document: DocumentOf[T] | null;
  readonly position: number;
  readonly eventId: string | null;
}

/** One mutation of a subject, made in the transaction that holds it. */
export interface Change<T extends EventType = EventType> {
  readonly held: Held<T>;
  /** Whose booking or order it is; null for the supplier's own: products, availability. */
  readonly connectionId: string | null;
  /**
   * The document before, for a subject that has no stored one but is not new (a slot that nobody booked yet). A stored
   * document always wins, so that the before of an event is the after of the one before it.
   */
  readonly before?: DocumentOf[T];
  readonly after: DocumentOf[T];
}

/** The durable record of a change. `before` is null when the subject is new. Times are ms UTC. */
export interface RecordedEvent {
  readonly id: string;
  readonly supplierId: string;
  readonly connectionId: string | null;
  readonly type: EventType;
  readonly subjectId: string;
  readonly position: number;
  readonly before: AnyDocument | null;
  readonly after: AnyDocument;
  readonly createdAt: number;
}

/** Who hears of events, in the transaction that records them: pure computation and inserts, nothing else. */
export interface Listener {
  /** Subjects of one supplier and one type were just locked: what their events will need can be asked for in the same round trip. */
  held?(tx: Tx, subjects: readonly [Subject, ...Subject[]]): void;
  /** Events were recorded. */
  recorded(tx: Tx, events: readonly RecordedEvent[]): Promise<void>;
}
