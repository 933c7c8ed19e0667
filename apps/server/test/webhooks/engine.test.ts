import { expect, it, vi } from 'vitest';
import type { Db } from '../../src/platform/db/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { allIn, openings, waiting } from './stage.ts';

const hour = 3_600_000;

onEachEngine('an engine', (open) => {
  const { stage: stageOn, receiver: receiverOf } = openings();
  type Stage = Awaited<ReturnType<typeof stageOn>>;
  const confirmed = async (stage: Stage, count: number) => {
    const holds = await Promise.all(Array.from({ length: count }, () => stage.hold()));
    await Promise.all(holds.map(({ uuid }) => stage.confirm(uuid)));
    return holds.map(({ uuid }) => uuid);
  };
  const leaseTo = (db: Db, until: string) =>
    db.run(`update deliveries set lease_token = 'vanished', lease_until = ${db.dialect.nowMs} ${until}`);

  it('sends a backlog that is more than it takes in hand without waiting for a poll', async () => {
    const limits = { pollMs: hour, sweepMs: hour, inHandPerWebhook: 4, perWebhook: 2, claimBatch: 3, inHand: 6 };
    const stage = await stageOn(await open(), { limits });
    const receiver = await receiverOf();
    await stage.subscribe(receiver.url);
    await confirmed(stage, 30);
    stage.engine.start();
    await allIn(stage, 'delivered', 30);
    expect(receiver.received).toHaveLength(30);
  });

  it('leases as much as it has room for, however many changes are recorded at once', async () => {
    const limits = { perWebhook: 0, inHandPerWebhook: 3, pollMs: hour, sweepMs: hour };
    const stage = await stageOn(await open(), { limits });
    await stage.subscribe('http://127.0.0.1:9/hook');
    stage.engine.start();
    await confirmed(stage, 8);
    const leased = (await stage.deliveries()).filter((one) => one.lease_token !== null).length;
    // A claim does not see the places that changes keep which have not committed: together they may take twice as many.
    expect(leased).toBeGreaterThanOrEqual(3);
    expect(leased).toBeLessThanOrEqual(6);
  });

  it('gives the places of a change that failed to others', async () => {
    let broken = false;
    const failing = async () => {
      if (broken) throw new Error('not to be');
    };
    const limits = { perWebhook: 1, inHandPerWebhook: 1, pollMs: hour, sweepMs: hour };
    const stage = await stageOn(await open(), { limits, listeners: [{ recorded: failing }] });
    const receiver = await receiverOf();
    await stage.subscribe(receiver.url);
    stage.engine.start();
    const { uuid } = await stage.hold();
    broken = true;
    await expect(stage.confirm(uuid)).rejects.toThrow('not to be');
    broken = false;
    await stage.confirm(uuid);
    await allIn(stage, 'delivered', 1);
  });

  it('that has the database to itself takes over at once what one that is gone had leased', async () => {
    const db = await open();
    const stage = await stageOn(db, { alone: true });
    const receiver = await receiverOf();
    await stage.subscribe(receiver.url);
    await confirmed(stage, 2);
    await leaseTo(db, '+ 60000');
    stage.engine.start();
    await allIn(stage, 'delivered', 2);
    expect((await stage.deliveries()).map((one) => one.step)).toEqual([1, 1]);
  });

  it('among others waits for the end of a lease', async () => {
    const db = await open();
    const stage = await stageOn(db);
    const receiver = await receiverOf();
    await stage.subscribe(receiver.url);
    await confirmed(stage, 1);
    await leaseTo(db, '+ 60000');
    await stage.subscribe(receiver.url);
    stage.engine.start();
    await confirmed(stage, 1);
    await vi.waitFor(() => expect(receiver.received).toHaveLength(2), waiting);
    expect((await stage.deliveries()).filter((one) => one.lease_token === 'vanished')).toHaveLength(1);
  });

  it('whose lease was lost while it sent does not overwrite what another made of the delivery', async () => {
    const db = await open();
    const [slow, quick] = [await stageOn(db), await stageOn(db)];
    const late = Promise.withResolvers<void>();
    const receiver = await receiverOf(async (_, count) => {
      if (count > 1) return 204;
      await late.promise;
      return 500;
    });
    await slow.subscribe(receiver.url);
    slow.engine.start();
    await confirmed(slow, 1);
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1), waiting);
    await db.run(`update deliveries set lease_until = ${db.dialect.nowMs} - 1`);
    quick.engine.start();
    await allIn(slow, 'delivered', 1);
    late.resolve();
    await vi.waitFor(async () => expect(await slow.attempts()).toHaveLength(2), waiting);
    expect(await slow.deliveries()).toMatchObject([{ state: 'delivered', step: 1 }]);
    const [first, second] = receiver.received;
    expect(second?.body).toBe(first?.body);
  });

  it('stores outcomes once the database takes them, and sends nothing twice', async () => {
    const logged: unknown[] = [];
    const stage = await stageOn(await open(), { logged: (line) => logged.push(line.code) });
    const receiver = await receiverOf();
    await stage.subscribe(receiver.url);
    stage.engine.start();
    await stage.db.run('alter table attempts rename to lost_attempts');
    await confirmed(stage, 2);
    await vi.waitFor(() => expect(logged).toContain('delivery.settle_failed'), waiting);
    await stage.db.run('alter table lost_attempts rename to attempts');
    await allIn(stage, 'delivered', 2);
    expect(receiver.received).toHaveLength(2);
    expect(await stage.attempts()).toHaveLength(2);
  });

  it('stops in time although the database takes nothing; the next one sends again', async () => {
    const db = await open();
    const logged: unknown[] = [];
    const stage = await stageOn(db, { logged: (line) => logged.push(line.code) });
    const receiver = await receiverOf();
    await stage.subscribe(receiver.url);
    stage.engine.start();
    await db.run('alter table attempts rename to lost_attempts');
    await confirmed(stage, 1);
    await vi.waitFor(() => expect(logged).toContain('delivery.settle_failed'), waiting);
    await stage.engine.stop(20);
    expect(logged).toContain('delivery.abandoned');
    await db.run('alter table lost_attempts rename to attempts');
    const next = await stageOn(db, { alone: true });
    next.engine.start();
    await allIn(next, 'delivered', 1);
    expect(receiver.received[1]?.body).toBe(receiver.received[0]?.body);
  });

  it('that is stopped while a change is recorded gives back what it would have sent', async () => {
    let stopping: Promise<void> | undefined;
    const stage = await stageOn(await open(), {
      listeners: [
        {
          async recorded(tx) {
            if (stopping !== undefined || (await tx.all('select id from webhooks')).length === 0) return;
            await tx.all('select id from deliveries');
            if ((await tx.all('select id from deliveries')).length > 0) stopping = stage.engine.stop(1000);
          },
        },
      ],
    });
    const receiver = await receiverOf();
    await stage.subscribe(receiver.url);
    stage.engine.start();
    await confirmed(stage, 1);
    await stopping;
    await vi.waitFor(
      async () => expect(await stage.deliveries()).toMatchObject([{ state: 'pending', lease_token: null }]),
      waiting,
    );
    expect(receiver.received).toEqual([]);
  });

  it('puts off what it cannot send, says why, and goes on with the rest', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf();
    const unreadable = await stage.subscribe(receiver.url);
    await stage.subscribe(receiver.url);
    const [row] = await stage.db.all<{ headers: string }>('select headers from webhooks where id = $1', [
      unreadable.id,
    ]);
    const setHeaders = (headers: string) =>
      stage.db.run('update webhooks set headers = $1 where id = $2', [headers, unreadable.id]);
    await setHeaders('s1.00000000.c2VhbGVkIGJ5IGFub3RoZXIgc2VjcmV0IHRoYW4gb3Vycw');
    stage.engine.start();
    await confirmed(stage, 1);
    const ofUnreadable = async () => (await stage.deliveries()).filter((one) => one.webhook_id === unreadable.id);
    await vi.waitFor(async () => {
      expect(receiver.received).toHaveLength(1);
      const reason = expect.stringContaining('CARILLON_SECRET');
      expect(await ofUnreadable()).toMatchObject([{ state: 'pending', step: 0, lease_token: null, reason }]);
    }, waiting);
    await setHeaders(row?.headers ?? '');
    stage.clock.now += hour;
    await allIn(stage, 'delivered', 2);
  });

  it('stores each attempt that found no connection free, and waits longer each time without using up the schedule', async () => {
    const stage = await stageOn(await open(), { outbound: { maxPools: 0 } });
    const receiver = await receiverOf();
    await stage.subscribe(receiver.url);
    stage.engine.start();
    await confirmed(stage, 1);
    for (const [index, wait] of [1000, 2000, 4000].entries()) {
      await vi.waitFor(async () => expect(await stage.attempts()).toHaveLength(index + 1), waiting);
      const reason = 'Too many receivers are being sent to at once.';
      const dueAt = stage.clock.now + wait;
      expect(await stage.deliveries()).toMatchObject([{ state: 'pending', step: 0, due_at: dueAt, reason }]);
      stage.clock.now = dueAt;
    }
    expect(await stage.attempts()).toMatchObject(Array(3).fill({ outcome: 'unreachable', reason: 'busy' }));
  });

  it('repairs a lane that has lost its head', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf();
    await stage.subscribe(receiver.url);
    const [uuid = ''] = await confirmed(stage, 1);
    await stage.note(uuid, 'by the window');
    await stage.db.run('update deliveries set is_head = 0');
    stage.engine.start();
    await allIn(stage, 'delivered', 2);
    expect(receiver.received.map(({ body }) => JSON.parse(body).booking.notes)).toEqual([null, 'by the window']);
  });

  it('beside another keeps the order of each lane', async () => {
    const db = await open();
    const [one, two] = [await stageOn(db), await stageOn(db)];
    const receiver = await receiverOf((_, count) => (count % 5 === 0 ? 500 : 204));
    await one.subscribe(receiver.url);
    const uuids = await confirmed(one, 4);
    one.engine.start();
    two.engine.start();
    const notes = ['1', '2', '3', '4'];
    for (const note of notes) {
      await Promise.all(uuids.map((uuid, index) => (index % 2 === 0 ? one : two).note(uuid, note)));
    }
    await vi.waitFor(async () => {
      one.clock.now += 10_000;
      two.clock.now += 10_000;
      expect((await one.deliveries()).map(({ state }) => state)).toEqual(Array(20).fill('delivered'));
    }, waiting);
    const first = new Map(
      receiver.received.map(({ headers, body }) => [headers['webhook-id'], JSON.parse(body).booking]),
    );
    for (const uuid of uuids) {
      const arrived = [...first.values()].filter((booking) => booking.uuid === uuid).map((booking) => booking.notes);
      expect(arrived).toEqual([null, ...notes]);
    }
  });

  it('waits as long as a receiver asks', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf((_, count) =>
      count === 1 ? { status: 429, headers: { 'retry-after': '120' } } : 204,
    );
    await stage.subscribe(receiver.url);
    stage.engine.start();
    await confirmed(stage, 1);
    const dueAt = stage.clock.now + 120_000;
    await vi.waitFor(
      async () => expect(await stage.deliveries()).toMatchObject([{ state: 'pending', step: 1, due_at: dueAt }]),
      waiting,
    );
    stage.clock.now = dueAt;
    await allIn(stage, 'delivered', 1);
  });

  it('tries once for a webhook that wants no retries', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf(() => 500);
    await stage.subscribe(receiver.url, { retryOnError: false });
    stage.engine.start();
    await confirmed(stage, 1);
    await allIn(stage, 'gave_up', 1);
    expect(await stage.deliveries()).toMatchObject([{ step: 1, reason: 'the receiver answered 500' }]);
  });

  it('sends a retry with the event it was made with, whatever its webhook listens to by then', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf((_, count) => (count === 1 ? 500 : 204));
    const { id } = await stage.subscribe(receiver.url);
    stage.engine.start();
    await confirmed(stage, 1);
    await vi.waitFor(async () => expect(await stage.attempts()).toHaveLength(1), waiting);
    await stage.subscriptions.patch(stage.website, id, () => ({ event: 'product_update' }));
    stage.clock.now += 6000;
    await allIn(stage, 'delivered', 1);
    const [first, again] = receiver.received;
    expect(again?.body).toBe(first?.body);
    expect(JSON.parse(again?.body ?? '').event).toBe('booking_update');
  });
});
