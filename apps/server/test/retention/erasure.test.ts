import { randomUUID } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { createHorizon, lastInOrder } from '../../src/changes/index.ts';
import type { Db } from '../../src/platform/db/index.ts';
import { createErasures, erasureWork } from '../../src/retention/index.ts';
import { createReplays } from '../../src/webhooks/index.ts';
import { accepted } from '../supplier/stage.ts';
import { onEachEngine } from '../support/databases.ts';
import { openings, waiting } from '../webhooks/stage.ts';

const ada = {
  firstName: 'Ada',
  lastName: 'Byron-Lovelace',
  emailAddress: 'Ada@Lovelace.example',
  phoneNumber: '+44 17 9',
};
const bob = { firstName: 'Bob', lastName: 'Babbage', emailAddress: 'bob@example.com', locales: ['de'] };

/** All text of all tables. */
async function everything(db: Db): Promise<string> {
  const names = db.dialect.concurrent
    ? `select table_name as name from information_schema.tables where table_schema = 'public'`
    : `select name from sqlite_master where type = 'table'`;
  const tables = await db.all<{ name: string }>(names);
  const rows = await Promise.all(tables.map(({ name }) => db.all(`select * from "${name}"`)));
  return JSON.stringify(rows);
}

onEachEngine('a guest who is erased', (open) => {
  const { stage: stageOn, receiver } = openings();

  /** A booking of one guest and one of another, told to a webhook that answers with what it is sent, and held for one that is paused. */
  async function booked() {
    const db = await open();
    const stage = await stageOn(db);
    const hook = await receiver(({ body }) => ({ status: 200, body }));
    const webhook = await stage.subscribe(hook.url, { capabilities: ['octo/cart'] });
    await stage.subscribe(hook.url, { event: 'order_update', capabilities: ['octo/cart'] });
    const paused = await stage.subscribe(hook.url);
    const { supplierId } = stage.sample;
    await stage.subscriptions.pause(supplierId, paused.id);
    stage.engine.start();
    const book = async (contact: object, notes: string, companion: string) => {
      const unitItems = stage.cruise().unitItems.map((item) => ({ ...item, contact: { firstName: companion } }));
      const { uuid, orderId } = accepted(
        await stage.supplier.reserve(stage.website, { ...stage.cruise(), notes, unitItems } as never),
      );
      accepted(await stage.supplier.confirm(stage.website, uuid, { contact }));
      return { uuid, orderId };
    };
    const hers = await book(ada, 'Ada wants the window', 'Augusta');
    const his = await book(bob, 'Bob wants the aisle', 'Benjamin');
    // Another address by now: what went before still tells of her.
    accepted(await stage.supplier.update(stage.website, hers.uuid, { contact: { phoneNumber: '+44 17 8' } }));
    await vi.waitFor(
      async () => expect(await db.all(`select id from deliveries where state = 'pending'`)).toEqual([]),
      waiting,
    );
    const { now } = stage.clock;
    for (const [name, { orderId }, address] of [
      ['hers', hers, 'ada@lovelace.example'],
      ['his', his, bob.emailAddress],
    ] as const) {
      for (const sql of [
        `insert into campaigns (id, supplier_id, name, occasions, template, marketing, enabled, created_at)
         values ('${name}', '${supplierId}', '${name}', '[]', 't', 0, 1, 0)`,
        `insert into messages (id, supplier_id, campaign_id, order_id, recipient, state, due_at, attempts, lease_until, address,
                               header_id, subject, mime, created_at)
         values ('${name}', '${supplierId}', '${name}', '${orderId}', 'guest', 'sent', 0, 1, 0, '${address}', '<${name}>', 'Hello',
                 'To: ${address}', ${now})`,
        `insert into mails (id, message_id, sender, recipient, subject, raw, received_at)
         values ('${name}', '<${name}>', 'x', '${address}', 'Hello', 'To: ${address}', 1)`,
      ]) {
        await db.run(sql);
      }
    }
    const horizon = createHorizon(db);
    const deps = { db, now: () => stage.clock.now, newId: randomUUID };
    const erasures = createErasures(deps);
    const work = erasureWork({
      ...deps,
      horizon,
      lastEvent: (of, until) => lastInOrder(db, { supplierId: of, after: 0, until }),
    });
    const erase = async (address: string) => {
      const { id } = await erasures.begin(supplierId, address);
      await vi.waitFor(async () => {
        await work();
        expect(await erasures.one(supplierId, id)).toMatchObject({ state: 'done' });
      }, waiting);
      return erasures.one(supplierId, id);
    };
    return { db, stage, erase, erasures, work, hers, his, webhook, paused, deps };
  }

  it('is nowhere any more, and nobody else has lost anything', async () => {
    const { db, stage, erase, hers, his } = await booked();
    const before = await everything(db);
    for (const mark of ['ovelace', 'Augusta', '17 8', 'window']) expect(before).toContain(mark);
    const bobs = await stage.supplier.booking(stage.website, his.uuid);
    const report = await erase('ada@LOVELACE.example ');
    const after = await everything(db);
    for (const mark of ['ovelace', 'Augusta', '17 8', '17 9', 'window']) expect(after).not.toContain(mark);
    expect(report?.erased).toMatchObject({ orders: 1, messages: 1, mails: 1 });
    for (const count of ['events', 'bodies', 'answers', 'cancelled'] as const)
      expect(report?.erased[count]).toBeGreaterThan(0);
    expect(await stage.supplier.booking(stage.website, his.uuid)).toEqual(bobs);
    expect(after).toContain('Benjamin');
    expect(await db.all(`select id from mails`)).toEqual([{ id: 'his' }]);
    const counts = 'select state, count(*) as count from deliveries group by state order by state';
    expect(await db.all(counts)).toEqual([
      { state: 'cancelled', count: 2 },
      { state: 'delivered', count: 6 },
      { state: 'held', count: 1 },
    ]);
    // Her booking goes on without her, and what is told of it begins with what was left.
    expect(await stage.supplier.booking(stage.website, hers.uuid)).toMatchObject({
      value: { status: 'CONFIRMED', notes: null, contact: { emailAddress: null } },
    });
    accepted(await stage.supplier.cancel(stage.website, hers.uuid, {}));
    const events = await stage.events();
    const told = events.filter(({ subjectId }) => subjectId === hers.uuid).sort((a, b) => a.position - b.position);
    for (const [index, event] of told.entries()) if (index > 0) expect(event.before).toEqual(told[index - 1]!.after);
    expect(told.at(-1)).toMatchObject({ before: { status: 'CONFIRMED', notes: null }, after: { status: 'CANCELLED' } });
  });

  it('is erased from what her webhooks were sent, which cannot be sent again', async () => {
    const { db, stage, erase, deps, hers } = await booked();
    await erase(ada.emailAddress);
    const { supplierId } = stage.sample;
    const [delivered] = await db.all<{ id: string }>(
      `select id from deliveries where state = 'delivered' and lane = 'booking_update/${hers.uuid}' order by position limit 1`,
    );
    expect(await createReplays(deps).retry(supplierId, delivered!.id)).toMatchObject({ refused: expect.any(String) });
    // What waits behind what was cancelled is not held back by it.
    expect(await db.all(`select id from deliveries where state = 'held' and is_head = 0`)).toEqual([]);
  });

  it('is found again after a crash, by one process at a time, and an e-mail that is just leaving is waited for', async () => {
    const { db, stage, erasures, work, hers } = await booked();
    const { supplierId } = stage.sample;
    await db.run(`update messages set state = 'sending' where order_id = $1`, [hers.orderId]);
    const { id } = await erasures.begin(supplierId, ada.emailAddress);
    await vi.waitFor(async () => {
      await Promise.all([work(), work()]);
      expect(await db.all('select order_id from erasure_orders where next_at > 0')).toEqual([
        { order_id: hers.orderId },
      ]);
    }, waiting);
    expect(await erasures.one(supplierId, id)).toMatchObject({ state: 'erasing', erased: { orders: 0 } });
    await db.run(`update messages set state = 'sent' where order_id = $1`, [hers.orderId]);
    stage.clock.now += 10_000;
    await vi.waitFor(async () => {
      await Promise.all([work(), work()]);
      expect(await erasures.one(supplierId, id)).toMatchObject({ state: 'done', erased: { orders: 1, messages: 1 } });
    }, waiting);
  });

  it('leaves a report that says nothing of them, also where nothing was found', async () => {
    const { db, erase } = await booked();
    const report = await erase('nobody@nowhere.example');
    expect(report).toMatchObject({ state: 'done', erased: { orders: 0, events: 0, messages: 0 } });
    expect(await everything(db)).not.toContain('nowhere.example');
    expect(await everything(db)).toContain('ovelace');
  });
});
