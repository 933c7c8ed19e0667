import { expect, it, vi } from 'vitest';
import { onEachEngine, onSqlite } from '../../test/support/databases.ts';
import { allIn, openings, waiting } from '../../test/webhooks/stage.ts';
import type { Db, Queryable } from '../platform/db/index.ts';
import { createLog } from '../platform/log/index.ts';
import { createMetrics, type Metrics } from './index.ts';
import { oldestDue, openDeliveries } from './store.ts';

const log = createLog({ level: 'silent' });

/** The value of a line of Prometheus' text; undefined: there is none. */
async function numberOf(metrics: Metrics, name: string): Promise<number | undefined> {
  const line = (await metrics.text()).split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}

onEachEngine('the numbers of a server', (open) => {
  const { stage: stageOn, receiver: receiverOf } = openings();

  /** A stage with its metrics; nothing is sent before its engine starts. */
  async function measured(answer?: Parameters<typeof receiverOf>[0]) {
    const db = await open();
    const clock: { now: () => number } = { now: Date.now };
    const metrics = createMetrics({ db, log, now: () => clock.now() });
    const stage = await stageOn(db, {
      listeners: [metrics.events],
      onAttempt: metrics.attempt,
      onBatch: metrics.batch,
    });
    clock.now = () => stage.clock.now;
    const receiver = await receiverOf(answer);
    return { db, stage, receiver, value: (name: string) => numberOf(metrics, name) };
  }

  it('tell what waits, by state, and for how long the oldest delivery is due', async () => {
    const { stage, receiver, value } = await measured();
    const { id } = await stage.subscribe(receiver.url);
    expect(await value('carillon_delivery_oldest_due_seconds')).toBe(0);
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    await stage.note(uuid, 'behind it');
    stage.clock.now += 90_000;
    await stage.confirm((await stage.hold()).uuid);
    expect(await value('carillon_deliveries_open{state="pending"}')).toBe(3);
    expect(await value('carillon_deliveries_behind')).toBe(1);
    expect(await value('carillon_delivery_oldest_due_seconds')).toBe(90);
    await stage.subscriptions.pause(stage.sample.supplierId, id);
    expect(await value('carillon_deliveries_open{state="pending"}')).toBe(0);
    expect(await value('carillon_deliveries_open{state="held"}')).toBe(3);
    expect(await value('carillon_delivery_oldest_due_seconds')).toBe(0);
    expect(await value('carillon_webhooks{condition="paused"}')).toBe(1);
  });

  it('tell which webhooks fail, and for how long', async () => {
    const { stage, receiver, value } = await measured(() => 500);
    const failing = await stage.subscribe(receiver.url);
    const fine = await stage.subscribe((await receiverOf()).url);
    stage.engine.start();
    await stage.confirm((await stage.hold()).uuid);
    await vi.waitFor(
      async () => expect(await value(`carillon_webhook_failures{webhook="${failing.id}"}`)).toBe(1),
      waiting,
    );
    stage.clock.now += 2_000;
    expect(await value(`carillon_webhook_failing_seconds{webhook="${failing.id}"}`)).toBe(2);
    expect(await value(`carillon_webhook_failing_seconds{webhook="${fine.id}"}`)).toBeUndefined();
    expect(await value('carillon_webhooks{condition="failing"}')).toBe(1);
    expect(await value('carillon_webhooks{condition="healthy"}')).toBe(1);
    expect(await value('carillon_webhooks{condition="resting"}')).toBe(0);
  });

  it('tell how long the first attempt took to come, once for each delivery, and how large the batches were', async () => {
    const { stage, receiver, value } = await measured((_, count) => (count === 1 ? 500 : 204));
    await stage.subscribe(receiver.url);
    await stage.confirm((await stage.hold()).uuid);
    stage.clock.now += 2_000;
    stage.engine.start();
    await vi.waitFor(async () => expect(await stage.attempts()).toHaveLength(1), waiting);
    stage.clock.now += 10_000;
    await allIn(stage, 'delivered', 1);
    await vi.waitFor(
      async () => expect(await value('carillon_delivery_batch_size_count{kind="settle"}')).toBe(2),
      waiting,
    );
    expect(await value('carillon_delivery_first_attempt_seconds_count')).toBe(1);
    expect(await value('carillon_delivery_first_attempt_seconds_sum')).toBe(2);
    expect(await value('carillon_delivery_attempts_total{outcome="refused"}')).toBe(1);
    expect(await value('carillon_delivery_attempts_total{outcome="accepted"}')).toBe(1);
    expect(await value('carillon_delivery_batch_size_sum{kind="claim"}')).toBe(2);
  });

  it('are read from the database once for all who ask at the same time', async () => {
    const db = await open();
    const metrics = createMetrics({ db, log, now: Date.now });
    const asked = async (times: number) => {
      const before = db.statements;
      const up = await Promise.all(Array.from({ length: times }, () => numberOf(metrics, 'carillon_database_up')));
      expect(up).toEqual(Array(times).fill(1));
      return db.statements - before;
    };
    const once = await asked(1);
    expect(once).toBeGreaterThan(0);
    expect(await asked(5)).toBe(once);
    expect(await asked(1)).toBe(once);
  });

  it('count events that were committed, and no others', async () => {
    const db = await open();
    const metrics = createMetrics({ db, log, now: Date.now });
    const stage = await stageOn(db, {
      listeners: [
        metrics.events,
        {
          async recorded(_, [event]) {
            if (event?.type === 'booking_update' && event.position === 3) throw new Error('not this one');
          },
        },
      ],
    });
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    const before = await numberOf(metrics, 'carillon_events_total{type="booking_update"}');
    expect(before).toBe(2);
    await expect(stage.note(uuid, 'x')).rejects.toThrow('not this one');
    expect(await numberOf(metrics, 'carillon_events_total{type="booking_update"}')).toBe(before);
  });
});

onSqlite('the questions to the database', (open) => {
  it('look at indexes of what is open, and never through the deliveries', async () => {
    const db = await open();
    const plans: string[] = [];
    const explaining: Queryable = {
      dialect: db.dialect,
      async all<Row>(sql: string, params?: Parameters<Db['all']>[1]) {
        const plan = await db.all<{ detail: string }>(`explain query plan ${sql}`, params);
        plans.push(...plan.map(({ detail }) => detail));
        return [] as Row[];
      },
      run: db.run.bind(db),
    };
    await openDeliveries(explaining);
    await oldestDue(explaining, 0);
    const ofDeliveries = plans.filter((detail) => /^(SCAN|SEARCH) (deliveries|d)\b/.test(detail));
    expect(ofDeliveries.length).toBeGreaterThanOrEqual(6);
    for (const detail of ofDeliveries)
      expect(detail).toMatch(/USING (COVERING )?INDEX deliveries_(due|waiting|held)\b/);
  });
});
