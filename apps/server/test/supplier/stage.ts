import { randomUUID } from 'node:crypto';
import type { AnyDocument, AvailabilityDocument, EventType } from '@carillon/contract';
import { createChanges } from '../../src/changes/index.ts';
import type { Db } from '../../src/platform/db/index.ts';
import {
  createSupplier,
  type Party,
  type Reservation,
  type Result,
  type Sample,
  type Supplier,
  seedSample,
} from '../../src/supplier/index.ts';

/** Monday, 1 June 2026, 10:00 in Hamburg. */
export const monday = Date.UTC(2026, 5, 1, 8);
export const minuteMs = 60_000;

export interface StoredEvent {
  readonly type: EventType;
  readonly subjectId: string;
  readonly connectionId: string | null;
  readonly position: number;
  readonly before: AnyDocument | null;
  readonly after: AnyDocument;
}

/** The booking engine over the sample data, with a clock that tests set. */
export interface Stage {
  readonly db: Db;
  readonly supplier: Supplier;
  readonly sample: Sample;
  readonly website: Party;
  readonly reseller: Party;
  readonly clock: { now: number };
  /** A reservation of so many adults on the cruise of 14:00 on a date, in live mode. */
  cruise(request?: Partial<Reservation> & { adults?: number; date?: string }): Reservation;
  /** As `cruise`, of the rowing boat with ten places, 20:00. */
  rowing(request?: Partial<Reservation> & { adults?: number; date?: string }): Reservation;
  slot(request: Pick<Reservation, 'productId' | 'optionId' | 'availabilityId'>): Promise<AvailabilityDocument>;
  /** All events since the sample data, in the order in which they were recorded. */
  events(): Promise<StoredEvent[]>;
}

/** A contact that can be confirmed. */
export const guest = { firstName: 'Ada', lastName: 'Byron', emailAddress: 'ada@example.com', locales: ['de'] };

/** The value of an outcome that must be one. */
export function accepted<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`Refused: ${JSON.stringify(result.refusal)}`);
  return result.value;
}

/** The refusal of an outcome that must be one. */
export function refusalOf(result: Result<unknown>) {
  if (result.ok) throw new Error('Not refused');
  return result.refusal;
}

/** Seeds a database, or joins one that is seeded (a second node), and opens the engine on it. */
export async function openStage(db: Db, clock = { now: monday }): Promise<Stage> {
  const now = () => clock.now;
  const keyHashes = { website: 'a'.repeat(64), reseller: 'b'.repeat(64) };
  const sample = await seedSample(db, { now, newId: randomUUID, keyHashes });
  const changes = createChanges({ listeners: [], now, newId: randomUUID });
  const supplier = createSupplier({ db, changes, now, newId: randomUUID });
  const [website, reseller] = await Promise.all(
    [keyHashes.website, keyHashes.reseller].map((hash) => supplier.connectionOf(hash)),
  );
  if (website === undefined || reseller === undefined) throw new Error('The sample has no connections');
  const seeded = await db.all<{ id: string }>('select id from events');
  const old = new Set(seeded.map((row) => row.id));

  const reservation = (
    product: keyof Sample['products'],
    time: string,
    { adults = 2, date = '2026-06-10', ...request }: Partial<Reservation> & { adults?: number; date?: string },
  ): Reservation => {
    const { productId, optionId, units } = sample.products[product];
    const unitItems = Array.from({ length: adults }, () => ({ unitId: units.ADULT! }));
    return { productId, optionId, availabilityId: `${date}T${time}:00+02:00`, unitItems, testMode: false, ...request };
  };

  return {
    db,
    supplier,
    sample,
    website,
    reseller,
    clock,
    cruise: (request = {}) => reservation('cruise', '14:00', request),
    rowing: (request = {}) => reservation('rowing', '20:00', request),
    async slot({ productId, optionId, availabilityId }) {
      const ids = [availabilityId ?? ''];
      const [slot] = accepted(
        await supplier.availability(sample.supplierId, { productId, optionId, availabilityIds: ids }),
      );
      return slot!;
    },
    async events() {
      const rows = await db.all<{
        id: string;
        type: EventType;
        subject_id: string;
        connection_id: string | null;
        position: number;
        before: string | null;
        after: string;
      }>(`select id, type, subject_id, connection_id, position, before, after from events
           order by created_at, type, subject_id, position`);
      return rows
        .filter((row) => !old.has(row.id))
        .map((row) => ({
          type: row.type,
          subjectId: row.subject_id,
          connectionId: row.connection_id,
          position: row.position,
          before: row.before === null ? null : JSON.parse(row.before),
          after: JSON.parse(row.after),
        }));
    },
  };
}
