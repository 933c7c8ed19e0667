import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createChanges, eventsInOrder } from '../../src/changes/index.ts';
import { migrate } from '../../src/platform/db/index.ts';
import { createIds } from '../../src/platform/ids/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { migrations } from '../support/templates.ts';

onEachEngine('a database from before events had an order', (open) => {
  it('gets one, which what comes next goes on with', async () => {
    const earlier = await mkdtemp(join(tmpdir(), 'carillon-test-'));
    for (const name of (await readdir(migrations)).filter((each) => each < '0022')) {
      await copyFile(join(migrations, name), join(earlier, name));
    }
    const db = await open({ migrate: false });
    await migrate(db, earlier, Date.now);
    await rm(earlier, { recursive: true });
    for (const sql of [
      `insert into suppliers (id, document, language, languages, time_zone, hold_seconds, settling_ms, created_at)
         values ('s', '{}', 'en', '["en"]', 'UTC', 1, 0, 1), ('t', '{}', 'en', '["en"]', 'UTC', 1, 0, 1)`,
      `insert into events (id, supplier_id, type, subject_id, position, before_event_id, after, created_at)
         values ('e3', 's', 'product_update', 'p', 1, null, '{"id":"p","a":1}', 5),
                ('e2', 't', 'product_update', 'p', 1, null, '{}', 6),
                ('e1', 's', 'product_update', 'p', 2, 'e3', '{"id":"p","a":2}', 7)`,
      `insert into subjects (supplier_id, type, id, position, event_id)
         values ('s', 'product_update', 'p', 2, 'e1'), ('t', 'product_update', 'p', 1, 'e2')`,
    ]) {
      await db.run(sql);
    }
    await migrate(db, migrations, Date.now);
    const changes = createChanges({ listeners: [], now: Date.now, newId: createIds({ now: Date.now }) });
    await db.transaction(async (tx) => {
      const [held] = await changes.hold(tx, [{ supplierId: 's', type: 'product_update', id: 'p' }]);
      expect(held).toMatchObject({ position: 2, eventId: 'e1', document: { a: 2 } });
      await changes.record(tx, [{ held: held!, connectionId: null, after: { id: 'p', a: 3 } as never }]);
    });
    const stretch = { after: 0, until: Number.MAX_SAFE_INTEGER };
    const ids = async (supplierId: string) =>
      (await eventsInOrder(db, { supplierId, ...stretch }, 10)).map(({ id, isNew }) => [id, isNew]);
    expect(await ids('s')).toEqual([
      ['e3', true],
      ['e1', false],
      [expect.any(String), false],
    ]);
    expect(await ids('t')).toEqual([['e2', true]]);
  });
});
