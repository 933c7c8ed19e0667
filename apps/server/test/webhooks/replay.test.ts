import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import type { Db } from '../../src/platform/db/index.ts';
import { createLog } from '../../src/platform/log/index.ts';
import { createWorker } from '../../src/platform/worker/index.ts';
import { createReplays, type ReplayRequest, replayWork } from '../../src/webhooks/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { runs } from '../support/scale.ts';
import { allIn, openings, type Received, type StageOptions, waiting } from './stage.ts';

onEachEngine('deliveries that are sent again', (open) => {
  const { stage: stageOn, receiver: receiverOf } = openings();

  /** A stage with its replays, whose work is done by `work`, run by run. */
  async function stageWith(db: Db, options?: StageOptions) {
    const stage = await stageOn(db, options);
    const now = () => stage.clock.now;
    let last = 0;
    const replays = createReplays({ db, now, newId: () => `replay-${++last}` });
    const { supplierId } = stage.sample;
    const confirmed = async () => {
      const { uuid } = await stage.hold();
      await stage.confirm(uuid);
      return uuid;
    };
    return {
      ...stage,
      replays,
      work: replayWork({ db, now }),
      confirmed,
      begin: async (webhookId: string, request: Partial<ReplayRequest> = {}) => {
        const begun = await replays.begin(supplierId, webhookId, { from: 0, ...request });
        if (begun.kind !== 'begun') throw new Error(begun.kind);
        return begun.replay;
      },
      one: (id: string) => replays.one(supplierId, id),
      retry: (id: string) => replays.retry(supplierId, id),
      cancel: (id: string, reason: string | null = null) => replays.cancelDelivery(supplierId, id, reason),
    };
  }
  type Stage = Awaited<ReturnType<typeof stageWith>>;
  /** Works until there is nothing to do at once. */
  const workOff = async (stage: Stage) => {
    while ((await stage.work()) === 'more');
  };
  /** Works with time passing until a replay has ended. */
  const ended = async (stage: Stage, id: string) => {
    await vi.waitFor(async () => {
      stage.clock.now += 1000;
      await stage.work();
      expect((await stage.one(id))?.endedAt).not.toBeNull();
    }, waiting);
    return stage.one(id);
  };
  const notes = (received: readonly Received[]) => received.map(({ body }) => JSON.parse(body).booking.notes);
  const ids = (received: readonly Received[]) => received.map(({ headers }) => headers['webhook-id']);
  const idOf = async (stage: Stage, index = 0) => (await stage.deliveries())[index]?.id ?? '';

  it('by hand have the same body and id, and a schedule of their own', async () => {
    const stage = await stageWith(await open());
    const answers = [410, 500, 204];
    const receiver = await receiverOf(() => answers.shift() ?? 204);
    const { id } = await stage.subscribe(receiver.url, { headers: { 'X-Key': 'k' } });
    stage.engine.start();
    await stage.confirmed();
    await allIn(stage, 'gave_up', 1);
    await stage.subscriptions.enable(stage.sample.supplierId, id);
    await stage.subscriptions.patch(stage.website, id, () => ({ capabilities: ['octo/content'] }));
    expect(await stage.retry(await idOf(stage))).toBe('done');
    await vi.waitFor(
      async () => expect(await stage.deliveries()).toMatchObject([{ step: 1, lease_token: null }]),
      waiting,
    );
    expect((await stage.deliveries())[0]?.due_at).toBe(stage.clock.now + 5000);
    expect(await stage.retry(await idOf(stage))).toBe('done');
    await allIn(stage, 'delivered', 1);
    expect(await stage.deliveries()).toMatchObject([{ step: 1 }]);
    const [first, ...again] = receiver.received;
    expect(again).toHaveLength(2);
    for (const one of again)
      expect([one.body, one.headers['webhook-id']]).toEqual([first?.body, first?.headers['webhook-id']]);
  });

  it('by hand go when they wait, but not before what is ahead of them in their lane', async () => {
    const stage = await stageWith(await open());
    const answers = [500];
    const receiver = await receiverOf(() => answers.shift() ?? 204);
    await stage.subscribe(receiver.url);
    stage.engine.start();
    const uuid = await stage.confirmed();
    await vi.waitFor(
      async () => expect(await stage.deliveries()).toMatchObject([{ step: 1, lease_token: null }]),
      waiting,
    );
    await stage.note(uuid, 'behind');
    expect(await stage.retry(await idOf(stage, 1))).toBe('done');
    expect(receiver.received).toHaveLength(1);
    expect(await stage.retry(await idOf(stage, 0))).toBe('done');
    await allIn(stage, 'delivered', 2);
    expect(notes(receiver.received)).toEqual([null, null, 'behind']);
  });

  it('go before what waits in their lane, and say that they come late', async () => {
    const stage = await stageWith(await open());
    const receiver = await receiverOf(({ body }) => (JSON.parse(body).booking.notes === 'stuck' ? 500 : 204));
    await stage.subscribe(receiver.url);
    stage.engine.start();
    const uuid = await stage.confirmed();
    await allIn(stage, 'delivered', 1);
    await stage.note(uuid, 'stuck');
    await vi.waitFor(
      async () => expect((await stage.deliveries())[1]).toMatchObject({ step: 1, lease_token: null }),
      waiting,
    );
    await stage.engine.stop(1000);
    await stage.retry(await idOf(stage));
    const heads = () => stage.db.all<{ is_head: number }>('select is_head from deliveries order by position');
    expect(await heads()).toEqual([{ is_head: 1 }, { is_head: 0 }]);
    stage.engine.start();
    await vi.waitFor(async () => expect((await stage.deliveries())[0]?.state).toBe('delivered'), waiting);
    expect(await heads()).toMatchObject([{}, { is_head: 1 }]);
    expect(receiver.received.at(-1)?.headers['carillon-out-of-order']).toBe('true');
    stage.clock.now += 6000;
    await vi.waitFor(() => expect(notes(receiver.received)).toEqual([null, 'stuck', null, 'stuck']), waiting);
  });

  it('by hand are refused where they cannot be, with why', async () => {
    const stage = await stageWith(await open());
    const hanging = Promise.withResolvers<number>();
    const receiver = await receiverOf((_, count) => (count === 1 ? hanging.promise : 204));
    const { id } = await stage.subscribe(receiver.url);
    stage.engine.start();
    await stage.confirmed();
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1), waiting);
    const delivery = await idOf(stage);
    expect(await stage.retry(delivery)).toEqual({ refused: 'it is being sent now' });
    expect(await stage.cancel(delivery)).toEqual({ refused: 'it is being sent now' });
    hanging.resolve(204);
    await allIn(stage, 'delivered', 1);
    expect(await stage.cancel(delivery)).toEqual({ refused: 'it has ended' });
    expect(await stage.retry('nothing')).toBe('missing');
    expect(await stage.replays.retry('another', delivery)).toBe('missing');
    const [view] = await stage.db.all<{ id: string; body: string }>('select id, body from views');
    const { id: viewId = '', body = '' } = view ?? {};
    await stage.db.run(`update views set body = ''`);
    expect(await stage.retry(delivery)).toEqual({ refused: 'its body was erased' });
    await stage.db.run(`update views set form = 'failed'`);
    expect(await stage.retry(delivery)).toMatchObject({ refused: expect.stringContaining('transformation') });
    await stage.db.run(`update views set id = 'elsewhere', body = $1, form = 'part'`, [body]);
    expect(await stage.retry(delivery)).toEqual({ refused: 'its body was pruned' });
    await stage.db.run('update views set id = $1', [viewId]);
    await stage.subscriptions.pause(stage.sample.supplierId, id);
    expect(await stage.retry(delivery)).toBe('done');
    expect(await stage.deliveries()).toMatchObject([{ state: 'held', reason: 'the webhook is paused' }]);
    await stage.subscriptions.enable(stage.sample.supplierId, id);
    await allIn(stage, 'delivered', 1);
    expect(receiver.received).toHaveLength(2);
    await stage.subscriptions.remove(stage.website, id);
    expect(await stage.retry(delivery)).toEqual({ refused: 'its webhook was deleted' });
  });

  it('that are cancelled let their lane go on; one that had arrived stays delivered', async () => {
    const stage = await stageWith(await open());
    const receiver = await receiverOf(({ body }) => (JSON.parse(body).booking.notes === null ? 500 : 204));
    await stage.subscribe(receiver.url);
    stage.engine.start();
    const uuid = await stage.confirmed();
    await vi.waitFor(
      async () => expect(await stage.deliveries()).toMatchObject([{ step: 1, lease_token: null }]),
      waiting,
    );
    await stage.note(uuid, 'next');
    expect(await stage.cancel(await idOf(stage), 'it is known')).toBe('done');
    await vi.waitFor(async () => expect((await stage.deliveries())[1]?.state).toBe('delivered'), waiting);
    const reason = 'cancelled by the operator: it is known';
    expect((await stage.deliveries())[0]).toMatchObject({ state: 'cancelled', reason });
    await stage.engine.stop(1000);
    await stage.retry(await idOf(stage, 1));
    expect((await stage.deliveries())[1]?.state).toBe('pending');
    await stage.cancel(await idOf(stage, 1));
    expect((await stage.deliveries())[1]).toMatchObject({ state: 'delivered', reason: null });
  });

  it('of a webhook are those of a time range, some ends and some types, counted before', async () => {
    const stage = await stageWith(await open());
    const receiver = await receiverOf((_, count) => (count === 2 ? 500 : 204));
    const others = await receiverOf();
    const { id } = await stage.subscribe(receiver.url, { retryOnError: false });
    await stage.subscribe(others.url);
    stage.engine.start();
    const begun = stage.clock.now;
    const { supplierId } = stage.sample;
    const count = (request: Partial<ReplayRequest>) => stage.replays.count(supplierId, id, { from: 0, ...request });
    for (let made = 1; made <= 3; made++) {
      stage.clock.now += 1000;
      await stage.confirmed();
      await vi.waitFor(
        async () =>
          expect((await stage.deliveries()).filter(({ state }) => state !== 'pending')).toHaveLength(2 * made),
        waiting,
      );
    }
    expect(await count({})).toBe(3);
    expect(await count({ states: ['gave_up'] })).toBe(1);
    expect(await count({ states: ['delivered', 'cancelled'] })).toBe(2);
    expect(await count({ states: ['cancelled'] })).toBe(0);
    expect(await count({ from: begun + 2000 })).toBe(2);
    expect(await count({ from: begun + 2000, to: begun + 3000 })).toBe(1);
    expect(await count({ events: ['order_update', 'product_update'] })).toBe(0);
    expect(await count({ events: ['booking_update'] })).toBe(3);
    expect(await stage.replays.count('another', id, { from: 0 })).toBeUndefined();
    const failed = await stage.begin(id, { states: ['gave_up'] });
    expect(await ended(stage, failed.id)).toMatchObject({
      state: 'done',
      found: 1,
      opened: 1,
      delivered: 1,
      failed: 0,
    });
    expect(receiver.received[3]?.body).toBe(receiver.received[1]?.body);
    const since = await stage.begin(id, { from: begun + 2000 });
    expect(await ended(stage, since.id)).toMatchObject({
      state: 'done',
      found: 2,
      opened: 2,
      skipped: 0,
      delivered: 2,
    });
    expect([receiver.received.length, others.received.length]).toEqual([6, 3]);
    expect(await stage.one(failed.id)).toMatchObject({ opened: 1, delivered: 1 });
  });

  it('of a webhook arrive in the order of each lane, byte for byte, at the pace that was asked for', async () => {
    const stage = await stageWith(await open());
    const receiver = await receiverOf();
    const { id } = await stage.subscribe(receiver.url);
    stage.engine.start();
    const uuids = [await stage.confirmed(), await stage.confirmed(), await stage.confirmed()];
    for (const note of ['1', '2', '3']) {
      stage.clock.now++;
      for (const uuid of uuids) await stage.note(uuid, note);
    }
    await allIn(stage, 'delivered', 12);
    const first = receiver.received.splice(0);
    const { id: replay } = await stage.begin(id, { perSecond: 5 });
    await expect(stage.begin(id)).rejects.toThrow('busy');
    for (const arrived of [5, 10, 12]) {
      await workOff(stage);
      await vi.waitFor(() => expect(receiver.received).toHaveLength(arrived), waiting);
      await workOff(stage);
      expect(receiver.received).toHaveLength(arrived);
      stage.clock.now += 1000;
    }
    expect(await ended(stage, replay)).toMatchObject({ state: 'done', found: 12, opened: 12, delivered: 12 });
    const ofLane = (received: readonly Received[], uuid: string) =>
      received.filter(({ body }) => JSON.parse(body).booking.uuid === uuid);
    for (const uuid of uuids) {
      expect(ids(ofLane(receiver.received, uuid))).toEqual(ids(ofLane(first, uuid)));
      expect(ofLane(receiver.received, uuid).map(({ body }) => body)).toEqual(
        ofLane(first, uuid).map(({ body }) => body),
      );
    }
  });

  it('of a webhook wait while it is paused, and go with it when it is deleted', async () => {
    const stage = await stageWith(await open());
    const receiver = await receiverOf();
    const { id } = await stage.subscribe(receiver.url);
    stage.engine.start();
    await stage.confirmed();
    await allIn(stage, 'delivered', 1);
    const { supplierId } = stage.sample;
    await stage.subscriptions.pause(supplierId, id);
    const { id: replay } = await stage.begin(id);
    await workOff(stage);
    expect(await stage.one(replay)).toMatchObject({ state: 'running', opened: 0, reason: 'the webhook is paused' });
    await stage.subscriptions.enable(supplierId, id);
    expect(await ended(stage, replay)).toMatchObject({ state: 'done', reason: null, delivered: 1 });
    expect(receiver.received).toHaveLength(2);
    const { id: next } = await stage.begin(id);
    await stage.subscriptions.remove(stage.website, id);
    expect(await ended(stage, next)).toMatchObject({ state: 'cancelled', reason: 'the webhook was deleted' });
  });

  it('of a webhook whose bodies were pruned are passed over, and counted', async () => {
    const stage = await stageWith(await open());
    const receiver = await receiverOf();
    const { id } = await stage.subscribe(receiver.url);
    stage.engine.start();
    await stage.confirmed();
    await stage.confirmed();
    await allIn(stage, 'delivered', 2);
    await stage.db.run(`update views set body = '' where id = (select min(id) from views)`);
    const { id: replay } = await stage.begin(id);
    expect(await ended(stage, replay)).toMatchObject({ found: 2, opened: 1, skipped: 1, delivered: 1 });
  });

  it('that are cancelled on the way are as they were before', async () => {
    const stage = await stageWith(await open());
    const receiver = await receiverOf();
    const { id } = await stage.subscribe(receiver.url);
    stage.engine.start();
    for (let made = 0; made < 4; made++) await stage.confirmed();
    await allIn(stage, 'delivered', 4);
    await stage.engine.stop(1000);
    const { id: replay } = await stage.begin(id, { perSecond: 2 });
    await workOff(stage);
    expect((await stage.deliveries()).filter(({ state }) => state === 'pending')).toHaveLength(2);
    expect((await stage.replays.cancel(stage.sample.supplierId, replay))?.state).toBe('cancelling');
    await workOff(stage);
    expect(await stage.one(replay)).toMatchObject({
      state: 'cancelled',
      reason: 'cancelled by the operator',
      opened: 2,
      delivered: 0,
    });
    await allIn(stage, 'delivered', 4);
    expect(receiver.received).toHaveLength(4);
    expect((await stage.replays.cancel(stage.sample.supplierId, replay))?.state).toBe('cancelled');
  });

  it('of a webhook are opened once each, whatever number of processes work on it and crash', async () => {
    const db = await open();
    const stage = await stageWith(db);
    const receiver = await receiverOf();
    const { id } = await stage.subscribe(receiver.url);
    stage.engine.start();
    for (let made = 0; made < 20; made++) await stage.confirmed();
    await allIn(stage, 'delivered', 20);
    receiver.received.splice(0);
    const { id: replay } = await stage.begin(id, { perSecond: 3 });
    let crashes = 0;
    // As a process that is killed before it commits.
    const transaction: Db['transaction'] = (work) =>
      db.transaction(async (tx) => {
        await work(tx);
        crashes++;
        throw new Error('killed');
      });
    const killed = new Proxy(db, {
      get: (target, name) => {
        if (name === 'transaction') return transaction;
        const value = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const crashingWork = replayWork({ db: killed, now: () => stage.clock.now });
    const log = createLog({ level: 'silent' });
    const workers = [1, 2].map(() => createWorker({ name: 'replays', pollMs: 5, log, work: stage.work }));
    for (const worker of workers) worker.start();
    await vi.waitFor(async () => {
      stage.clock.now += 1000;
      await crashingWork().catch(() => 'killed');
      expect((await stage.one(replay))?.state).toBe('done');
    }, waiting);
    for (const worker of workers) await worker.stop(1000);
    expect(crashes).toBeGreaterThan(0);
    expect(await stage.one(replay)).toMatchObject({ opened: 20, skipped: 0, delivered: 20 });
    expect(new Set(ids(receiver.received)).size).toBe(20);
    expect(receiver.received).toHaveLength(20);
  });

  it('leave every lane with its first as its head, whatever is open in it', async () => {
    const stage = await stageWith(await open());
    const { id } = await stage.subscribe('http://127.0.0.1:9/');
    const uuid = await stage.confirmed();
    for (const note of ['1', '2', '3', '4']) await stage.note(uuid, note);
    const all = await stage.deliveries();
    const state = fc.constantFrom('pending', 'delivered', 'gave_up', 'cancelled');
    await fc.assert(
      fc.asyncProperty(fc.array(state, { minLength: 5, maxLength: 5 }), fc.nat(4), async (states, chosen) => {
        const first = states.indexOf('pending');
        for (const [index, one] of all.entries()) {
          const ended = states[index] === 'pending' ? null : 1;
          await stage.db.run(
            `update deliveries set state = $2, is_head = $3, ended_at = $4, reason = 'x', due_at = 0, step = 1 where id = $1`,
            [one.id, states[index] ?? '', Number(index === first), ended],
          );
        }
        await stage.retry(all[chosen]?.id ?? '');
        const after = await stage.db.all<{ state: string; is_head: number }>(
          `select state, is_head from deliveries where webhook_id = $1 order by position`,
          [id],
        );
        const wanted = states.map((each, index) => (index === chosen ? 'pending' : each));
        expect(after.map((one) => one.state)).toEqual(wanted);
        const open = after.filter((one) => one.state === 'pending');
        expect(open.map((one) => one.is_head)).toEqual(open.map((_, index) => Number(index === 0)));
      }),
      { numRuns: runs(15) },
    );
  });
});
