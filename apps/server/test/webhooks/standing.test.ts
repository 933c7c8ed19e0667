import { expect, it, vi } from 'vitest';
import { onEachEngine, onPostgres } from '../support/databases.ts';
import { openings, waiting } from './stage.ts';

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
