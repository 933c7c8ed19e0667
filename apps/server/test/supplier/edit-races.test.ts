import { randomUUID } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { createChanges } from '../../src/changes/index.ts';
import { createSupplier, type ProductDefinition, type Result, type Supplier } from '../../src/supplier/index.ts';
import { onPostgres } from '../support/databases.ts';
import { accepted, openStage, refusalOf, type Stage } from './stage.ts';

/** The supplier whose product it is, and the product. */
type Edit = (supplier: Supplier, supplierId: string, definition: ProductDefinition) => Promise<Result<unknown>>;

/** Saves the product with its only option changed, and with something that its document shows. */
const saving =
  (change: Partial<ProductDefinition['options'][number]>): Edit =>
  (supplier, supplierId, definition) => {
    const options = [{ ...definition.options[0]!, ...change }];
    return supplier.saveProduct(supplierId, { ...definition, reference: 'EDITED', options });
  };
const deleting: Edit = (supplier, supplierId, { id }) => supplier.deleteProduct(supplierId, id);

const cut = { weekdays: [1, 2, 3, 4, 5, 6, 7], startTimes: null, season: { from: null, to: null }, capacity: 1 };

const edits: readonly (readonly [string, Edit, string])[] = [
  ['cuts its capacity', saving({ capacities: [cut] }), 'unprocessable'],
  ['closes its day', saving({ closures: [{ from: '2026-06-10', to: '2026-06-10' }] }), 'unprocessable'],
  ['deletes its product', deleting, 'product'],
];

/** Starts an edit of the rowing boat, calls while it is recorded and not committed, then lets it commit; gives what came of the call. */
async function callDuring<T>(stage: Stage, edit: Edit, call: () => Promise<T>): Promise<T> {
  const { db, clock, sample } = stage;
  const recorded = Promise.withResolvers<void>();
  const committing = Promise.withResolvers<void>();
  const gate = {
    async recorded() {
      recorded.resolve();
      await committing.promise;
    },
  };
  const shared = { now: () => clock.now, newId: randomUUID };
  const supplier = createSupplier({ db, changes: createChanges({ listeners: [gate], ...shared }), ...shared });
  const editing = edit(supplier, sample.supplierId, await stage.definition('rowing'));
  await Promise.race([recorded.promise, editing]);
  const called = call();
  const waits = `select 1 as found from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await vi.waitFor(async () => expect(await db.all(waits)).not.toEqual([]), { timeout: 4000, interval: 10 });
  committing.resolve();
  accepted(await editing);
  return called;
}

onPostgres('a reservation that waits for an edit of the catalogue', (open) => {
  /** With a slot of another day reserved, so that every edit records something. */
  async function staged(): Promise<Stage> {
    const stage = await openStage(await open());
    accepted(await stage.supplier.reserve(stage.website, stage.rowing({ adults: 1, date: '2026-06-12' })));
    return stage;
  }
  const booked = ({ db }: Stage) =>
    db.all('select local_date, booked from slots where booked > 0 and local_date = $1', ['2026-06-10']);

  it.each(edits)('is refused when the edit %s', async (_, edit, kind) => {
    const stage = await staged();
    const before = await booked(stage);
    const reserve = () => stage.supplier.reserve(stage.website, stage.rowing({ adults: 2 }));
    expect(refusalOf(await callDuring(stage, edit, reserve)).kind).toBe(kind);
    expect(await booked(stage)).toEqual(before);
  });

  it.each(edits)('of a slot that was reserved before is refused when the edit %s', async (_, edit, kind) => {
    const stage = await staged();
    const reserve = () => stage.supplier.reserve(stage.website, stage.rowing({ adults: 1 }));
    accepted(await reserve());
    const before = await booked(stage);
    expect(refusalOf(await callDuring(stage, edit, reserve)).kind).toBe(kind);
    expect(await booked(stage)).toEqual(before);
  });

  it('in test mode, which takes no places, is refused when the edit deletes its product', async () => {
    const stage = await staged();
    const reserve = () => stage.supplier.reserve(stage.website, stage.rowing({ testMode: true }));
    expect(refusalOf(await callDuring(stage, deleting, reserve)).kind).toBe('product');
  });
});

onPostgres('a product that is made while another of its id is', (open) => {
  it('finds that it is there', async () => {
    const stage = await openStage(await open());
    const id = randomUUID();
    const make = (reference: string) => (supplier: Supplier, supplierId: string, definition: ProductDefinition) =>
      supplier.editProduct(supplierId, id, (before) =>
        before === undefined
          ? { ok: true, value: { ...definition, id, reference } }
          : { ok: false, refusal: { kind: 'bad_request', message: 'there is one' } },
      );
    const definition = await stage.definition('rowing');
    const second = () => make('SECOND')(stage.supplier, stage.sample.supplierId, definition);
    expect(refusalOf(await callDuring(stage, make('FIRST'), second))).toMatchObject({ message: 'there is one' });
    expect(accepted(await stage.supplier.product(stage.sample.supplierId, id)).reference).toBe('FIRST');
  });
});
