import { expect, it } from 'vitest';
import { onSqlite } from '../../../test/support/databases.ts';
import type { Queryable } from '../../platform/db/index.ts';
import { listBookings } from './store.ts';

// SQLite alone: its plans do not depend on how much there is, as those of Postgres do.
onSqlite('a list of bookings', (open) => {
  it.each([
    [{ resellerReference: 'R-1' }, 'bookings_by_reseller_reference (connection_id=? AND reseller_reference=?)'],
    [{ supplierReference: 'S-1' }, 'bookings_by_supplier_reference (connection_id=? AND supplier_reference=?)'],
    [
      { localDateStart: '2026-06-10', localDateEnd: '2026-06-10' },
      'bookings_by_date (connection_id=? AND local_date>? AND local_date<?)',
    ],
    [{ productId: 'p', optionId: 'o' }, 'bookings_by_product (connection_id=? AND product_id=? AND option_id=?)'],
    [{ optionId: 'o' }, 'bookings_by_creation (connection_id=?)'],
  ])('by %j is found by the index %s, and then booking by booking', async (filter, index) => {
    const db = await open();
    const plan: string[] = [];
    const explaining: Queryable = {
      ...db,
      async all(sql, params) {
        const steps = await db.all<{ detail: string }>(`explain query plan ${sql}`, params);
        plan.push(...steps.map((step) => step.detail));
        return [];
      },
    };
    await listBookings(explaining, { supplierId: 's', connectionId: 'c' }, filter, 10);
    expect(plan).toContain(`SEARCH bookings USING INDEX ${index}`);
    expect(plan.filter((step) => step.startsWith('SCAN'))).toEqual(['SCAN b']);
  });
});
