import { randomUUID } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { createChanges } from '../../src/changes/index.ts';
import { createSupplier } from '../../src/supplier/index.ts';
import { onPostgres } from '../support/databases.ts';
import { accepted, openStage } from './stage.ts';

onPostgres('a reservation', (open) => {
  it('locks its slot alone: another slot of the product is sold meanwhile, and the same one waits', async () => {
    const stage = await openStage(await open());
    const { db, clock, website } = stage;
    // The first booking of what a product is now stores that once and for all, which others wait for.
    accepted(await stage.supplier.reserve(website, stage.cruise({ date: '2026-06-12' })));
    const taken = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const recorded = async () => {
      taken.resolve();
      await gate.promise;
    };
    const now = () => clock.now;
    const changes = createChanges({ listeners: [{ recorded }], now, newId: randomUUID });
    const slow = createSupplier({ db, changes, now, newId: randomUUID });
    const first = slow.reserve(website, stage.cruise());
    await taken.promise;
    // The first has its places, and its transaction is open.
    accepted(await stage.supplier.reserve(website, stage.cruise({ date: '2026-06-11' })));
    const same = stage.supplier.reserve(website, stage.cruise());
    const waiting = () =>
      db.all(`select query from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
    await vi.waitFor(async () => expect(await waiting()).toEqual([{ query: expect.stringContaining('slots') }]), {
      timeout: 10_000,
    });
    gate.resolve();
    for (const result of await Promise.all([first, same])) accepted(result);
    expect((await stage.slot(stage.cruise())).vacancies).toBe(1_996);
    expect((await stage.slot(stage.cruise({ date: '2026-06-11' }))).vacancies).toBe(1_998);
  });
});
