import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { migrate } from '../../src/platform/db/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { migrations } from '../support/templates.ts';

onEachEngine('a database from before products belonged to their supplier', (open) => {
  it('keeps its products, slots, bookings and unit items', async () => {
    const earlier = await mkdtemp(join(tmpdir(), 'carillon-test-'));
    for (const name of (await readdir(migrations)).filter((each) => each < '0007')) {
      await copyFile(join(migrations, name), join(earlier, name));
    }
    const db = await open({ migrate: false });
    await migrate(db, earlier, Date.now);
    await rm(earlier, { recursive: true });
    for (const sql of [
      `insert into suppliers values ('s', '{}', 'en', '[]', 'UTC', 1, 1, null, 1)`,
      `insert into connections values ('c', 's', 'Website', 'website', 1, 'hash', 1)`,
      `insert into products (id, supplier_id, sort_order, definition) values ('p', 's', 1, '{}')`,
      `insert into slots values ('p', 'o', 'a', '2026-06-10', 2, null, 0)`,
      `insert into orders values ('order', 's', 'c', 'REF', 1, 0, 1)`,
      `insert into bookings values
         ('s', 'b', 'c', 'order', 'ON_HOLD', 'p', 'o', 'a', '2026-06-10', 2, 5, null, 'REF-1', 0, 'fingerprint', 1)`,
      `insert into unit_items values ('s', 'u1', 'b'), ('s', 'u2', 'b')`,
    ]) {
      await db.run(sql);
    }
    await migrate(db, migrations, Date.now);
    expect(await db.all('select supplier_id, id, sort_order, definition from products')).toEqual([
      { supplier_id: 's', id: 'p', sort_order: 1, definition: '{}' },
    ]);
    expect(await db.all('select * from slots')).toEqual([
      {
        supplier_id: 's',
        product_id: 'p',
        option_id: 'o',
        id: 'a',
        local_date: '2026-06-10',
        booked: 2,
        capacity: null,
        closed: 0,
      },
    ]);
    expect(await db.all('select uuid, places, expires_at, fingerprint from bookings')).toEqual([
      { uuid: 'b', places: 2, expires_at: 5, fingerprint: 'fingerprint' },
    ]);
    expect(await db.all('select uuid, booking_uuid from unit_items order by uuid')).toEqual([
      { uuid: 'u1', booking_uuid: 'b' },
      { uuid: 'u2', booking_uuid: 'b' },
    ]);
    // Its contact is taken from its document once a server runs.
    expect(await db.all('select id from orders_unsearched')).toEqual([{ id: 'order' }]);
    await expect(db.run(`delete from products where id = 'p'`)).rejects.toMatchObject({ kind: 'foreign_key' });
    await expect(db.run(`delete from bookings where uuid = 'b'`)).rejects.toMatchObject({ kind: 'foreign_key' });
  });
});
