import { randomUUID } from 'node:crypto';
import type { AvailabilityDocument } from '@carillon/contract';
import { createChanges, type RecordedEvent } from '../../src/changes/index.ts';
import type { Db } from '../../src/platform/db/index.ts';
import {
  createSupplier,
  type Party,
  type ProductDefinition,
  type Reservation,
  type Result,
  type Sample,
  type Supplier,
  seedSample,
} from '../../src/supplier/index.ts';

/** Monday, 1 June 2026, 10:00 in Hamburg. */
export const monday = Date.UTC(2026, 5, 1, 8);
export const minuteMs = 60_000;

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
  /** A product of the sample data as its operator would edit it. */
  definition(product: keyof Sample['products']): Promise<ProductDefinition>;
  /** Tells the slots of products that were edited, to the end. */
  tellOfEdits(): Promise<void>;
  /** All events since the sample data, in the order in which they were recorded. */
  events(): Promise<RecordedEvent[]>;
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

/** Tells the slots of products that were edited, to the end. */
export async function tellOfEdits(supplier: Pick<Supplier, 'tellOfEdit'>): Promise<void> {
  while (await supplier.tellOfEdit()) {
    // Until nothing is left.
  }
}

/** For `expireHolds` where every order can be expired. */
export function unexpected(_orderId: string, error: unknown): void {
  throw error;
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
    async definition(product) {
      const [row] = await db.all<{ definition: string }>(
        'select definition from products where supplier_id = $1 and id = $2',
        [sample.supplierId, sample.products[product].productId],
      );
      return JSON.parse(row!.definition);
    },
    tellOfEdits: () => tellOfEdits(supplier),
    async events() {
      const rows = await db.all<{ id: string }>(
        'select id from events order by created_at, type, subject_id, position',
      );
      const ids = rows.map((row) => row.id).filter((id) => !old.has(id));
      const found = new Map((await changes.events(db, sample.supplierId, ids)).map((event) => [event.id, event]));
      return ids.map((id) => found.get(id)!);
    },
  };
}
