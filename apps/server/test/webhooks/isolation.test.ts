import { expect, it, vi } from 'vitest';
import { onEachEngine } from '../support/databases.ts';
import { allIn, openings, waiting } from './stage.ts';

const hour = 3_600_000;
/** After so many failures in a row a webhook rests. */
const failuresBeforeRest = 10;
type Stage = Awaited<ReturnType<ReturnType<typeof openings>['stage']>>;

onEachEngine('one webhook among others', (open) => {
  const { stage: stageOn, receiver: receiverOf } = openings();
  const confirmed = async (stage: Stage, count: number) => {
    const holds = await Promise.all(Array.from({ length: count }, () => stage.hold()));
    await Promise.all(holds.map(({ uuid }) => stage.confirm(uuid)));
    return holds.map(({ uuid }) => uuid);
  };
  const ofWebhook = async (stage: Stage, id: string) =>
    (await stage.deliveries()).filter((one) => one.webhook_id === id);
  const listed = async (stage: Stage, id: string) => {
    const found = await stage.subscriptions.one(stage.sample.supplierId, id);
    if (found === undefined) throw new Error('There is no such webhook');
    return found;
  };

  it('that hangs keeps no other from being sent to, however much it is owed', async () => {
    const limits = { inHand: 40, inHandPerWebhook: 32, leastPerWebhook: 4, claimBatch: 16 };
    const stage = await stageOn(await open(), { limits });
    const never = Promise.withResolvers<number>();
    const hanging = await receiverOf(() => never.promise);
    const good = await receiverOf();
    await stage.subscribe(hanging.url);
    await confirmed(stage, 60);
    await stage.subscribe(good.url);
    await confirmed(stage, 40);
    stage.engine.start();
    await vi.waitFor(() => expect(good.received).toHaveLength(40), waiting);
    expect(hanging.received).toHaveLength(16);
    never.resolve(204);
    await allIn(stage, 'delivered', 140);
  });

  it('gets as many requests at a time as it is configured for', async () => {
    const stage = await stageOn(await open());
    let [atOnce, most] = [0, 0];
    const two = Promise.withResolvers<void>();
    const receiver = await receiverOf(async () => {
      most = Math.max(most, ++atOnce);
      if (atOnce === 2) two.resolve();
      await two.promise;
      await new Promise(setImmediate);
      atOnce--;
      return 204;
    });
    const { id } = await stage.subscribe(receiver.url);
    await stage.subscriptions.configure(stage.sample.supplierId, id, { concurrency: 2 });
    stage.engine.start();
    await confirmed(stage, 12);
    await allIn(stage, 'delivered', 12);
    expect(most).toBe(2);
  });

  it('with a limited rate gets no more than that, whoever sends it', async () => {
    const db = await open();
    const stages = [await stageOn(db), await stageOn(db)] as const;
    const arrivals: number[] = [];
    const receiver = await receiverOf(() => {
      arrivals.push(performance.now());
      return 204;
    });
    const { id } = await stages[0].subscribe(receiver.url);
    const rateLimit = { perSecond: 20, burst: 3 };
    await stages[0].subscriptions.configure(stages[0].sample.supplierId, id, { rateLimit });
    await confirmed(stages[0], 15);
    // Whose clock is wrong does not matter.
    stages[1].clock.now += 30_000;
    const startedAt = performance.now();
    for (const stage of stages) stage.engine.start();
    await allIn(stages[0], 'delivered', 15);
    for (const [index, at] of arrivals.entries()) {
      expect(index).toBeLessThanOrEqual(rateLimit.burst + ((at - startedAt) * rateLimit.perSecond) / 1000);
    }
  });

  it('that answers nothing but errors is left to rest, tried now and then, and gets everything once it answers', async () => {
    const stage = await stageOn(await open());
    let status = 500;
    const receiver = await receiverOf(() => status);
    const { id } = await stage.subscribe(receiver.url);
    await stage.subscriptions.configure(stage.sample.supplierId, id, { concurrency: 1 });
    const uuids = await confirmed(stage, 30);
    stage.engine.start();
    await vi.waitFor(async () => expect(await listed(stage, id)).toMatchObject({ condition: 'resting' }), waiting);
    expect(receiver.received).toHaveLength(failuresBeforeRest);
    // Those that wait use up nothing of their schedules.
    expect((await ofWebhook(stage, id)).filter((one) => one.step === 0)).toHaveLength(30 - failuresBeforeRest);
    await stage.note(uuids[0] ?? '', 'more');

    stage.clock.now += 5000;
    await vi.waitFor(() => expect(receiver.received).toHaveLength(failuresBeforeRest + 1), waiting);
    await vi.waitFor(
      async () => expect((await listed(stage, id)).restingUntil).toBe(stage.clock.now + 10_000),
      waiting,
    );
    const steps = (await ofWebhook(stage, id)).map((one) => one.step);
    expect(steps.reduce((sum, step) => sum + step, 0)).toBe(failuresBeforeRest);

    status = 204;
    await vi.waitFor(async () => {
      stage.clock.now += 10_000;
      expect((await stage.deliveries()).map((one) => one.state)).toEqual(Array(31).fill('delivered'));
    }, waiting);
    expect(await listed(stage, id)).toMatchObject({ condition: 'healthy', failures: 0, restingUntil: null });
    const arrived = receiver.received.slice(failuresBeforeRest + 1).map(({ body }) => JSON.parse(body).booking);
    expect(arrived.filter((booking) => booking.uuid === uuids[0]).map((booking) => booking.notes)).toEqual([
      null,
      'more',
    ]);
  });

  it('of which some are refused for themselves goes on with the others, and does not use up their schedules', async () => {
    const stage = await stageOn(await open());
    const poisoned = new Set<string>();
    const receiver = await receiverOf(({ body }) => (poisoned.has(JSON.parse(body).booking.uuid) ? 500 : 204));
    const { id } = await stage.subscribe(receiver.url);
    stage.engine.start();
    const holds = await Promise.all(Array.from({ length: 12 }, () => stage.hold()));
    for (const { uuid } of holds) poisoned.add(uuid);
    await Promise.all(holds.map(({ uuid }) => stage.confirm(uuid)));
    await vi.waitFor(async () => expect(await listed(stage, id)).toMatchObject({ condition: 'resting' }), waiting);
    const goodOnes = await confirmed(stage, 5);
    await vi.waitFor(async () => {
      stage.clock.now += 5000;
      expect((await ofWebhook(stage, id)).filter((one) => one.state === 'delivered')).toHaveLength(goodOnes.length);
    }, waiting);
    const refused = (await ofWebhook(stage, id)).filter((one) => one.state !== 'delivered');
    // Their schedules take three days.
    expect(refused.map((one) => one.state)).toEqual(Array(12).fill('pending'));
  });

  it('gets at once what failed in a long outage when it answers again', async () => {
    const stage = await stageOn(await open());
    let status = 500;
    const receiver = await receiverOf(() => status);
    const { id } = await stage.subscribe(receiver.url);
    const retryDelaysMs = [0, 48 * hour];
    await stage.subscriptions.configure(stage.sample.supplierId, id, { retryDelaysMs });
    await confirmed(stage, 20);
    stage.engine.start();
    for (let rests = 1; rests <= 8; rests++) {
      await vi.waitFor(async () => expect((await stage.attempts()).length).toBeGreaterThanOrEqual(9 + rests), waiting);
      await vi.waitFor(async () => expect((await listed(stage, id)).condition).toBe('resting'), waiting);
      const { restingUntil } = await listed(stage, id);
      stage.clock.now = restingUntil ?? 0;
      await vi.waitFor(
        async () => expect((await listed(stage, id)).restingUntil).toBeGreaterThan(restingUntil ?? 0),
        waiting,
      );
    }
    status = 204;
    stage.clock.now += hour;
    await vi.waitFor(async () => {
      expect((await ofWebhook(stage, id)).filter((one) => one.state === 'delivered')).toHaveLength(20);
    }, waiting);
  });

  it('that rests is tried by one process at a time', async () => {
    const db = await open();
    const stages = [await stageOn(db), await stageOn(db)] as const;
    const receiver = await receiverOf(() => 503);
    const { id } = await stages[0].subscribe(receiver.url);
    await confirmed(stages[0], 20);
    stages[0].engine.start();
    await vi.waitFor(async () => expect(await listed(stages[0], id)).toMatchObject({ condition: 'resting' }), waiting);
    await vi.waitFor(
      async () => expect((await stages[0].deliveries()).every((one) => one.lease_token === null)).toBe(true),
      waiting,
    );
    stages[1].engine.start();
    for (let rests = 1; rests < 4; rests++) {
      const before = receiver.received.length;
      const { restingUntil } = await listed(stages[0], id);
      for (const stage of stages) stage.clock.now = restingUntil ?? 0;
      await vi.waitFor(
        async () => expect((await listed(stages[0], id)).restingUntil).toBeGreaterThan(restingUntil ?? 0),
        waiting,
      );
      await vi.waitFor(() => expect(receiver.received).toHaveLength(before + 1), waiting);
      await vi.waitFor(
        async () => expect((await stages[0].deliveries()).every((one) => one.lease_token === null)).toBe(true),
        waiting,
      );
    }
  });
});

onEachEngine('the order of a lane', (open) => {
  const { stage: stageOn, receiver: receiverOf } = openings();
  const notesOf = (receiver: Awaited<ReturnType<typeof receiverOf>>) =>
    receiver.received.map(({ body, headers }) => [JSON.parse(body).booking.notes, headers['carillon-out-of-order']]);

  it('is given up for one that holds it back too long: the next goes, marked, and the late one too', async () => {
    const stage = await stageOn(await open(), { limits: { asideMs: 10 } });
    let stuck = true;
    const receiver = await receiverOf(({ body }) => (stuck && JSON.parse(body).booking.notes === 'stuck' ? 500 : 204));
    await stage.subscribe(receiver.url);
    stage.engine.start();
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    await allIn(stage, 'delivered', 1);
    await stage.note(uuid, 'stuck');
    await stage.note(uuid, 'next');
    await stage.note(uuid, 'last');
    await vi.waitFor(async () => expect(await stage.attempts()).toHaveLength(2), waiting);
    // Another of the same webhook goes meanwhile, so that it does not rest.
    stage.clock.now += hour - 1000;
    await vi.waitFor(async () => expect((await stage.attempts()).length).toBeGreaterThan(2), waiting);
    expect(notesOf(receiver).map(([notes]) => notes)).not.toContain('next');
    stage.clock.now += 1000;
    await vi.waitFor(() => expect(notesOf(receiver).map(([notes]) => notes)).toContain('last'), waiting);
    stuck = false;
    await vi.waitFor(async () => {
      stage.clock.now += hour;
      expect((await stage.deliveries()).map((one) => one.state)).toEqual(Array(4).fill('delivered'));
    }, waiting);
    const arrived = notesOf(receiver).filter(([notes]) => notes !== 'stuck');
    expect(arrived).toEqual([
      [null, undefined],
      ['next', 'true'],
      ['last', undefined],
    ]);
    expect(notesOf(receiver).at(-1)).toEqual(['stuck', 'true']);
  });

  it('counts for nothing where the webhook wants none', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf(({ body }) => (JSON.parse(body).booking.notes === 'stuck' ? 500 : 204));
    const { id } = await stage.subscribe(receiver.url);
    await stage.subscriptions.configure(stage.sample.supplierId, id, { ordering: 'none' });
    stage.engine.start();
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    await stage.note(uuid, 'stuck');
    await stage.note(uuid, 'next');
    await vi.waitFor(() => expect(notesOf(receiver)).toContainEqual(['next', undefined]), waiting);
    const states = async () => (await stage.deliveries()).map((one) => one.state).sort();
    await vi.waitFor(async () => expect(await states()).toEqual(['delivered', 'delivered', 'pending']), waiting);
  });
});

onEachEngine('pausing a webhook', (open) => {
  const { stage: stageOn, receiver: receiverOf } = openings();

  it('takes back what waits in memory, and so does a change of its address', async () => {
    const stage = await stageOn(await open());
    const gate = Promise.withResolvers<void>();
    const old = await receiverOf(async () => {
      await gate.promise;
      return 204;
    });
    const fresh = await receiverOf();
    const { id } = await stage.subscribe(old.url);
    await stage.subscriptions.configure(stage.sample.supplierId, id, { concurrency: 2 });
    stage.engine.start();
    const holds = await Promise.all(Array.from({ length: 20 }, () => stage.hold()));
    await Promise.all(holds.map(({ uuid }) => stage.confirm(uuid)));
    await vi.waitFor(() => expect(old.received).toHaveLength(2), waiting);
    await stage.subscriptions.patch(stage.website, id, () => ({ url: fresh.url }));
    const free = async (count: number) =>
      expect((await stage.deliveries()).filter((one) => one.lease_token === null)).toHaveLength(count);
    // Two are under way, and six of those that are claimed anew wait for their places.
    await vi.waitFor(() => free(12), waiting);
    await stage.subscriptions.pause(stage.sample.supplierId, id);
    await vi.waitFor(() => free(18), waiting);
    gate.resolve();
    await vi.waitFor(async () => {
      const states = (await stage.deliveries()).map((one) => one.state).sort();
      expect(states).toEqual([...Array(2).fill('delivered'), ...Array(18).fill('held')]);
    }, waiting);
    expect([old.received.length, fresh.received.length]).toEqual([2, 0]);
    await stage.subscriptions.enable(stage.sample.supplierId, id);
    await allIn(stage, 'delivered', 20);
    expect([old.received.length, fresh.received.length]).toEqual([2, 18]);
  });

  it('holds what it is owed and what comes; enabled, it gets all of it in order, or none of it', async () => {
    const stage = await stageOn(await open());
    const receiver = await receiverOf();
    const { id } = await stage.subscribe(receiver.url);
    const { supplierId } = stage.sample;
    stage.engine.start();
    const { uuid } = await stage.hold();
    await stage.subscriptions.pause(supplierId, id);
    await stage.confirm(uuid);
    for (let note = 0; note < 3; note++) await stage.note(uuid, `${note}`);
    expect(await stage.subscriptions.one(supplierId, id)).toMatchObject({ condition: 'paused', state: 'disabled' });
    await allIn(stage, 'held', 4);
    await stage.subscriptions.enable(supplierId, id);
    await allIn(stage, 'delivered', 4);
    expect(receiver.received.map(({ body }) => JSON.parse(body).booking.notes)).toEqual([null, '0', '1', '2']);

    await stage.subscriptions.pause(supplierId, id);
    await stage.note(uuid, 'unheard');
    await stage.subscriptions.enable(supplierId, id, 'cancel');
    await stage.note(uuid, 'heard');
    await vi.waitFor(() => expect(receiver.received).toHaveLength(5), waiting);
    expect(JSON.parse(receiver.received[4]?.body ?? '').booking.notes).toBe('heard');
  });
});
