import { expect, it, vi } from 'vitest';
import { onEachEngine, onPostgres } from '../support/databases.ts';
import { allIn, openings, waiting } from './stage.ts';

const url = 'https://receiver.example/hook';
const hook = {
  event: 'booking_update',
  url,
  headers: {},
  capabilities: [],
  useContactLanguage: false,
  retryOnError: true,
} as const;
const deleted = 'update connections set deleted_at = 1 where id = $1';

onEachEngine('webhooks of a connection that was just deleted, or whose supplier was suspended', (open) => {
  const { stage: stageOn } = openings();

  it.each(['connection', 'supplier'])('are not made, changed or activated any more (%s)', async (what) => {
    const db = await open();
    const { website, sample, subscribe, notify, subscriptions, notifications } = await stageOn(db);
    const webhook = await subscribe(url);
    const subscription = await notify(url, { active: false });
    if (what === 'connection') await db.run(deleted, [website.connectionId]);
    else await db.run(`update suppliers set state = 'suspended'`);
    const rows = () => db.all('select id, url, state from webhooks order by id');
    const before = await rows();
    expect(await subscriptions.create(website, hook)).toMatchObject({ ok: false, refusal: { kind: 'bad_request' } });
    expect(await subscriptions.patch(website, webhook.id, () => ({ url: `${url}/new` }))).toBeUndefined();
    expect(await notifications.patch(website, subscription.id, { active: true })).toBeUndefined();
    if (what === 'supplier') expect(await subscriptions.enable(sample.supplierId, webhook.id)).toBe(false);
    expect(await rows()).toEqual(before);
  });
});

onEachEngine('what a webhook is owed', (open) => {
  const { stage: stageOn, receiver: receiverOf } = openings();

  it('that was held for hours holds back its lane for as long as may be from its next failure', async () => {
    const stage = await stageOn(await open(), { limits: { asideMs: 5 } });
    const receiver = await receiverOf((_, count) => (count < 3 ? 500 : 204));
    const { id } = await stage.subscribe(receiver.url);
    const { supplierId } = stage.sample;
    stage.engine.start();
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    const tried = (step: number) =>
      vi.waitFor(
        async () => expect(await stage.deliveries()).toMatchObject([{ step, lease_token: null }, ...behind]),
        waiting,
      );
    let behind: object[] = [];
    await tried(1);
    await stage.subscriptions.pause(supplierId, id);
    await stage.note(uuid, 'behind');
    behind = [{}];
    await allIn(stage, 'held', 2);
    stage.clock.now += 2 * 3_600_000;
    await stage.subscriptions.enable(supplierId, id);
    await tried(2);
    expect(await stage.db.all('select hold_until, in_lane from deliveries order by position limit 1')).toEqual([
      { hold_until: stage.clock.now + 3_600_000, in_lane: 1 },
    ]);
    stage.clock.now += 400_000;
    await allIn(stage, 'delivered', 2);
    expect(receiver.received.map(({ headers }) => headers['carillon-out-of-order'])).toEqual(Array(4).fill(undefined));
  });

  it('follows its state to the last delivery, one whose process is gone too, and then nobody looks at it any more', async () => {
    const stage = await stageOn(await open());
    const { id } = await stage.subscribe('http://127.0.0.1:9/hook');
    await stage.subscribe('http://127.0.0.1:9/hook');
    await stage.confirm((await stage.hold()).uuid);
    const looked = () => stage.db.all<{ webhook_id: string }>('select webhook_id from webhooks_out_of_line');
    await vi.waitFor(async () => expect(await looked()).toEqual([]), waiting);
    const lease = (until: number) =>
      stage.db.run(`update deliveries set lease_token = 'gone', lease_until = $2 where webhook_id = $1`, [id, until]);
    await lease(Date.now() + 600_000);
    await stage.subscriptions.pause(stage.sample.supplierId, id);
    const own = async () => (await stage.deliveries()).filter((one) => one.webhook_id === id);
    stage.clock.now += 10_000;
    expect(await own()).toMatchObject([{ state: 'pending' }]);
    expect(await looked()).toEqual([{ webhook_id: id }]);
    await lease(0);
    await vi.waitFor(async () => {
      stage.clock.now += 1000;
      expect(await own()).toMatchObject([{ state: 'held', reason: 'the webhook is paused' }]);
    }, waiting);
    await vi.waitFor(async () => expect(await looked()).toEqual([]), waiting);
    await stage.subscriptions.enable(stage.sample.supplierId, id);
    expect(await own()).toMatchObject([{ state: 'pending', reason: null }]);
    await vi.waitFor(async () => expect(await looked()).toEqual([]), waiting);
  });
});

onPostgres('webhooks that are made at the same moment', (open) => {
  const { stage: stageOn } = openings();

  it('as their connection is deleted are not made', async () => {
    const db = await open();
    const { website, subscriptions } = await stageOn(db);
    const started = Promise.withResolvers<void>();
    const committing = Promise.withResolvers<void>();
    const deleting = db.transaction(async (tx) => {
      await tx.run(deleted, [website.connectionId]);
      started.resolve();
      await committing.promise;
    });
    await started.promise;
    const made = subscriptions.create(website, hook);
    const waits = `select 1 as found from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await Promise.race([made, vi.waitFor(async () => expect(await db.all(waits)).not.toEqual([]), waiting)]);
    committing.resolve();
    await deleting;
    expect(await made).toMatchObject({ ok: false });
  });

  it('are not more than a connection may have', async () => {
    const db = await open();
    const { website, subscribe, subscriptions } = await stageOn(db);
    for (let count = 0; count < 98; count++) await subscribe(url);
    const made = await Promise.all(Array.from({ length: 6 }, () => subscriptions.create(website, hook)));
    expect(made.filter(({ ok }) => ok)).toHaveLength(2);
  });
});
