import { expect, it } from 'vitest';
import { onSqlite } from '../../test/support/databases.ts';
import type { Queryable } from '../platform/db/index.ts';
import { type BookingListFilter, beginning, listedBookings, listedOrders, type OrderListFilter } from './list-store.ts';

const page = { supplierId: 's', after: beginning, limit: 10 };

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
    [{ status: 'CONFIRMED' }, 'bookings_by_supplier'],
    [{ reference: 'R-1' }, 'bookings_by_reseller_reference'],
    [{ reference: 'R-1', connectionId: 'c' }, 'bookings_by_reseller_reference'],
    [{ from: '2026-06-10', to: '2026-06-10' }, 'bookings_by_date'],
  ])('finds bookings by %j in the index %s', async (filter, index) => {
    const plan = await planOf((db) => listedBookings(db, page, filter));
    expect(plan).toContain(index);
    expect(plan).not.toMatch(/SCAN (bookings|orders)/);
  });

  it.each<[OrderListFilter, string]>([
    [{}, 'orders_by_supplier'],
    [{ reference: 'R-1' }, 'orders_by_reference'],
    [{ contact: 'ada@example.com' }, 'orders_by_email'],
    [{ contact: '+49 40 1' }, 'orders_by_phone'],
  ])('finds orders by %j in the index %s', async (filter, index) => {
    const plan = await planOf((db) => listedOrders(db, page, filter));
    expect(plan).toContain(index);
    expect(plan).not.toMatch(/SCAN (bookings|orders)/);
  });
});
