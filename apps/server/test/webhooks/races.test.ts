import { expect, it, vi } from 'vitest';
import type { Listener } from '../../src/changes/index.ts';
import type { Db } from '../../src/platform/db/index.ts';
import { onPostgres } from '../support/databases.ts';
import { allIn, openings, waiting } from './stage.ts';

/** A lock of Postgres that the test holds and a recording transaction waits for. */
const gate = 42;

onPostgres('a change that is being recorded', (open) => {
  const { stage: stageOn, receiver: receiverOf } = openings();

  /** Closes the gate; gives what opens it again. */
  async function closeGate(db: Db): Promise<() => Promise<void>> {
    const opened = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    const holding = db.transaction(async (tx) => {
      await tx.all('select pg_advisory_xact_lock($1)', [gate]);
      closed.resolve();
      await opened.promise;
    });
    await closed.promise;
    return async () => {
      opened.resolve();
      await holding;
    };
  }
  const waitersFor = async (db: Db, event: string) => {
    const found = await db.all(
      `select 1 as found from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and wait_event = $1`,
      [event],
    );
    return found.length;
  };
  const waits = (db: Db, event: string) =>
    vi.waitFor(async () => expect(await waitersFor(db, event)).toBeGreaterThan(0), waiting);

  it.each(['enabled', 'deleted'])('for a webhook that is %s meanwhile leaves nothing held for ever', async (what) => {
    const db = await open();
    let gated = false;
    // Sent right behind the statement that reads the webhooks, and ahead of the one that stores the deliveries.
    const between: Listener = {
      async recorded(tx) {
        if (gated) await tx.all('select pg_advisory_xact_lock($1)', [gate]);
      },
    };
    const stage = await stageOn(db, { listeners: [between] });
    const { id } = await stage.subscribe('http://127.0.0.1:9/hook');
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    await db.run(`update webhooks set state = 'disabled', state_reason = 'for a while' where id = $1`, [id]);
    await db.run(`update deliveries set state = 'held'`);
    const openGate = await closeGate(db);
    gated = true;
    const recorded = stage.note(uuid, 'by the window');
    await waits(db, 'advisory');
    const changed =
      what === 'enabled'
        ? stage.subscriptions.enable(stage.sample.supplierId, id)
        : stage.subscriptions.remove(stage.website, id);
    await Promise.race([changed, waits(db, 'transactionid')]);
    await openGate();
    await Promise.all([recorded, changed]);
    const state = what === 'enabled' ? 'pending' : 'cancelled';
    expect((await stage.deliveries()).map((one) => one.state)).toEqual([state, state]);
  });

  it('while the head of its lane is settled becomes the head in its turn', async () => {
    const db = await open();
    const inserted = Promise.withResolvers<void>();
    const committing = Promise.withResolvers<void>();
    let gated = false;
    const behind: Listener = {
      async recorded(tx) {
        if (!gated) return;
        await tx.all('select 1 as ahead');
        await tx.all('select 1 as behind');
        inserted.resolve();
        await committing.promise;
      },
    };
    const stage = await stageOn(db, { listeners: [behind], limits: { sweepMs: 1e8 } });
    const answering = Promise.withResolvers<void>();
    const receiver = await receiverOf(async (_, count) => {
      if (count === 1) await answering.promise;
      return 204;
    });
    await stage.subscribe(receiver.url);
    stage.engine.start();
    const { uuid } = await stage.hold();
    await stage.confirm(uuid);
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1), waiting);
    gated = true;
    const recorded = stage.note(uuid, 'by the window');
    await inserted.promise;
    answering.resolve();
    await Promise.race([
      waits(db, 'transactionid'),
      vi.waitFor(async () => expect(await stage.deliveries()).toMatchObject([{ state: 'delivered' }]), waiting),
    ]);
    committing.resolve();
    await recorded;
    await allIn(stage, 'delivered', 2);
  });
});
