import { expect, it, vi } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { allIn, openings, waiting } from './stage.ts';

onEachEngine('disabling, enabling and deleting a webhook', (open) => {
  const { stage: stageOn, receiver: receiverOf } = openings();
  const stateOf = async (stage: Awaited<ReturnType<typeof stageOn>>, id: string) =>
    (await stage.subscriptions.all(stage.sample.supplierId)).find((webhook) => webhook.id === id)?.state;

  it('410 disables it, which is logged, and holds what follows; enabled, it gets what was held', async () => {
    const logged: unknown[] = [];
    const stage = await stageOn(await open(), { logged: (line) => logged.push(line) });
    const receiver = await receiverOf((_, count) => (count === 1 ? 410 : 204));
    const { id } = await stage.subscribe(receiver.url);
    stage.engine.start();
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    await allIn(stage, 'gave_up', 1);
    const reason = 'the receiver answered 410 Gone';
    expect(await stage.subscriptions.all(stage.sample.supplierId)).toMatchObject([{ id, state: 'disabled', reason }]);
    await vi.waitFor(
      () => expect(logged).toContainEqual(expect.objectContaining({ code: 'webhook.disabled', webhook: id, reason })),
      waiting,
    );
    await stage.note(uuid, 'more');
    expect(await stage.deliveries()).toMatchObject([{ state: 'gave_up' }, { state: 'held', reason }]);
    expect(receiver.received).toHaveLength(1);
    expect(await stage.subscriptions.enable(stage.sample.supplierId, id)).toMatchObject({ gaveUp: 1 });
    await vi.waitFor(
      async () => expect((await stage.deliveries()).map((one) => one.state)).toEqual(['gave_up', 'delivered']),
      waiting,
    );
    expect(receiver.received).toHaveLength(2);
  });

  it('at a 410, what is under way gets its own answer, and what waits is not sent', async () => {
    const stage = await stageOn(await open(), { limits: { perWebhook: 4 } });
    let id = '';
    const receiver = await receiverOf(async (_, count) => {
      if (count > 4) return 204;
      await vi.waitFor(() => expect(receiver.received.length).toBe(4), waiting);
      if (count === 1) return 410;
      await vi.waitFor(async () => expect(await stateOf(stage, id)).toBe('disabled'), waiting);
      return count === 2 ? 500 : 204;
    });
    ({ id } = await stage.subscribe(receiver.url));
    stage.engine.start();
    const holds = await Promise.all(Array.from({ length: 10 }, () => stage.hold()));
    await Promise.all(holds.map(({ uuid }) => stage.confirm(uuid)));
    const states = async () => (await stage.deliveries()).map((one) => one.state).sort();
    await vi.waitFor(
      async () => expect(await states()).toEqual(['delivered', 'delivered', 'gave_up', ...Array(7).fill('held')]),
      waiting,
    );
    expect(receiver.received).toHaveLength(4);
    await stage.subscriptions.enable(stage.sample.supplierId, id);
    await vi.waitFor(async () => expect(await states()).toEqual([...Array(9).fill('delivered'), 'gave_up']), waiting);
    // The one that failed is the only one to come twice.
    expect(receiver.received).toHaveLength(11);
  });

  it('a 410 of the address that it had before a change neither disables it nor ends the delivery', async () => {
    const stage = await stageOn(await open());
    const asked = Promise.withResolvers<void>();
    const changed = Promise.withResolvers<void>();
    const old = await receiverOf(async () => {
      asked.resolve();
      await changed.promise;
      return 410;
    });
    const fresh = await receiverOf();
    const { id } = await stage.subscribe(old.url);
    stage.engine.start();
    await stage.confirm((await stage.hold()).uuid);
    await asked.promise;
    await stage.subscriptions.patch(stage.website, id, () => ({ url: fresh.url }));
    changed.resolve();
    await allIn(stage, 'delivered', 1);
    expect(await stateOf(stage, id)).toBe('active');
    expect(fresh.received).toHaveLength(1);
    expect(await stage.deliveries()).toMatchObject([{ step: 1 }]);
  });

  it('deleted while an attempt is under way, its delivery ends cancelled, and the attempt is kept', async () => {
    const stage = await stageOn(await open());
    const asked = Promise.withResolvers<void>();
    const deleted = Promise.withResolvers<void>();
    const receiver = await receiverOf(async () => {
      asked.resolve();
      await deleted.promise;
      return 500;
    });
    const { id } = await stage.subscribe(receiver.url);
    stage.engine.start();
    await stage.confirm((await stage.hold()).uuid);
    await asked.promise;
    await stage.subscriptions.remove(stage.website, id);
    deleted.resolve();
    await vi.waitFor(async () => expect(await stage.attempts()).toMatchObject([{ status: 500 }]), waiting);
    expect(await stage.deliveries()).toMatchObject([{ state: 'cancelled', reason: 'the webhook was deleted' }]);
  });

  it('what is claimed for it is held or cancelled as it is by then', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf();
    const disabled = await stage.subscribe(receiver.url);
    const removed = await stage.subscribe(receiver.url);
    await stage.confirm((await stage.hold()).uuid);
    const set = 'update webhooks set state = $1, state_reason = $2 where id = $3';
    await stage.db.run(set, ['disabled', 'the operator says so', disabled.id]);
    await stage.db.run(set, ['deleted', null, removed.id]);
    await stage.db.run(
      `insert into webhooks_out_of_line (webhook_id, due_at) values ($1, 0), ($2, 0)
                        on conflict (webhook_id) do update set due_at = 0`,
      [disabled.id, removed.id],
    );
    stage.engine.start();
    await vi.waitFor(async () => {
      const found = await stage.deliveries();
      expect(found.find((one) => one.webhook_id === disabled.id)).toMatchObject({
        state: 'held',
        reason: 'the operator says so',
      });
      expect(found.find((one) => one.webhook_id === removed.id)).toMatchObject({
        state: 'cancelled',
        reason: 'the webhook was deleted',
      });
    }, waiting);
    expect(receiver.received).toEqual([]);
  });
});
