import { expect, it } from 'vitest';
import { onSqlite } from '../../../test/support/databases.ts';
import type { Queryable } from '../../platform/db/index.ts';
import { listOrders } from './order-store.ts';

// SQLite alone: its plans do not depend on how much there is, as those of Postgres do.
onSqlite('a list of orders', (open) => {
  it.each([
    [{ contactEmailAddress: 'a@b.example' }, 'orders_by_email (connection_id=? AND contact_email=?)'],
    [{ contactLastName: 'Byron' }, 'orders_by_last_name (connection_id=? AND contact_last_name=?)'],
    [{ contactPhoneNumber: '1' }, 'orders_by_phone (connection_id=? AND contact_phone=?)'],
    [{ supplierReference: 'R' }, 'orders_by_reference (supplier_id=? AND reference=?)'],
    [
      { utcCreatedAtStart: 1, utcCreatedAtEnd: 2 },
      'orders_by_creation (connection_id=? AND created_at>? AND created_at<?)',
    ],
    [{ utcUpdatedAtStart: 1 }, 'orders_by_update (connection_id=? AND updated_at>?)'],
  ])('by %j is found by the index %s, and then order by order', async (filter, index) => {
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
    await listOrders(explaining, { supplierId: 's', connectionId: 'c' }, filter, 10);
    expect(plan).toContain(`SEARCH orders USING INDEX ${index}`);
    expect(plan.filter((step) => step.startsWith('SCAN'))).toEqual(['SCAN o']);
  });
});
