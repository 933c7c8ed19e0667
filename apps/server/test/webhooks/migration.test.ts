import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { migrate } from '../../src/platform/db/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { migrations } from '../support/templates.ts';

onEachEngine('a database from before webhooks were tested', (open) => {
  it('keeps what is owed and what it is made of, and owes an event to a webhook once', async () => {
    const earlier = await mkdtemp(join(tmpdir(), 'carillon-test-'));
    for (const name of (await readdir(migrations)).filter((each) => each < '0014')) {
      await copyFile(join(migrations, name), join(earlier, name));
    }
    const db = await open({ migrate: false });
    await migrate(db, earlier, Date.now);
    await rm(earlier, { recursive: true });
    const owing = `insert into deliveries (id, supplier_id, webhook_id, webhook_version_id, event_id, view_id, lane, position, state,
      reason, is_head, step, due_at, lease_token, lease_until, created_at, ended_at)`;
    for (const sql of [
      `insert into suppliers (id, document, language, languages, time_zone, hold_seconds, settling_ms, created_at)
         values ('s', '{}', 'en', '["en"]', 'UTC', 1, 0, 1)`,
      `insert into events (id, supplier_id, connection_id, type, subject_id, position, after, created_at)
         values ('e1', 's', null, 'product_update', 'p', 1, '{}', 1), ('e2', 's', null, 'product_update', 'p', 2, '{}', 2)`,
      `insert into views (id, event_id, language, body) values ('v1', 'e1', 'en', 'body 1'), ('v2', 'e2', 'en', 'body 2')`,
      `${owing} values
         ('d1', 's', 'w', 'n', 'e1', 'v1', 'product_update/p', 1, 'pending', 'busy', 1, 3, 50, 'token', 60, 1, null),
         ('d2', 's', 'w', 'n', 'e2', 'v2', 'product_update/p', 2, 'pending', null, 0, 0, 2, null, 0, 2, null)`,
    ]) {
      await db.run(sql);
    }
    const rows = () =>
      Promise.all(['views', 'deliveries'].map((table) => db.all<object>(`select * from ${table} order by id`)));
    const added = { in_lane: 1, out_of_order: 0, hold_until: null, replay_id: null, arrived_at: null };
    const [views, deliveries] = await rows();
    await migrate(db, migrations, Date.now);
    expect(await rows()).toMatchObject([views ?? [], deliveries?.map((one) => ({ ...one, test: 0, ...added })) ?? []]);
    const again = `${owing} select 'd3', supplier_id, webhook_id, webhook_version_id, event_id, view_id, lane, position, state,
      reason, is_head, step, due_at, lease_token, lease_until, created_at, ended_at from deliveries where id = 'd1'`;
    await expect(db.run(again)).rejects.toMatchObject({ kind: 'unique' });
  });
});
