import { randomUUID } from 'node:crypto';
import type { AvailabilityDocument } from '@carillon/contract';
import { expect, it, vi } from 'vitest';
import { createChanges, type RecordedEvent } from '../../src/changes/index.ts';
import { createSupplier } from '../../src/supplier/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { serverOpenings } from '../webhooks/server.ts';
import { waiting } from '../webhooks/stage.ts';
import { edits, ofDay, priced, retail, save, shown, type Told, timesOf, updates, withOption } from './edits.ts';
import { accepted, openStage } from './stage.ts';

const anyDay = { weekdays: [1, 2, 3, 4, 5, 6, 7], startTimes: null, season: { from: null, to: null } };

onEachEngine('while an edit is told of, slots', (open) => {
  const { opened } = serverOpenings(open);

  it('are told by a server that runs, whichever node edited it', async () => {
    const { db, server, receiver } = await opened();
    await server.call('POST', '/webhooks', { event: 'availability_update', url: receiver.url });
    const closures = (from: string) => [{ from, to: '2026-06-10' }];
    const other = await openStage(db, server.clock);
    const definition = await other.definition('cruise');
    const definitions = ['2026-06-10', '2026-06-09'].map((from) =>
      withOption(definition, { closures: closures(from) }),
    );
    // Of another node, which leaves it to whoever tells of edits; then of this one.
    for (const [index, { supplier }] of [other, server.app].entries()) {
      accepted(await supplier.saveProduct(server.sample.supplierId, definitions[index]!));
      await vi.waitFor(() => expect(receiver.received).toHaveLength(4 * (index + 1)), waiting);
    }
    const [first] = receiver.received.map(({ body }) => JSON.parse(body));
    expect(first.availability.status).toBe('CLOSED');
    expect(first.diff.map(({ path }: { path: string }) => path)).toEqual(['/status']);
  });
  it('of which some were told go on from there when it is edited again, and the others are told of both at once', async () => {
    const stage = await openStage(await open());
    const definition = await stage.definition('cruise');
    await save(stage, priced(definition, 3_100));
    await stage.supplier.tellOfEdit();
    const first = new Set((await updates(stage)).map(({ subjectId }) => subjectId));
    expect(first.size).toBeGreaterThan(0);
    await save(stage, timesOf(priced(definition, 3_300), ['10:00', '12:00', '14:00', '17:00']));
    await stage.tellOfEdits();
    const told = await updates(stage);
    const prices = (events: readonly Told[]) =>
      new Set(events.map(({ before, after }) => `${retail(before)} ${retail(after)} ${after.status}`));
    const [again, once] = [
      told.filter(({ subjectId, position }) => first.has(subjectId) && position === 2),
      told.filter(({ subjectId }) => !first.has(subjectId)),
    ];
    expect(again).toHaveLength(first.size);
    expect(prices(again)).toEqual(new Set(['3100 3300 AVAILABLE', '3100 3100 CLOSED']));
    expect(prices(once)).toEqual(new Set(['2900 3300 AVAILABLE', '2900 2900 CLOSED', '3300 3300 AVAILABLE']));
    expect(once.every(({ position }) => position === 1)).toBe(true);
    for (const { subjectId } of once) expect(once.filter((one) => one.subjectId === subjectId)).toHaveLength(1);
    expect(await edits(stage)).toEqual([]);
  }, 20_000);

  it('that were told as new are CLOSED when an edit meanwhile takes them back', async () => {
    const stage = await openStage(await open());
    const definition = await stage.definition('cruise');
    await save(stage, timesOf(definition, ['10:00', '11:00', '12:00', '14:00', '16:00']));
    await stage.supplier.tellOfEdit();
    const made = new Set((await updates(stage)).map(({ subjectId }) => subjectId));
    expect(made.size).toBeGreaterThan(0);
    await save(stage, definition);
    await stage.tellOfEdits();
    const told = (await updates(stage)).slice(made.size);
    expect(new Set(told.map(({ subjectId }) => subjectId))).toEqual(made);
    expect(told.map(({ after }) => after.status)).toEqual(Array(made.size).fill('CLOSED'));
  });

  it('that are reserved before they are told are told of the edit with that, once', async () => {
    const stage = await openStage(await open());
    const definition = await stage.definition('cruise');
    await save(stage, timesOf(priced(definition, 3_100), ['12:00', '14:00', '17:00']));
    const fresh = { ...stage.cruise(), availabilityId: '2026-06-10T17:00:00+02:00' };
    for (const request of [stage.cruise(), fresh]) accepted(await stage.supplier.reserve(stage.website, request));
    const { productId, optionId } = stage.cruise();
    const edit = { productId, optionId, availabilityId: '2026-06-10T12:00:00+02:00', capacity: 50 };
    accepted(await stage.supplier.editSlot(stage.sample.supplierId, edit));
    await stage.tellOfEdits();
    const told = ofDay(await updates(stage), '2026-06-10').sort((a, b) => (a.after.id < b.after.id ? -1 : 1));
    const seen = ({ id, status, vacancies, ...slot }: AvailabilityDocument) =>
      `${id.slice(11, 16)} ${status} ${vacancies} ${retail({ id, status, vacancies, ...slot })}`;
    expect(told.map(({ before, after, position }) => [position, seen(before), seen(after)])).toEqual([
      [1, '10:00 AVAILABLE 2000 2900', '10:00 CLOSED 2000 2900'],
      [1, '12:00 AVAILABLE 2000 2900', '12:00 AVAILABLE 50 3100'],
      [1, '14:00 AVAILABLE 2000 2900', '14:00 AVAILABLE 1998 3100'],
      [1, '16:00 AVAILABLE 2000 2900', '16:00 CLOSED 2000 2900'],
      [1, '17:00 CLOSED 2000 3100', '17:00 AVAILABLE 1998 3100'],
    ]);
  });

  it('look as their last event says while bookings are made and several nodes tell of edits', async () => {
    const stage = await openStage(await open());
    const { supplier, sample } = stage;
    const other = await openStage(stage.db, stage.clock);
    const definition = await stage.definition('cruise');
    const dates = ['2026-06-08', '2026-06-09', '2026-06-10', '2026-06-11'];
    const work = dates.flatMap((date, index) => [
      supplier.reserve(stage.website, stage.cruise({ date })),
      supplier.saveProduct(
        sample.supplierId,
        withOption(definition, { capacities: [{ ...anyDay, capacity: 100 + index }] }),
      ),
      stage.tellOfEdits(),
      supplier.reserve(stage.reseller, stage.cruise({ date })),
      other.tellOfEdits(),
    ]);
    for (const result of await Promise.all(work)) if (result !== undefined) accepted<unknown>(result);
    await Promise.all([stage.tellOfEdits(), other.tellOfEdits()]);
    await stage.tellOfEdits();
    const told = await updates(stage);
    const last = new Map(told.map((event) => [event.subjectId, event]));
    expect(last.size).toBe(4 * 368);
    for (const slot of await shown(stage, definition, '2026-06-02', '2027-06-01')) {
      expect(last.get(`${slot.productId}/${slot.optionId}/${slot.id}`)!.after).toEqual(slot);
    }
    for (const events of Map.groupBy(told, ({ subjectId }) => subjectId).values()) {
      for (const [index, event] of events.entries()) {
        if (index > 0) expect(event.before).toEqual(events[index - 1]!.after);
        expect({ ...event.before, available: 0 }).not.toEqual({ ...event.after, available: 0 });
      }
    }
    for (const date of dates) {
      const slot = await stage.slot(stage.cruise({ date }));
      expect(slot.vacancies).toBe(slot.capacity! - 4);
    }
  }, 30_000);

  it('are told in short transactions, which another node goes on with when one is cut off', async () => {
    const stage = await openStage(await open());
    const portions: number[] = [];
    const cut = {
      async recorded(_: unknown, events: readonly RecordedEvent[]) {
        portions.push(events.length);
        if (portions.length === 5) throw new Error('cut off');
      },
    };
    const shared = { now: () => stage.clock.now, newId: randomUUID };
    const supplier = createSupplier({
      db: stage.db,
      changes: createChanges({ listeners: [cut], ...shared }),
      ...shared,
    });
    await save(stage, priced(await stage.definition('cruise'), 3_100));
    const telling = async () => {
      while (await supplier.tellOfEdit()) {
        // Until it is cut off.
      }
    };
    await expect(telling()).rejects.toThrow('could not be told');
    expect(Math.max(...portions)).toBeLessThanOrEqual(200);
    const whole = portions.slice(0, 4).reduce((sum, count) => sum + count, 0);
    expect(await updates(stage)).toHaveLength(whole);
    await stage.tellOfEdits();
    const told = await updates(stage);
    expect(told).toHaveLength(4 * 368);
    expect(new Set(told.map(({ subjectId }) => subjectId)).size).toBe(told.length);
  });
});
