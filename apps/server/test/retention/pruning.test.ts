import { expect, it, vi } from 'vitest';
import { createChanges, createHorizon } from '../../src/changes/index.ts';
import type { Db, Param, Tx } from '../../src/platform/db/index.ts';
import { pruningWork } from '../../src/retention/index.ts';
import { createArrivals, createPull } from '../../src/webhooks/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { allIn, openings, waiting } from '../webhooks/stage.ts';

const dayMs = 86_400_000;
const kept = { bodies: 30, attempts: 30, deliveries: 60, events: 90 };

/** Prunes until there is nothing left to prune. */
async function prune(db: Db, now: number, days = kept): Promise<void> {
  const work = pruningWork({ db, kept: days, now: () => now, pause: async () => undefined });
  while ((await work()) === 'more') {
    // On.
  }
}

const countOf = async (db: Db, table: string, where = '0 = 0'): Promise<number> => {
  const [row] = await db.all<{ count: number }>(`select count(*) as count from ${table} where ${where}`);
  return row!.count;
};

onEachEngine('what is kept for a time', (open) => {
  const { stage: stageOn, receiver } = openings();

  /** A booking with six events, five of them delivered to one webhook and held for another one. */
  async function told() {
    const db = await open();
    const stage = await stageOn(db);
    const hook = await receiver();
    await stage.subscribe(hook.url);
    const paused = await stage.subscribe(hook.url);
    await stage.subscriptions.pause(stage.sample.supplierId, paused.id);
    stage.engine.start();
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    for (const note of ['a', 'b', 'c', 'd']) await stage.note(uuid, note);
    await vi.waitFor(async () => expect(await countOf(db, 'deliveries', `state = 'delivered'`)).toBe(5), waiting);
    const ofBooking = `subject_id = '${uuid}'`;
    return { db, stage, uuid, paused, ofBooking, begun: stage.clock.now };
  }

  it('goes when its days are over, each by itself', async () => {
    const { db, begun, stage, paused } = await told();
    await stage.subscriptions.enable(stage.sample.supplierId, paused.id, 'cancel');
    await allEnded(db);
    const counts = async () => [
      await countOf(db, 'attempts'),
      await countOf(db, 'views'),
      await countOf(db, 'deliveries'),
    ];
    await prune(db, begun + 29 * dayMs);
    expect(await counts()).toEqual([5, 5, 10]);
    await prune(db, begun + 31 * dayMs);
    expect(await counts()).toEqual([0, 0, 10]);
    await prune(db, begun + 61 * dayMs);
    expect(await counts()).toEqual([0, 0, 0]);
  });

  it('stays for ever where its days are 0', async () => {
    const { db, begun } = await told();
    await prune(db, begun + 9_999 * dayMs, { bodies: 0, attempts: 0, deliveries: 0, events: 0 });
    expect([await countOf(db, 'attempts'), await countOf(db, 'views')]).toEqual([5, 5]);
  });

  it('stays as long as something has not ended that needs it', async () => {
    const { db, begun, stage, paused, ofBooking } = await told();
    await prune(db, begun + 999 * dayMs);
    expect(await countOf(db, 'deliveries')).toBe(5);
    expect(await countOf(db, 'views')).toBe(5);
    expect(await countOf(db, 'events', ofBooking)).toBe(6);
    stage.clock.now = begun + 999 * dayMs;
    await stage.subscriptions.enable(stage.sample.supplierId, paused.id);
    await allIn(stage, 'delivered', 5);
    expect(await countOf(db, 'attempts')).toBe(5);
  });

  it('is of a booking all but what it is now and was before, with which it goes on as if nothing had been pruned', async () => {
    const { db, begun, stage, paused, uuid, ofBooking } = await told();
    await stage.subscriptions.enable(stage.sample.supplierId, paused.id, 'cancel');
    await allEnded(db);
    const now = await stage.supplier.booking(stage.website, uuid);
    await prune(db, begun + 999 * dayMs);
    const left = await db.all(`select position, before_event_id from events where ${ofBooking} order by position`);
    expect(left).toEqual([
      { position: 5, before_event_id: null },
      { position: 6, before_event_id: expect.any(String) },
    ]);
    expect(await stage.supplier.booking(stage.website, uuid)).toEqual(now);
    await stage.note(uuid, 'e');
    const seventh = (await stage.events()).find(({ subjectId, position }) => subjectId === uuid && position === 7);
    expect(seventh).toMatchObject({ position: 7, before: { notes: 'd' }, after: { notes: 'e' } });
  });

  it('tells whoever pulls that something is missing', async () => {
    const { db, begun, stage, paused } = await told();
    await stage.subscriptions.enable(stage.sample.supplierId, paused.id, 'cancel');
    await allEnded(db);
    const [last] = await db.all<{ last: number }>('select max(sequence) as last from events');
    await prune(db, begun + 999 * dayMs);
    const [pruned] = await db.all<{ sequence: number }>('select sequence from pruned_events');
    expect(pruned!.sequence).toBeGreaterThan(0);
    expect(pruned!.sequence).toBeLessThan(last!.last);
  });

  /** All is told and over; pulls after a place, with `reading` before each look at documents. */
  async function pulling(reading: (db: Db) => Promise<void> = async () => undefined) {
    const { db, begun, stage, paused, uuid } = await told();
    await stage.subscriptions.enable(stage.sample.supplierId, paused.id, 'cancel');
    await allEnded(db);
    const changes = createChanges({ listeners: [], now: Date.now, newId: () => '' });
    const pull = createPull({
      db,
      changes: {
        async events(...of) {
          await reading(db);
          return changes.events(...of);
        },
      },
      horizon: createHorizon(db),
      arrivals: createArrivals(db),
    });
    const placeOf = async (position: number) => {
      const sql = `select sequence from events where subject_id = $1 and position = $2`;
      const [event] = await db.all<{ sequence: number }>(sql, [uuid, position]);
      return event!.sequence;
    };
    const after = (place: number) =>
      pull(
        { ...stage.website, hears: 'own' },
        { capabilities: [], language: 'en', fallback: 'en' },
        {
          after: Buffer.from(`1.${place}`).toString('base64url'),
          limit: 100,
          types: ['booking_update'],
          waitMs: 0,
          signal: new AbortController().signal,
        },
      );
    return { db, begun, placeOf, after };
  }

  it('refuses the cursor of whoever would not be told of an event that stayed without its before', async () => {
    const { db, begun, placeOf, after } = await pulling();
    const [fifth, sixth] = [await placeOf(5), await placeOf(6)];
    expect(await after(fifth - 1)).toMatchObject({ kind: 'page', events: [expect.any(String), expect.any(String)] });
    await prune(db, begun + 999 * dayMs);
    expect(await after(fifth - 1)).toEqual({ kind: 'pruned' });
    expect(await after(sixth - 1)).toMatchObject({ kind: 'page', events: [expect.stringContaining('"notes":"d"')] });
  });

  it('tells whoever pulls while it is pruned', async () => {
    let when = 0;
    const { begun, placeOf, after } = await pulling((db) => (when === 0 ? Promise.resolve() : prune(db, when)));
    const second = await placeOf(2);
    when = begun + 999 * dayMs;
    expect(await after(second - 1)).toEqual({ kind: 'pruned' });
  });

  it('is looked at once, and what had to stay again a day later', async () => {
    const { db, begun } = await told();
    const looked = async (now: number): Promise<number> => {
      const ran: { sql: string; params: readonly Param[] }[] = [];
      const looking: Db = Object.create(db, {
        transaction: { value: <T>(work: (tx: Tx) => Promise<T>) => db.transaction((tx) => work(noting(tx, ran))) },
      });
      await prune(looking, now);
      return ran.filter(({ sql }) => sql.includes('select e.id, e.supplier_id')).length;
    };
    const first = begun + 999 * dayMs;
    expect(await looked(first)).toBe(1);
    expect(await looked(first + dayMs / 24)).toBe(0);
    expect(await looked(first + dayMs / 2)).toBe(0);
    expect(await looked(first + dayMs)).toBe(1);
  });

  it('is of an event also what an e-mail is about that has not left', async () => {
    const { db, begun, stage, paused, uuid } = await told();
    await stage.subscriptions.enable(stage.sample.supplierId, paused.id, 'cancel');
    await allEnded(db);
    const { supplierId } = stage.sample;
    const [second] = await db.all<{ id: string }>(`select id from events where subject_id = $1 and position = 2`, [
      uuid,
    ]);
    for (const sql of [
      `insert into campaigns (id, supplier_id, name, occasions, template, marketing, enabled, created_at)
       values ('c', '${supplierId}', 'c', '[]', 't', 0, 1, 0)`,
      `insert into messages (id, supplier_id, campaign_id, order_id, recipient, state, due_at, attempts, lease_until, created_at)
       values ('m', '${supplierId}', 'c', 'o', 'guest', 'settling', 0, 0, 0, 0)`,
      `insert into message_bookings (message_id, booking_uuid, first_event_id, last_event_id)
       values ('m', '${uuid}', '${second!.id}', '${second!.id}')`,
    ]) {
      await db.run(sql);
    }
    const positions = async () =>
      (
        await db.all<{ position: number }>('select position from events where subject_id = $1 order by position', [
          uuid,
        ])
      ).map((row) => row.position);
    await prune(db, begun + 999 * dayMs);
    expect(await positions()).toEqual([1, 2, 5, 6]);
    await db.run(`update messages set state = 'sent'`);
    await prune(db, begun + 1_000 * dayMs);
    expect(await positions()).toEqual([5, 6]);
  });

  it('keeps the versions of a webhook that a delivery was made with', async () => {
    const { db, begun, stage, paused } = await told();
    const { supplierId } = stage.sample;
    await stage.subscriptions.patch(stage.website, paused.id, () => ({ retryOnError: false }));
    const old = `webhook_id = '${paused.id}' and is_current = 0`;
    const count = await countOf(db, 'webhook_versions', old);
    expect(count).toBeGreaterThan(0);
    await prune(db, begun + 999 * dayMs);
    expect(await countOf(db, 'webhook_versions', old)).toBe(count);
    await stage.subscriptions.enable(supplierId, paused.id, 'cancel');
    await allEnded(db);
    await prune(db, begun + 2_000 * dayMs);
    expect(await countOf(db, 'webhook_versions', old)).toBe(0);
    expect(await countOf(db, 'webhook_versions', `webhook_id = '${paused.id}'`)).toBeGreaterThan(0);
  });

  it('is pruned once where several processes do it, and a crash in between loses nothing', async () => {
    const { db, begun } = await told();
    const works = [1, 2, 3].map(() =>
      pruningWork({ db, kept, now: () => begun + 31 * dayMs, pause: async () => undefined }),
    );
    await Promise.all(works.map((work) => work()));
    await prune(db, begun + 31 * dayMs);
    // Those of the webhook that is paused are needed.
    expect([await countOf(db, 'attempts'), await countOf(db, 'views')]).toEqual([0, 5]);
  });

  it('is found by indexes', async () => {
    const { db, begun } = await told();
    const ran: { sql: string; params: readonly Param[] }[] = [];
    await db.run(`update deliveries set state = 'cancelled', ended_at = 1 where state = 'held'`);
    const looking: Db = Object.create(db, {
      transaction: { value: <T>(work: (tx: Tx) => Promise<T>) => db.transaction((tx) => work(noting(tx, ran))) },
    });
    await prune(looking, begun + 999 * dayMs);
    const statements = new Map(ran.map((one) => [one.sql, one.params]));
    expect(statements.size).toBeGreaterThan(15);
    for (const [sql, params] of statements) expect([sql, await fullScans(db, sql, params)]).toEqual([sql, []]);
  });
});

async function allEnded(db: Db): Promise<void> {
  await vi.waitFor(
    async () => expect(await countOf(db, 'deliveries', `state in ('pending', 'held')`)).toBe(0),
    waiting,
  );
}

/** A transaction that notes the statements that are sent in it. */
function noting(tx: Tx, ran: { sql: string; params: readonly Param[] }[]): Tx {
  const noted = (sql: string, params: readonly Param[] = []): string => {
    ran.push({ sql, params });
    return sql;
  };
  return {
    dialect: tx.dialect,
    all: (sql, params) => tx.all(noted(sql, params), params),
    run: (sql, params) => tx.run(noted(sql, params), params),
    send: (sql, params) => tx.send(noted(sql, params), params),
    afterCommit: (hook) => tx.afterCommit(hook),
  };
}

/** The steps of a statement's plan that go through a whole table, where there is another way. */
function fullScans(db: Db, sql: string, params: readonly Param[]): Promise<string[]> {
  return db.transaction(async (tx) => {
    if (!db.dialect.concurrent) {
      const plan = await tx.all<{ detail: string }>(`explain query plan ${sql}`, params);
      return plan.map(({ detail }) => detail).filter((step) => /^SCAN (?!CONSTANT|\d+ )/.test(step));
    }
    await tx.all('set local enable_seqscan = off');
    const plan = await tx.all<{ 'QUERY PLAN': string }>(`explain ${sql}`, params);
    return plan.map((row) => row['QUERY PLAN']).filter((step) => /Seq Scan/.test(step));
  });
}
