import { expect, it } from 'vitest';
import { onPostgres, onSqlite } from '../../test/support/databases.ts';
import type { Queryable } from '../platform/db/index.ts';
import { type BookingListFilter, listedBookings, listedOrders, type OrderListFilter } from './list-store.ts';

const page = { supplierId: 's', after: undefined, limit: 10 };

// SQLite alone: its plans do not depend on how much there is, as those of Postgres do.
onSqlite('a list of a whole supplier', (open) => {
  /** The steps in which a statement is carried out. */
  async function planOf(list: (db: Queryable) => Promise<unknown>): Promise<string> {
    const db = await open();
    const plan: string[] = [];
    await list({
      ...db,
      async all(sql, params) {
        const steps = await db.all<{ detail: string }>(`explain query plan ${sql}`, params);
        plan.push(...steps.map((step) => step.detail));
        return [];
      },
    });
    return plan.join('\n');
  }

  it.each<[BookingListFilter, string]>([
    [{}, 'bookings_by_supplier'],
    [{ status: 'CONFIRMED' }, 'bookings_by_status'],
    [{ connectionId: 'c' }, 'bookings_by_creation'],
    [{ connectionId: 'c', status: 'CONFIRMED' }, 'bookings_by_creation'],
    [{ reference: 'R-1' }, 'bookings_by_reseller_reference'],
    [{ reference: 'R-1', connectionId: 'c' }, 'bookings_by_reseller_reference'],
    [{ from: '2026-06-10' }, 'bookings_by_day'],
    [{ to: '2026-06-10' }, 'bookings_by_day'],
    [{ from: '2026-06-10', to: '2026-06-10', status: 'CONFIRMED' }, 'bookings_by_day'],
  ])('finds bookings by %j in the index %s, in its order', async (filter, index) => {
    const plan = await planOf((db) => listedBookings(db, page, filter));
    expect(plan).toContain(index);
    expect(plan).not.toMatch(/SCAN (bookings|orders)/);
    if (filter.reference === undefined) expect(plan).not.toContain('TEMP B-TREE');
  });

  it.each<[OrderListFilter, string]>([
    [{}, 'orders_by_supplier'],
    [{ connectionId: 'c' }, 'orders_by_creation'],
    [{ reference: 'R-1' }, 'orders_by_reference'],
    [{ contact: 'ada@example.com' }, 'orders_by_email'],
    [{ contact: '+49 40 1' }, 'orders_by_phone'],
  ])('finds orders by %j in the index %s', async (filter, index) => {
    const plan = await planOf((db) => listedOrders(db, page, filter));
    expect(plan).toContain(index);
    expect(plan).not.toMatch(/SCAN (bookings|orders)/);
    if (filter.contact === undefined) expect(plan).not.toContain('TEMP B-TREE');
  });
});

onPostgres('a list of a whole supplier', (open) => {
  it.each<BookingListFilter>([
    {},
    { status: 'CONFIRMED' },
    { connectionId: 'c' },
    { from: '2026-06-10' },
    { to: '2026-06-10', status: 'CONFIRMED' },
  ])('finds bookings by %j without sorting them', async (filter) => {
    const db = await open();
    const plan = await db.transaction(async (tx) => {
      // Where a table is empty, to sort it costs nothing.
      for (const way of ['seqscan', 'bitmapscan', 'sort']) await tx.run(`set local enable_${way} = off`);
      const steps: string[] = [];
      await listedBookings(
        {
          ...tx,
          async all(sql, params) {
            const lines = await tx.all<{ 'QUERY PLAN': string }>(`explain ${sql}`, params);
            steps.push(...lines.map((line) => line['QUERY PLAN']));
            return [];
          },
        },
        page,
        filter,
      );
      return steps.join('\n');
    });
    expect(plan).toContain('Index Scan');
    expect(plan).not.toContain('Sort');
  });
});
