import { Webhook } from 'standardwebhooks';
import { expect, it, vi } from 'vitest';
import { accepted, monday } from '../supplier/stage.ts';
import { onEachEngine } from '../support/databases.ts';
import { allIn, openings, waiting } from './stage.ts';

const everyType = ['BOOKING_UPDATE', 'AVAILABILITY_UPDATE', 'PRODUCT_UPDATE'] as const;

onEachEngine('notifications', (open) => {
  const { stage: stageOn, receiver: receiverOf } = openings();
  const told = (receiver: Awaited<ReturnType<typeof receiverOf>>) =>
    receiver.received.map(({ body }) => JSON.parse(body));

  it('say which object changed, of each type that the subscription covers, and nothing of the object', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf();
    const { id: subscriptionId, signingSecret } = await stage.notify(receiver.url, { notificationTypes: everyType });
    stage.engine.start();
    const { supplierId } = stage.website;
    const { productId, optionId, availabilityId } = stage.cruise();
    const envelope = { subscriptionId, supplierId };
    const { uuid } = await stage.hold();
    const slotChanged = {
      notificationType: 'AVAILABILITY_UPDATE',
      ...envelope,
      data: { productId, optionId, availabilityId, localDateStart: '2026-06-10', localDateEnd: '2026-06-10' },
    };
    await allIn(stage, 'delivered', 1);
    expect(told(receiver)).toEqual([slotChanged]);

    await stage.confirm(uuid);
    await allIn(stage, 'delivered', 2);
    expect(told(receiver)[1]).toEqual({ notificationType: 'BOOKING_UPDATE', ...envelope, data: { uuid } });
    expect(Object.keys(told(receiver)[1])).toEqual(['notificationType', 'subscriptionId', 'supplierId', 'data']);

    const definition = await stage.definition('cruise');
    accepted(await stage.supplier.saveProduct(supplierId, { ...definition, reference: 'R-1' }));
    await vi.waitFor(
      () =>
        expect(told(receiver)).toContainEqual({ notificationType: 'PRODUCT_UPDATE', ...envelope, data: { productId } }),
      waiting,
    );
    const { headers, body } = receiver.received[1]!;
    vi.useFakeTimers({ toFake: ['Date'], now: monday });
    try {
      expect(new Webhook(signingSecret).verify(body, headers as Record<string, string>)).toEqual(JSON.parse(body));
    } finally {
      vi.useRealTimers();
    }
  });

  it('tell of several slots one by one', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf();
    await stage.notify(receiver.url, { notificationTypes: ['AVAILABILITY_UPDATE'] });
    stage.engine.start();
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    const later = '2026-06-11T14:00:00+02:00';
    accepted(await stage.supplier.update(stage.website, uuid, { availabilityId: later }));
    await allIn(stage, 'delivered', 3);
    const moved = told(receiver).slice(1);
    expect(moved.map(({ data }) => data.availabilityId).sort()).toEqual(['2026-06-10T14:00:00+02:00', later]);
  });

  it('are of the bookings of the connection, and of the types that are covered', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf();
    await stage.notify(receiver.url, { notificationTypes: ['PRODUCT_UPDATE'] });
    accepted(
      await stage.notifications.create(stage.reseller, {
        notificationTypes: ['BOOKING_UPDATE', 'AVAILABILITY_UPDATE'],
        url: `${receiver.url}/reseller`,
        headers: {},
        active: true,
        retryOnError: true,
      }),
    );
    stage.engine.start();
    await stage.confirm((await stage.hold()).uuid);
    await allIn(stage, 'delivered', 1);
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook/reseller']);
    expect(told(receiver)).toMatchObject([{ notificationType: 'AVAILABILITY_UPDATE' }]);
  });

  it('go through the same engine: in order, retried with the same bytes, to whoever is subscribed', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf((_, count) => (count === 1 ? 503 : 204));
    await stage.notify(receiver.url, { headers: { 'x-token': 'secret' } });
    stage.engine.start();
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    await vi.waitFor(async () => expect(await stage.attempts()).toHaveLength(1), waiting);
    await stage.note(uuid, 'by the window');
    stage.clock.now += 6000;
    await allIn(stage, 'delivered', 2);
    const [first, again, second] = receiver.received;
    expect(again).toEqual({ ...first, headers: { ...first?.headers, ...timed(again?.headers) } });
    expect(second?.headers['webhook-id']).not.toBe(first?.headers['webhook-id']);
    expect(second?.headers['x-token']).toBe('secret');
    const views = await stage.db.all<{ body: string }>('select body from views');
    expect(views.map(({ body }) => body)).toEqual(Array(2).fill(`"data":{"uuid":"${uuid}"}`));
  });

  it('of an engine that is gone are sent by another', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf();
    const { id } = await stage.notify(receiver.url);
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    stage.engine.start();
    await allIn(stage, 'delivered', 1);
    expect(told(receiver)).toMatchObject([{ notificationType: 'BOOKING_UPDATE', subscriptionId: id, data: { uuid } }]);
  });

  it('are held while their subscription is inactive, and sent when it is active again', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf();
    const { id } = await stage.notify(receiver.url, { active: false });
    stage.engine.start();
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    const reason = 'its connection has made the subscription inactive';
    expect(await stage.deliveries()).toMatchObject([{ state: 'held', reason }]);
    accepted((await stage.notifications.patch(stage.website, id, { active: true }))!);
    await allIn(stage, 'delivered', 1);
    accepted((await stage.notifications.patch(stage.website, id, { active: false }))!);
    await stage.note(uuid, 'by the window');
    expect(await stage.deliveries()).toMatchObject([{ state: 'delivered' }, { state: 'held', reason }]);
    expect(await stage.notifications.remove(stage.website, id)).toBe(true);
    expect(await stage.deliveries()).toMatchObject([{ state: 'delivered' }, { state: 'cancelled' }]);
  });

  it('stay held while the operator has paused their subscription, whatever its connection says', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf();
    const { id } = await stage.notify(receiver.url);
    const { supplierId } = stage.sample;
    await stage.subscriptions.pause(supplierId, id);
    stage.engine.start();
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    expect(await stage.notifications.patch(stage.website, id, { active: true, retryOnError: false })).toEqual({
      ok: false,
      refusal: { kind: 'bad_request', message: expect.stringContaining('the operator has paused') },
    });
    expect(await stage.notifications.get(stage.website, id)).toMatchObject({ active: false, retryOnError: true });
    expect(await stage.subscriptions.one(supplierId, id)).toMatchObject({ condition: 'paused' });
    expect(await stage.deliveries()).toMatchObject([{ state: 'held', reason: 'the webhook is paused' }]);
    await stage.subscriptions.enable(supplierId, id);
    await allIn(stage, 'delivered', 1);
  });

  it('begin anew when their connection activates a subscription that was disabled for its failures', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf((_, count) => (count === 1 ? 410 : 204));
    const { id } = await stage.notify(receiver.url);
    stage.engine.start();
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    await allIn(stage, 'gave_up', 1);
    await stage.note(uuid, 'held');
    const one = () => stage.subscriptions.one(stage.sample.supplierId, id);
    expect(await one()).toMatchObject({ condition: 'disabled', failures: 1 });
    accepted((await stage.notifications.patch(stage.website, id, { active: true }))!);
    expect(await one()).toMatchObject({ condition: 'healthy', failures: 0, failingSince: null, reason: null });
    await vi.waitFor(async () => expect((await stage.deliveries())[1]?.state).toBe('delivered'), waiting);
  });

  it('of nothing but a time are not sent', async () => {
    const stage = await stageOn(await open());
    await stage.notify('http://127.0.0.1:9/hook');
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    await stage.note(uuid, 'by the window');
    stage.clock.now += 60_000;
    await stage.note(uuid, 'by the window');
    expect(await stage.deliveries()).toHaveLength(2);
  });
});

const timed = (headers: Record<string, unknown> = {}) => ({
  'webhook-timestamp': headers['webhook-timestamp'],
  'webhook-signature': headers['webhook-signature'],
});
