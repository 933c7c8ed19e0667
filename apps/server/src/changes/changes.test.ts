import type { BookingDocument, ProductDocument } from '@carillon/contract';
import { expect, it } from 'vitest';
import { onEachEngine } from '../../test/support/databases.ts';
import type { Db, Queryable, Tx } from '../platform/db/index.ts';
import { createIds } from '../platform/ids/index.ts';
import type { RecordedEvent } from './change.ts';
import { createChanges } from './recorder.ts';

const supplierId = 'supplier-1';
const product = { id: 'cruise', internalName: 'Cruise', options: [{ id: 'day', internalName: 'By day' }] };
const [option] = product.options;

/** As much of a booking as this module looks at. */
function booking(uuid: string, rest: object = {}): BookingDocument {
  return { uuid, status: 'ON_HOLD', product, option, unitItems: [], ...rest } as unknown as BookingDocument;
}

onEachEngine('changes', (open) => {
  async function stage(listener?: (events: readonly RecordedEvent[]) => void) {
    const db = await open();
    await db.run(
      `insert into suppliers (id, document, language, languages, time_zone, hold_seconds, settling_ms, created_at)
       values ($1, '{}', 'en', '["en"]', 'UTC', 60, 0, 0)`,
      [supplierId],
    );
    const now = () => 1_000;
    const newId = createIds({ now });
    const listeners = [{ recorded: async (_: Tx, events: readonly RecordedEvent[]) => listener?.(events) }];
    const another = () => createChanges({ listeners, now, newId });
    return { db, another, changes: another() };
  }
  const subject = (id: string) => ({ supplierId, type: 'booking_update' as const, id });

  async function record(db: Db, changes: ReturnType<typeof createChanges>, ...documents: readonly BookingDocument[]) {
    return db.transaction(async (tx) => {
      const held = await changes.hold(
        tx,
        documents.map(({ uuid }) => subject(uuid)),
      );
      return changes.record(
        tx,
        held.map((one, index) => ({ held: one, connectionId: null, after: documents[index] as BookingDocument })),
      );
    });
  }

  it('the before of an event is the after of the one before it, for this process and for another', async () => {
    const told: RecordedEvent[] = [];
    const { db, changes, another } = await stage((events) => told.push(...events));
    const [hold, confirmed, cancelled] = ['ON_HOLD', 'CONFIRMED', 'CANCELLED'].map((status) =>
      booking('b1', { status }),
    ) as [BookingDocument, BookingDocument, BookingDocument];
    await record(db, changes, hold);
    await record(db, changes, confirmed);
    await record(db, another(), cancelled);
    expect(told.map(({ position, before, after }) => [position, before, after])).toEqual([
      [1, null, hold],
      [2, hold, confirmed],
      [3, confirmed, cancelled],
    ]);
    const read = await another().events(
      db,
      supplierId,
      told.map(({ id }) => id),
    );
    expect(read.toSorted((a, b) => a.position - b.position)).toEqual(told);
    expect(await another().current(db, subject('b1'))).toEqual(cancelled);
  });

  it('the before that is given counts for a first event only', async () => {
    const { db, changes, another } = await stage();
    const [imagined, first, second] = ['A', 'B', 'C'].map((notes) => booking('b1', { notes })) as [
      BookingDocument,
      BookingDocument,
      BookingDocument,
    ];
    const ids: string[] = [];
    for (const after of [first, second]) {
      await db.transaction(async (tx) => {
        const [held] = await changes.hold(tx, [subject('b1')]);
        const [event] = await changes.record(tx, [{ held: held!, connectionId: null, before: imagined, after }]);
        ids.push(event!.id);
      });
    }
    const read = await another().events(db, supplierId, ids);
    expect(read.toSorted((a, b) => a.position - b.position).map(({ before }) => before)).toEqual([imagined, first]);
  });

  it('gives held subjects in the order asked for, those that are new without a document', async () => {
    const { db, changes } = await stage();
    await record(db, changes, booking('b2'), booking('b1'));
    await db.transaction(async (tx) => {
      const held = await changes.hold(tx, ['b3', 'b2', 'b1'].map(subject));
      expect(held.map(({ id, position, document }) => [id, position, document?.uuid])).toEqual([
        ['b3', 0, undefined],
        ['b2', 1, 'b2'],
        ['b1', 1, 'b1'],
      ]);
    });
  });

  it('what many documents share is stored once, and is one object for them', async () => {
    const { db, changes, another } = await stage();
    const order = { id: 'o1', bookings: [booking('b1'), booking('b2')] };
    await record(db, changes, booking('b1'), booking('b2'));
    await db.transaction(async (tx) => {
      const [held] = await changes.hold(tx, [{ supplierId, type: 'order_update' as const, id: 'o1' }]);
      await changes.record(tx, [{ held: held!, connectionId: null, after: order as never }]);
    });
    expect(await db.all('select count(*) as n from snapshots')).toEqual([{ n: 2 }]);
    const reading = another();
    const read = await reading.current(db, { supplierId, type: 'order_update', id: 'o1' });
    expect(read).toEqual(order);
    expect(read?.bookings[0]?.product).toBe(read?.bookings[1]?.product);
    expect(await reading.current(db, subject('b1'))).toEqual(booking('b1'));
  });

  it('a snapshot of a transaction that was undone is stored by the next that needs it', async () => {
    const { db, changes, another } = await stage();
    const failing = db.transaction(async (tx) => {
      const [held] = await changes.hold(tx, [subject('b1')]);
      await changes.record(tx, [{ held: held!, connectionId: null, after: booking('b1') }]);
      expect(await changes.current(tx, subject('b1'))).toEqual(booking('b1'));
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    await record(db, changes, booking('b2'));
    expect(await another().current(db, subject('b2'))).toEqual(booking('b2'));
  });

  it('documents of before snapshots were shared are read as they are', async () => {
    const { db, changes, another } = await stage();
    await record(db, changes, booking('b1'));
    const whole = booking('b1', { product: { id: 'older' } as Partial<ProductDocument> });
    await db.run('update events set after = $1', [JSON.stringify(whole)]);
    expect(await another().current(db as Queryable, subject('b1'))).toEqual(whole);
  });

  it('takes the subject for itself: of two changes at once each has its own position', async () => {
    const { db, another } = await stage();
    const nodes = [another(), another(), another()];
    await record(db, another(), booking('b1'));
    await Promise.all(nodes.map((node, index) => record(db, node, booking('b1', { notes: `${index}` }))));
    const rows = await db.all<{ position: number; before_event_id: string | null; id: string }>(
      'select id, position, before_event_id from events order by position',
    );
    expect(rows.map(({ position }) => position)).toEqual([1, 2, 3, 4]);
    expect(rows.slice(1).map((row) => row.before_event_id)).toEqual(rows.slice(0, -1).map(({ id }) => id));
  });
});
