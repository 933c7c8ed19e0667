import { expect, it, vi } from 'vitest';
import type { Db } from '../../src/platform/db/index.ts';
import { createReplays, type ReplayRequest, replayWork } from '../../src/webhooks/index.ts';
import { onEachEngine, onPostgres } from '../support/databases.ts';
import { allIn, openings, waiting } from './stage.ts';

const { stage: stageOn, receiver: receiverOf } = openings();

/** A stage with a webhook whose receiver answers what `answer` gives, and replays of it. */
async function replaying(db: Db, answer: () => number | Promise<number>, retryOnError = true) {
  const stage = await stageOn(db);
  const now = () => stage.clock.now;
  const receiver = await receiverOf(answer);
  const { id } = await stage.subscribe(receiver.url, { retryOnError });
  let made = 0;
  const replays = createReplays({ db, now, newId: () => `replay-${++made}` });
  const work = replayWork({ db, now });
  const { supplierId } = stage.sample;
  stage.engine.start();
  return {
    ...stage,
    receiver,
    replays,
    work,
    supplierId,
    confirmed: async (count: number) => {
      for (let made = 0; made < count; made++) await stage.confirm((await stage.hold()).uuid);
    },
    webhookId: id,
    begin: async (request: Partial<ReplayRequest> = {}) => {
      const begun = await replays.begin(supplierId, id, { from: 0, ...request });
      if (begun.kind !== 'begun') throw new Error(begun.kind);
      await work();
      return begun.replay.id;
    },
    cancel: (replay: string) => replays.cancel(supplierId, replay),
    one: (replay: string) => replays.one(supplierId, replay),
    /** Works with a little time passing, until a replay has ended. */
    ended: async (replay: string) => {
      await vi.waitFor(async () => {
        stage.clock.now += 300;
        await work();
        expect((await replays.one(supplierId, replay))?.endedAt).not.toBeNull();
      }, waiting);
      return replays.one(supplierId, replay);
    },
  };
}

onEachEngine('a replay that is cancelled', (open) => {
  it('waits for what a slow receiver has in hand, and sends again nothing of it that fails', async () => {
    const hanging = Promise.withResolvers<number>();
    const answers: (number | Promise<number>)[] = [204, 204, 204, hanging.promise, hanging.promise, hanging.promise];
    const stage = await replaying(await open(), () => answers.shift() ?? 204);
    await stage.confirmed(3);
    await allIn(stage, 'delivered', 3);
    const replay = await stage.begin();
    await vi.waitFor(() => expect(stage.receiver.received).toHaveLength(6), waiting);
    await stage.cancel(replay);
    expect(await stage.work()).toBeInstanceOf(Date);
    expect(await stage.one(replay)).toMatchObject({ state: 'cancelling', endedAt: null });
    hanging.resolve(500);
    expect(await stage.ended(replay)).toMatchObject({ state: 'cancelled', opened: 3, delivered: 0, failed: 0 });
    await allIn(stage, 'delivered', 3);
    expect(stage.receiver.received).toHaveLength(6);
  });

  it('counts what arrived after all', async () => {
    const hanging = Promise.withResolvers<number>();
    const answers: (number | Promise<number>)[] = [204, hanging.promise];
    const stage = await replaying(await open(), () => answers.shift() ?? 204);
    await stage.confirmed(1);
    await allIn(stage, 'delivered', 1);
    const replay = await stage.begin();
    await vi.waitFor(() => expect(stage.receiver.received).toHaveLength(2), waiting);
    await stage.cancel(replay);
    await stage.work();
    hanging.resolve(204);
    expect(await stage.ended(replay)).toMatchObject({ state: 'cancelled', opened: 1, delivered: 1 });
  });

  it('leaves what had been given up as that, for the next replay of what was', async () => {
    const stage = await replaying(await open(), () => 500, false);
    await stage.confirmed(3);
    await allIn(stage, 'gave_up', 3);
    await stage.engine.stop(1000);
    const before = await stage.deliveries();
    const replay = await stage.begin({ states: ['gave_up'] });
    await allIn(stage, 'pending', 3);
    await stage.cancel(replay);
    expect(await stage.ended(replay)).toMatchObject({ state: 'cancelled', opened: 3, failed: 0 });
    const kept = ({ id, state, reason }: (typeof before)[number]) => ({ id, state, reason });
    expect((await stage.deliveries()).map(kept)).toEqual(before.map(kept));
    expect(await stage.replays.count(stage.supplierId, stage.webhookId, { from: 0, states: ['gave_up'] })).toBe(3);
  });

  it('with its webhook, which is deleted, leaves what had arrived as delivered', async () => {
    const stage = await replaying(await open(), () => 204);
    await stage.confirmed(2);
    await allIn(stage, 'delivered', 2);
    await stage.engine.stop(1000);
    await stage.begin();
    await allIn(stage, 'pending', 2);
    await stage.subscriptions.remove(stage.website, stage.webhookId);
    expect(await stage.deliveries()).toMatchObject(Array(2).fill({ state: 'delivered', reason: null }));
  });

  it('with its webhook leaves as delivered also what fails after that', async () => {
    const hanging = Promise.withResolvers<number>();
    const answers: (number | Promise<number>)[] = [204, hanging.promise];
    const stage = await replaying(await open(), () => answers.shift() ?? 204);
    await stage.confirmed(1);
    await allIn(stage, 'delivered', 1);
    await stage.begin();
    await vi.waitFor(() => expect(stage.receiver.received).toHaveLength(2), waiting);
    // As one of those that did not go at once with their webhook.
    await stage.db.run(`update webhooks set state = 'deleted', state_reason = 'the webhook was deleted'`);
    hanging.resolve(500);
    await vi.waitFor(async () => expect(await stage.attempts()).toHaveLength(2), waiting);
    expect(await stage.deliveries()).toMatchObject([{ state: 'delivered', reason: null }]);
  });
});

onPostgres('a delivery whose body is pruned at the moment', (open) => {
  it.each(['by hand', 'by a replay'])('that it is opened again is not opened (%s)', async (how) => {
    const db = await open();
    const stage = await replaying(db, () => 204);
    await stage.confirmed(1);
    await allIn(stage, 'delivered', 1);
    const id = (await stage.deliveries())[0]?.id ?? '';
    const locked = Promise.withResolvers<void>();
    const committing = Promise.withResolvers<void>();
    // As retention does.
    const pruning = db.transaction(async (tx) => {
      await tx.all('select id from deliveries for update');
      await tx.run('delete from views');
      locked.resolve();
      await committing.promise;
    });
    await locked.promise;
    const opened = how === 'by hand' ? stage.replays.retry(stage.supplierId, id) : stage.begin();
    const waits = `select 1 as found from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await vi.waitFor(async () => expect(await db.all(waits)).not.toEqual([]), waiting);
    committing.resolve();
    await pruning;
    const outcome = await opened;
    if (how === 'by hand') expect(outcome).toEqual({ refused: 'its body was pruned' });
    else expect(await stage.one(String(outcome))).toMatchObject({ opened: 0, skipped: 1 });
    expect(await stage.deliveries()).toMatchObject([{ state: 'delivered' }]);
  });
});
