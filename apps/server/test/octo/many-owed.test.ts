import { expect, it } from 'vitest';
import type { Db, Tx } from '../../src/platform/db/index.ts';
import { deleteWebhooks, resumeWebhooks, standingWork, suspendWebhooks } from '../../src/webhooks/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { ok, openStage } from './stage.ts';

const each = 1_600;

onEachEngine('a supplier or connection to which very much is owed', (open, place) => {
  /** Three webhooks, to each of which so many deliveries are owed, and a database that a second process may open. */
  async function staged() {
    const where = await place();
    const stage = await openStage(await open({ place: where }));
    const { octo, db } = stage;
    for (let count = 0; count < 3; count++) {
      await ok(octo.website('POST', '/webhooks', { event: 'booking_update', url: `https://crm.example/${count}` }));
    }
    await db.run(
      `insert into deliveries (id, supplier_id, webhook_id, webhook_version_id, event_id, view_id, lane, position, state, is_head,
                               step, due_at, lease_until, created_at)
       with recursive n (i) as (select 1 union all select i + 1 from n where i < ${each})
       select w.id || '-' || i, w.supplier_id, w.id, 'v', 'e-' || i, 'v-' || i, 'booking_update/' || (i % 400), i, 'pending',
              case when i <= 400 then 1 else 0 end, 0, 0, 0, 0
         from n cross join webhooks w`,
    );
    return { ...stage, restart: () => open({ place: where }) };
  }
  const states = (db: Db) =>
    db.all('select state, reason, count(*) as count from deliveries group by state, reason order by state');
  const changed = async (db: Db, to: string) => {
    const [row] = await db.all<{ count: number }>('select count(*) as count from deliveries where state = $1', [to]);
    return row?.count ?? 0;
  };

  type Change = (db: Db, tx: Tx, party: { supplierId: string; connectionId: string }) => Promise<void>;
  const reason = 'the connection was deleted';
  const deleted: Change = (db, tx, party) => deleteWebhooks(db, tx, party, reason, 1);
  const suspended: Change = (db, tx, { supplierId }) => suspendWebhooks(db, tx, supplierId, 1);

  it.each([
    ['deleted', deleted, 'cancelled', reason],
    ['suspended', suspended, 'held', 'the supplier is suspended'],
  ] as const)('is %s at once, and what is owed follows in portions, also after a crash', async (_, change, to, why) => {
    const { db, website, clock, restart } = await staged();
    await db.transaction((tx) => change(db, tx, website));
    expect(await db.all(`select id from webhooks where state = 'active'`)).toEqual([]);
    expect(await changed(db, to)).toBeLessThanOrEqual(500);
    const now = () => clock.now;
    await standingWork({ db, now })();
    const before = await changed(db, to);
    expect(before).toBeGreaterThan(500);
    expect(before).toBeLessThan(3 * each);
    await db.close();
    const again = await restart();
    const work = standingWork({ db: again, now });
    while ((await work()) === 'more');
    expect(await states(again)).toEqual([{ state: to, reason: why, count: 3 * each }]);
  });

  it('gets all of it once it is resumed, also while it was still being held', async () => {
    const { db, website, clock } = await staged();
    const work = standingWork({ db, now: () => clock.now });
    await db.transaction((tx) => suspendWebhooks(db, tx, website.supplierId, 1));
    await work();
    await db.transaction((tx) => resumeWebhooks(db, tx, website.supplierId, 2));
    while ((await work()) === 'more');
    expect(await states(db)).toEqual([{ state: 'pending', reason: null, count: 3 * each }]);
  });
});
