import { randomUUID } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { createChanges, createHorizon, lastInOrder } from '../../src/changes/index.ts';
import type { Db } from '../../src/platform/db/index.ts';
import { createErasures, erasureWork } from '../../src/retention/index.ts';
import { createReplays, createTrials } from '../../src/webhooks/index.ts';
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
    const late = { wait: undefined as Promise<void> | undefined, waiting: 0 };
    const hook = await receiver(async ({ body }) => {
      if (late.wait !== undefined) late.waiting++;
      await late.wait;
      return { status: 200, body };
    });
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
    const logged: object[] = [];
    const failing = { times: 0 };
    const work = erasureWork({
      ...deps,
      horizon,
      lastEvent: async (of, until) => {
        if (failing.times-- > 0) throw new Error('the disk is gone');
        return lastInOrder(db, { supplierId: of, after: 0, until });
      },
      log: { error: (fields: object) => void logged.push(fields) },
    });
    const erase = async (address: string) => {
      const { id } = await erasures.begin(supplierId, address);
      await vi.waitFor(async () => {
        await work();
        expect(await erasures.one(supplierId, id)).toMatchObject({ state: 'done' });
      }, waiting);
      return erasures.one(supplierId, id);
    };
    return { db, stage, late, erase, erasures, work, logged, failing, hers, his, webhook, paused, deps };
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

  it('is not kept by an answer that was under way, and says what it was sent', async () => {
    const { db, stage, late, erase, hers } = await booked();
    const answer = Promise.withResolvers<void>();
    late.wait = answer.promise;
    await stage.note(hers.uuid, 'Ada asks for the stern');
    await vi.waitFor(() => expect(late.waiting).toBeGreaterThan(0), waiting);
    const { length } = await stage.attempts();
    await erase(ada.emailAddress);
    answer.resolve();
    await vi.waitFor(async () => expect((await stage.attempts()).length).toBeGreaterThan(length), waiting);
    const after = await everything(db);
    for (const mark of ['ovelace', 'stern']) expect(after).not.toContain(mark);
    // What others' receivers answer is kept as ever.
    expect(await db.all(`select id from attempts where response like '%Babbage%'`)).not.toEqual([]);
  });

  it('is in no copy of an e-mail of hers that went to somebody else', async () => {
    const { db, erase, hers, stage } = await booked();
    const { supplierId } = stage.sample;
    for (const id of ['copy', 'unit']) {
      await db.run(
        `insert into messages (id, supplier_id, campaign_id, order_id, recipient, state, due_at, attempts, lease_until, address,
                               header_id, subject, mime, created_at, apart)
         values ('${id}', '${supplierId}', 'hers', '${hers.orderId}', 'guest', 'sent', 0, 1, 0, '${id}@operator.example',
                 '<${id}>', 'Hello Lovelace', 'Dear Lovelace', 1, '${id}')`,
      );
      await db.run(
        `insert into mails (id, message_id, sender, recipient, subject, raw, received_at)
         values ('${id}', '<${id}>', 'x', '${id}@operator.example', 'Hello Lovelace', 'Dear Lovelace', 1)`,
      );
    }
    expect((await erase(ada.emailAddress))?.erased).toMatchObject({ messages: 3, mails: 3 });
    expect(await everything(db)).not.toContain('ovelace');
    expect(await db.all('select id from mails')).toEqual([{ id: 'his' }]);
  });

  it('is erased as a companion from somebody else’s booking, which stays theirs', async () => {
    const { db, stage, erase } = await booked();
    const unitItems = stage.cruise().unitItems.map((item, index) => (index === 0 ? { ...item, contact: ada } : item));
    const { uuid } = accepted(await stage.supplier.reserve(stage.website, { ...stage.cruise(), unitItems } as never));
    const his = { contact: { firstName: 'Charles' }, notes: 'Charles wants the helm' };
    accepted(await stage.supplier.update(stage.website, uuid, his));
    await erase(ada.emailAddress);
    expect(await everything(db)).not.toContain('ovelace');
    expect(await stage.supplier.booking(stage.website, uuid)).toMatchObject({
      value: { notes: 'Charles wants the helm', contact: { firstName: 'Charles' } },
    });
  });

  it('does not come back with what is rendered again meanwhile', async () => {
    const { db, stage, erase, hers, webhook } = await booked();
    const { supplierId } = stage.sample;
    const set = (body: string) =>
      stage.subscriptions.set(supplierId, webhook.id, { transformation: { body, headers: {}, parameters: {} } });
    await set('no JSON');
    await stage.note(hers.uuid, 'Ada asks for the stern');
    await set('{"who": {{ booking.contact.lastName | json }}, "position": {{ booking.uuid | json }}}');
    const changes = createChanges({ listeners: [], now: Date.now, newId: () => '' });
    let erasing: Promise<unknown> | undefined;
    const trials = createTrials({
      db,
      changes: {
        async events(queryable, ...of) {
          const events = await changes.events(queryable, ...of);
          erasing ??= erase(ada.emailAddress);
          // A transaction ends before whatever waits for it.
          if (!('afterCommit' in queryable)) await erasing;
          return events;
        },
      },
    });
    expect(await trials.renderAgain({ supplierId, id: webhook.id })).toMatchObject({ rendered: 1, next: null });
    await erasing;
    expect(await everything(db)).not.toContain('ovelace');
  });

  it('is erased also while the erasure of another one fails, which is tried again', async () => {
    const { db, stage, erasures, work, logged, failing } = await booked();
    const { supplierId } = stage.sample;
    const first = await erasures.begin(supplierId, ada.emailAddress);
    stage.clock.now += 1;
    const second = await erasures.begin(supplierId, bob.emailAddress);
    failing.times = 1;
    const done = (id: string) =>
      vi.waitFor(async () => {
        await work();
        expect(await erasures.one(supplierId, id)).toMatchObject({ state: 'done' });
      }, waiting);
    await done(second.id);
    expect(logged).toMatchObject([{ code: 'erasure.failed', erasureId: first.id }]);
    expect(await everything(db)).not.toContain('Babbage');
    expect(await everything(db)).toContain('ovelace');
    stage.clock.now += 60_000;
    await done(first.id);
    expect(await everything(db)).not.toContain('ovelace');
  });

  it('is erased from all answers that are kept for calls that may come twice', async () => {
    const { db, stage, erase } = await booked();
    const { supplierId } = stage.sample;
    const answer = JSON.stringify({ uuid: 'u', contact: { ...ada, locales: [], country: null } });
    for (let n = 0; n < 450; n++) {
      await db.run(
        `insert into kept_answers (supplier_id, idempotency_key, fingerprint, answer, created_at) values ($1, $2, 'f', $3, 0)`,
        [supplierId, `key-${n}`, answer],
      );
    }
    await erase(ada.emailAddress);
    expect(await everything(db)).not.toContain('ovelace');
  });
});
