import { expect, test } from 'vitest';
import { type MailProvider, mailboxProvider, type SendOutcome } from '../../src/email/index.ts';
import type { Db } from '../../src/platform/db/index.ts';
import { onEachEngine } from '../support/databases.ts';
import { booking } from './bookings.ts';
import { createDesk, type Desk, given, newId, profile } from './desk.ts';
import { accepted, confirmedOrder, provider } from './provider.ts';

onEachEngine('several at once', (open) => {
  test('while a provider is slow with one e-mail, others leave, also those that become due meanwhile', async () => {
    const { promise: answered, resolve: answer } = Promise.withResolvers<SendOutcome>();
    const taken = Promise.withResolvers<void>();
    const sender = provider(
      () => answered,
      async () => accepted,
      async () => {
        taken.resolve();
        return accepted;
      },
    );
    const desk = await createDesk(await open(), { provider: sender, profile: { settlingMs: 0 }, atOnce: 2 });
    const [slow, ...others] = [1, 2, 3].map((n) => ({
      uuid: `0b0b0b0b-0000-4000-8000-00000000000${n}`,
      orderId: `order-${n}`,
      status: 'CONFIRMED' as const,
    }));
    await desk.happens(booking(slow));
    const run = desk.work();
    for (const changes of others) await desk.happens(booking(changes));
    await taken.promise;
    expect((await desk.messages()).filter(({ orderId }) => orderId === 'order-1')).toMatchObject([
      { state: 'sending' },
    ]);
    answer(accepted);
    await run;
    expect((await desk.messages()).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent']);
  });

  test('a supplier whose provider is slow delays no other’s e-mails', async () => {
    const { promise: answered, resolve: answer } = Promise.withResolvers<SendOutcome>();
    const ours: string[] = [];
    const allOthers = Promise.withResolvers<void>();
    const sender: MailProvider = {
      ...provider(accepted),
      async send({ supplierId, to }) {
        if (supplierId !== 'harbour') return answered;
        ours.push(to);
        if (ours.length === 3) allOthers.resolve();
        return accepted;
      },
    };
    const desk = await createDesk(await open(), {
      provider: sender,
      profile: { settlingMs: 0 },
      atOnce: 8,
      ofOneSupplier: 2,
    });
    const orders = Array.from({ length: 23 }, (_, n) => ({
      uuid: `0b0b0b0b-0000-4000-8000-0000000000${n + 10}`,
      orderId: `order-${n + 10}`,
      status: 'CONFIRMED' as const,
    }));
    for (const changes of orders) await desk.happens(booking(changes));
    await becomesAnothers(
      desk.db,
      orders.slice(0, 20).map(({ orderId }) => orderId),
    );
    const run = desk.work();
    await allOthers.promise;
    answer(accepted);
    await run;
    expect(ours).toHaveLength(3);
  });

  test('once it is to stop, the worker finishes what is in hand and begins nothing more', async () => {
    const stop = new AbortController();
    const sender = provider(async () => {
      stop.abort();
      return accepted;
    });
    const desk = await createDesk(await open(), { provider: sender, profile: { settlingMs: 0 }, atOnce: 1 });
    for (const n of [1, 2]) {
      const changes = { uuid: `0b0b0b0b-0000-4000-8000-00000000000${n}`, orderId: `order-${n}` };
      await desk.happens(booking({ ...changes, status: 'CONFIRMED' }));
    }
    await desk.work(stop.signal);
    expect((await desk.messages()).map(({ state }) => state).sort()).toEqual(['sent', 'settling']);
  });

  test('two workers send each of forty messages once', async () => {
    const db = await open();
    const sender = provider(accepted);
    const one = await createDesk(db, { provider: sender });
    const two = await createDesk(db, { provider: sender, second: true });
    const orders = Array.from({ length: 40 }, (_, n) => ({
      uuid: `0b0b0b0b-0000-4000-8000-${String(n).padStart(12, '0')}`,
      orderId: `order-${n}`,
    }));
    await given(one, ...orders.map((changes) => booking(changes)));
    for (const changes of orders) await one.happens(booking({ ...changes, status: 'CONFIRMED' }));
    two.clock.now = one.clock.now += profile.settlingMs;
    await Promise.all([one.run(), two.run()]);
    await one.run();
    expect(sender.mails).toHaveLength(40);
    expect(new Set(sender.mails.map(({ messageId }) => messageId)).size).toBe(40);
    expect((await one.messages()).every(({ state }) => state === 'sent')).toBe(true);
  });

  test('bookings of one order that are confirmed by many callers at once open one message', async () => {
    const desk = await createDesk(await open());
    const uuids = Array.from({ length: 12 }, (_, n) => `0b0b0b0b-0000-4000-8000-${String(n).padStart(12, '0')}`);
    await given(desk, ...uuids.map((uuid) => booking({ uuid })));
    await Promise.all(uuids.map((uuid) => desk.happens(booking({ uuid, status: 'CONFIRMED' }))));
    expect(await desk.messages()).toHaveLength(1);
    await desk.settle();
    const [mail, ...more] = await desk.mails();
    expect(more).toEqual([]);
    for (const uuid of uuids) expect(mail?.text).toContain(`V-${uuid.slice(-4)}`);
  });
});

onEachEngine('a worker that is overtaken because it was too slow', (open) => {
  /** Lets another worker have its turn between the hand-over and its outcome, when the lease has ended. */
  async function overtaken(providerOn: (db: Db) => MailProvider): Promise<Desk> {
    const db = await open();
    const taken = providerOn(db);
    const place: { other?: Desk } = {};
    const slow: MailProvider = {
      ...taken,
      async send(mail) {
        const outcome = await taken.send(mail);
        while (await isHeld()) await place.other?.run();
        return outcome;
      },
    };
    const isHeld = async () => (await db.all(`select id from messages where state = 'sending'`)).length > 0;
    const desk = await createDesk(db, { provider: slow, leaseMs: 50 });
    place.other = await createDesk(db, { provider: taken, second: true, clock: desk.clock });
    await confirmedOrder(desk);
    return desk;
  }

  test('sends once: what arrived in the mailbox is found there', async () => {
    const desk = await overtaken((db) => mailboxProvider({ db, now: Date.now, newId }));
    expect(await desk.mails()).toHaveLength(1);
    expect(await desk.messages()).toMatchObject([{ state: 'sent' }]);
  });

  test('sends once: without records it stays unknown', async () => {
    const sender = provider(accepted);
    const desk = await overtaken(() => sender);
    expect(sender.mails).toHaveLength(1);
    expect(await desk.messages()).toMatchObject([{ state: 'unknown' }]);
    expect(desk.finished).toEqual([]);
  });
});

/** Gives what is of these orders to a second supplier, which is like the first. */
async function becomesAnothers(db: Db, orderIds: readonly string[]): Promise<void> {
  await db.run(
    `insert into suppliers (id, document, language, languages, time_zone, hold_seconds, settling_ms, created_at)
     select 'slow', document, language, languages, time_zone, hold_seconds, settling_ms, created_at from suppliers`,
  );
  for (const id of orderIds) {
    await db.run(`update messages set supplier_id = 'slow' where order_id = $1`, [id]);
  }
}
