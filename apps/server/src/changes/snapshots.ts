import { createHash } from 'node:crypto';
import type { AnyDocument, BookingDocument, OrderDocument } from '@carillon/contract';

/** A part that many documents share: it is stored once, and they refer to it. */
export interface Snapshot {
  /** SHA-256 of the body, in base64url. */
  readonly id: string;
  /** JSON. */
  readonly body: string;
}

/** A snapshot that is not known to be stored. */
export interface NewSnapshot extends Snapshot {
  readonly supplierId: string;
  readonly value: object;
}

/** What stands in a stored document in the place of a snapshot. */
interface Reference {
  readonly $snapshot: string;
}

/** The parts of a booking that are stored as snapshots. */
const parts = ['product', 'option'] as const;

type Booking = { [part in (typeof parts)[number]]: unknown };

const isReference = (part: unknown): part is Reference =>
  typeof part === 'object' && part !== null && typeof (part as Partial<Reference>).$snapshot === 'string';

/** The bookings in a stored document. */
function bookingsIn(document: object): Booking[] {
  const { bookings } = document as { bookings?: unknown };
  return (Array.isArray(bookings) ? bookings : [document]) as Booking[];
}

/** Puts what `found` gives in the place of each reference; undefined leaves it there. */
function resolve(documents: readonly object[], found: (id: string) => object | undefined): void {
  for (const booking of documents.flatMap(bookingsIn)) {
    for (const part of parts) {
      const reference = booking[part];
      if (isReference(reference)) booking[part] = found(reference.$snapshot) ?? reference;
    }
  }
}

/** Remembers at most so many snapshots, in all: some 40 KB each as objects. */
const mostRemembered = 500;

/**
 * The snapshots that this process knows. One object stands for each, in all the documents that share it: what was made of it
 * once (its text, its hash, a view) need not be made again. Documents are never changed in place, so it may be shared.
 */
export class Snapshots {
  readonly #ids = new WeakMap<object, string>();
  /** By supplier and id, those that are stored, the first remembered first. They are never deleted from the database. */
  readonly #stored = new Map<string, object>();

  /** The text that a document is stored as, and the snapshots that must be stored with it. */
  pack(supplierId: string, document: AnyDocument): { readonly text: string; readonly missing: readonly NewSnapshot[] } {
    const missing: NewSnapshot[] = [];
    const packed = (booking: BookingDocument): object => {
      const copy: Record<string, unknown> = { ...booking };
      for (const part of parts) {
        const value: unknown = booking[part];
        if (typeof value === 'object' && value !== null) copy[part] = this.#refer(supplierId, value, missing);
      }
      return copy;
    };
    return { text: JSON.stringify(withBookings(document, packed)), missing };
  }

  /** The documents of stored texts, and the ids of the snapshots that `complete` is still to put into them. */
  parse(supplierId: string, texts: readonly string[]): { readonly documents: object[]; readonly wanted: string[] } {
    const documents = texts.map((text) => JSON.parse(text) as object);
    const wanted = new Set<string>();
    resolve(documents, (id) => {
      const value = this.#stored.get(key(supplierId, id));
      if (value === undefined) wanted.add(id);
      return value;
    });
    return { documents, wanted: [...wanted] };
  }

  /** Puts snapshots that were loaded in the place of their references, in documents that `parse` gave; gives them by id. */
  complete(documents: readonly object[], loaded: readonly Snapshot[]): ReadonlyMap<string, object> {
    const values = new Map(loaded.map(({ id, body }) => [id, JSON.parse(body) as object]));
    resolve(documents, (id) => {
      const value = values.get(id);
      if (value === undefined) throw new Error(`The snapshot ${id} is gone`);
      return value;
    });
    return values;
  }

  /** Remembers a snapshot that is stored, and durably so: what refers to it need not store it again. */
  remember(supplierId: string, id: string, value: object): void {
    this.#ids.set(value, id);
    const at = key(supplierId, id);
    this.#stored.delete(at);
    this.#stored.set(at, value);
    const [oldest] = this.#stored.keys();
    if (this.#stored.size > mostRemembered && oldest !== undefined) this.#stored.delete(oldest);
  }

  #refer(supplierId: string, value: object, missing: NewSnapshot[]): Reference {
    const known = this.#ids.get(value);
    if (known !== undefined && this.#stored.has(key(supplierId, known))) return { $snapshot: known };
    const body = JSON.stringify(value);
    const id = known ?? createHash('sha256').update(body).digest('base64url');
    this.#ids.set(value, id);
    if (!this.#stored.has(key(supplierId, id))) missing.push({ supplierId, id, body, value });
    return { $snapshot: id };
  }
}

const key = (supplierId: string, id: string): string => `${supplierId} ${id}`;

function withBookings(document: AnyDocument, change: (booking: BookingDocument) => object): object {
  if ('bookings' in document) return { ...document, bookings: (document as OrderDocument).bookings.map(change) };
  return 'unitItems' in document ? change(document as BookingDocument) : document;
}
